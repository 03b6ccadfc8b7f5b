/** What `boba init` says. */
import type { SetupReport } from "../core/setup.ts";

export function initText(report: SetupReport): string {
  const lines = [report.made.length === 0 ? `everything is in place in ${report.home}` : `made in ${report.home}`];
  for (const name of report.made) lines.push(`  ${name}`);
  if (report.made.length > 0 && report.kept.length > 0) lines.push(`left as they were: ${report.kept.join(", ")}`);
  lines.push("next: boba hooks install, in a repository; then work and commit as ever");
  return lines.join("\n");
}

export function initJson(report: SetupReport): string {
  return JSON.stringify({ schema: "boba.init/1", home: report.home, made: report.made, kept: report.kept });
}
