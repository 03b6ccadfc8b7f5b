/** What `boba doctor` says. */
import { count, type Finding } from "../core/finding.ts";
import { plainLine } from "./usd.ts";

const MAX_LETTERS = 500;

/** One line a finding; what is wrong also says why it matters and what to type. `verbose` adds details. */
export function doctorText(findings: readonly Finding[], verbose: boolean): string {
  const lines: string[] = [];
  for (const { level, check, what, why, mend, details } of findings) {
    lines.push(`${level.padEnd(5)}  ${check.padEnd(11)}  ${plainLine(what, MAX_LETTERS)}`);
    if (why !== null) lines.push(`${INDENT}${plainLine(why, MAX_LETTERS)}`);
    if (mend !== null) lines.push(`${INDENT}-> ${plainLine(mend, MAX_LETTERS)}`);
    if (verbose) for (const detail of details) lines.push(`${INDENT}. ${plainLine(detail, MAX_LETTERS)}`);
  }
  const errors = count(findings, "error");
  const warnings = count(findings, "warn");
  lines.push(
    errors + warnings === 0
      ? "all is well"
      : `${errors} ${errors === 1 ? "error" : "errors"}, ${warnings} ${warnings === 1 ? "warning" : "warnings"}`,
  );
  return lines.join("\n");
}

const INDENT = " ".repeat(20);

export function doctorJson(findings: readonly Finding[]): string {
  return JSON.stringify({
    schema: "boba.doctor/1",
    errors: count(findings, "error"),
    warnings: count(findings, "warn"),
    findings: findings.map(({ level, check, what, why, mend, details }) => ({ level, check, what, why, mend, details })),
  });
}
