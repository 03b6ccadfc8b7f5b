/** What the hooks commands say, in lines for a terminal. */
import { type EventCoverage, type HooksStatus, type InstallReport, OBSTACLES, type Obstacle, type UninstallReport } from "../core/hooks.ts";

/** The lines of `boba hooks install`: what was done, what relies on the sweep, what to do next. */
export function installText(report: InstallReport): string {
  if (report.skipped === "ci") return "nothing done: CI is set, and a CI job reads notes, it needs no hooks (install anyway: --force)\n";
  if (report.skipped === "bare") return "nothing done: a bare repository has no agents at work (install anyway: --force)\n";
  const where = report.scope === "global" ? "for all repositories" : `in ${report.root ?? ""}`;
  const lines = [report.written.length === 0 ? `already installed ${where}` : `installed ${where}`];
  lines.push(`  mode       ${report.mode}`);
  lines.push(`  git 2.54+  ${includeLine(report)}`);
  const blocks = report.events.filter((event) => event.block);
  if (blocks.length > 0) lines.push(`  older git  a marked block in ${blocks.map((event) => event.event).join(", ")}`);
  if (report.share) lines.push("  share      after a push, this clone's notes go to the same remote");
  if (report.clone !== null) lines.push(`  clone id   ${report.clone}`);
  lines.push(...sweepLines(report.events));
  if (report.snippets.length > 0) {
    lines.push("  to be told at once there too, add:");
    for (const { file, line } of report.snippets) lines.push(`    ${file}: ${line}`);
  }
  lines.push("next: make a commit, then run: boba");
  return `${lines.join("\n")}\n`;
}

/** One line about history that is not booked yet. */
export function offerText(offer: { pending: number; unreadFiles: number }): string {
  const { pending, unreadFiles } = offer;
  const parts = [
    ...(pending > 0 ? [`${pending} ${pending === 1 ? "record waits" : "records wait"} for a commit`] : []),
    ...(unreadFiles > 0 ? [`${unreadFiles} log ${unreadFiles === 1 ? "file is" : "files are"} not read yet`] : []),
  ];
  return `history: ${parts.join(", ")}; to book it, run: boba backfill`;
}

/** What goes to stderr: only where the user has to act. */
export function installWarning(report: InstallReport): string | null {
  if (report.skipped !== null || report.include.state !== "read-only") return null;
  return `boba: ${report.include.file} cannot be written; add these two lines to it:\n${report.include.lines.join("\n")}\n`;
}

function includeLine(report: InstallReport): string {
  const { state, file } = report.include;
  if (state === "added" || state === "present") return `an include in ${file}`;
  if (state === "read-only") return `not set up: ${file} is read-only`;
  return "no include: other accounts use this repository, and git would fail for them";
}

/** The events that no older git reports at once, by reason. */
function sweepLines(events: readonly EventCoverage[]): string[] {
  const byReason = new Map<Obstacle, string[]>();
  for (const { event, obstacle } of events) {
    if (obstacle !== null) byReason.set(obstacle, [...(byReason.get(obstacle) ?? []), event]);
  }
  return [...byReason].map(([reason, names]) => `  sweep      ${names.join(", ")}: ${OBSTACLES[reason]}; found when boba runs next`);
}

/** The lines of `boba hooks uninstall`. */
export function uninstallText(report: UninstallReport): string {
  const lines = report.restored.map(({ path, removed }) => `${removed ? "removed " : "restored"}  ${path}`);
  lines.push(...report.purged.map((name) => `purged    ${name}`));
  return `${lines.length === 0 ? "nothing of boba was installed here" : lines.join("\n")}\n`;
}

/** What `boba hooks status` prints. */
export function statusText(status: HooksStatus): string {
  const lines = [status.root ?? "not inside a repository", `  mode             ${status.mode}`];
  if (status.share) lines.push("  share            after a push, this clone's notes go to the same remote");
  const include = [...(status.include.repository ? ["this repository"] : []), ...(status.include.global ? ["global"] : [])];
  lines.push(`  include          ${include.length === 0 ? "none" : include.join(", ")} (read by git 2.54 and later)`);
  if (status.hooksPath !== null) {
    const { dir, value, scope, origin } = status.hooksPath;
    lines.push(`  hooks folder     ${dir ?? "none"}${value === null ? "" : ` (core.hooksPath, ${scope ?? ""} ${origin ?? ""})`}`);
  }
  for (const { event, include: included, block, obstacle } of status.events) {
    const how = [...(included ? ["include"] : []), ...(block ? ["block"] : [])].join(" + ") || "none";
    lines.push(`  ${event.padEnd(16)} ${how}${obstacle === null ? "" : `; older git: sweep, ${OBSTACLES[obstacle]}`}`);
  }
  if (status.managers.length > 0) lines.push(`  managers         ${status.managers.join(", ")}`);
  if (status.lfs) lines.push("  git-lfs          in use");
  for (const path of status.moved) lines.push(`  moved            ${path} holds boba's lines: a manager renamed the hook`);
  for (const git of status.gits)
    lines.push(`  git              ${git.version ?? "does not answer"} ${git.path}${git.configHooks ? "" : " (needs blocks)"}`);
  for (const warning of status.warnings) lines.push(`  warning          ${warning}`);
  return `${lines.join("\n")}\n`;
}
