/** What `boba doctor` says. */
import { count, countFixable, type Finding, type Fix } from "../core/finding.ts";
import { counted } from "../core/money.ts";
import { safeJson } from "../core/text.ts";
import { paintFor, type Screen } from "./paint.ts";
import { plainLine } from "./usd.ts";
import { wrap } from "./wrap.ts";

const MAX_LETTERS = 500;
const INDENT = 20;
/** Narrower than this a command cannot be read, let alone copied. */
const LEAST_WIDTH = 30;

/**
 * One line a finding; what is wrong also says why it matters and what to type. `verbose` adds details. What `--fix` did (null: it was not asked)
 * comes first.
 */
export function doctorText(findings: readonly Finding[], fixes: readonly Fix[] | null, verbose: boolean, screen: Screen): string {
  const paint = paintFor(screen);
  const entry = (word: string, check: string, text: string) =>
    sentence(text, screen).map((line, at) => (at === 0 ? `${word}  ${check.padEnd(11)}  ${line}` : below(line)));
  const lines: string[] = [];
  for (const { check, what, mended, told } of fixes ?? []) {
    lines.push(
      ...entry(paint.bold(mended ? "fixed" : "left "), check, what),
      ...sentence(told, screen).map((line) => paint.dim(below(line))),
    );
  }
  if (lines.length > 0) lines.push("");
  for (const { level, check, what, why, mend, fix, details } of findings) {
    const word = level.padEnd(5);
    lines.push(...entry(level === "ok" ? paint.dim(word) : paint.bold(word), check, what));
    if (why !== null) lines.push(...sentence(why, screen).map(below));
    // In one piece, however long: it is there to be copied.
    if (mend !== null) lines.push(below(`${paint.accent("->")} ${plainLine(mend, MAX_LETTERS)}`));
    if (fix !== null) lines.push(...sentence(`or: boba doctor --fix, which ${fix}`, screen).map((line) => below(`   ${line}`)));
    if (verbose) for (const detail of details) lines.push(below(`. ${plainLine(detail, MAX_LETTERS)}`));
  }
  lines.push(closing(findings));
  return lines.join("\n");
}

const below = (text: string): string => `${" ".repeat(INDENT)}${text}`;

const sentence = (text: string, { columns }: Screen): string[] =>
  wrap(plainLine(text, MAX_LETTERS), Math.max(columns - INDENT, LEAST_WIDTH), "");

function closing(findings: readonly Finding[]): string {
  const [errors, warnings, fixable] = [count(findings, "error"), count(findings, "warn"), countFixable(findings)];
  if (errors + warnings === 0) return "all is well";
  const sum = `${counted(errors, "error")}, ${counted(warnings, "warning")}`;
  return fixable === 0 ? sum : `${sum}; boba doctor --fix does something about ${fixable} of them`;
}

/** `boba.doctor/1`. `fixes` is null when `--fix` was not asked. */
export function doctorJson(findings: readonly Finding[], fixes: readonly Fix[] | null): string {
  return safeJson({
    schema: "boba.doctor/1",
    errors: count(findings, "error"),
    warnings: count(findings, "warn"),
    findings: findings.map(({ level, check, what, why, mend, fix, details }) => ({ level, check, what, why, mend, fix, details })),
    fixes,
  });
}
