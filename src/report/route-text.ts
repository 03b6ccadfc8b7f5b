/** Rules and decisions for people. */
import { counted } from "../core/money.ts";
import type { Decision, RuleTrace } from "../core/routing/decide.ts";
import type { RouteRule } from "../core/routing/rule.ts";
import type { Problem } from "../core/routing/validate.ts";
import { printable } from "../core/text.ts";
import { type Column, layoutTable } from "./layout.ts";
import { paintFor, type Screen } from "./paint.ts";
import { wrap } from "./wrap.ts";

/** Who serves, why, and with `explain` what each rule said. */
export function routeText(decision: Decision, screen: Screen, explain: boolean): string {
  const paint = paintFor(screen);
  const { profile, rule, reason, fallback, explore } = decision;
  const lines = [
    `profile   ${profile === null ? "none" : paint.accent(printable(profile))}${explore ? "  (exploring)" : ""}`,
    `rule      ${rule === null ? "none" : printable(rule)}`,
    `because   ${printable(reason)}`,
    ...(fallback.length === 0 ? [] : [`fallback  ${fallback.map(printable).join(", ")}`]),
  ];
  if (!explain) return lines.join("\n");
  const asked = decision.trace.flatMap((entry) => traceLines(entry, screen));
  return [...lines, "", ...(asked.length === 0 ? ["There are no rules."] : asked)].join("\n");
}

function traceLines({ rule, matched, why }: RuleTrace, screen: Screen): string[] {
  const paint = paintFor(screen);
  const head = `${matched ? "holds     " : "does not  "}${printable(rule)}`;
  return [
    matched ? paint.bold(head) : head,
    ...why.flatMap((line) => wrap(printable(line), screen.columns - 4).map((part) => `    ${part}`)),
  ];
}

/** One line a rule, in the order in which they are tried. */
export function routesText(list: { rules: readonly RouteRule[]; active: string | null; routesFile: string }, screen: Screen): string {
  const { rules, active } = list;
  const last = `Where none holds: ${active === null ? "no profile is in use (boba use <profile>)" : printable(active)}`;
  if (rules.length === 0) return [`There are no rules. Write some:  boba edit routes   (${printable(list.routesFile)})`, last].join("\n");
  const column = (title: string, drop: number, cell: (rule: RouteRule) => string, least?: number): Column => ({
    title,
    align: "left",
    drop,
    cells: rules.map((rule) => printable(cell(rule))),
    ...(least === undefined ? {} : { least }),
  });
  const columns = [
    column("rule", 0, ({ id }) => id, 12),
    column("of", 2, ({ origin }) => (origin === "project" ? "project" : "you")),
    column("when", 0, (rule) => rule.if, 16),
    column("use", 0, ({ use }) => use, 8),
    column("fallback", 1, ({ fallback }) => fallback.join(", "), 8),
  ];
  return [...layoutTable(columns, screen.columns, paintFor(screen)), "", last].join("\n");
}

/** Each problem with its place and what to do, then what that makes. */
export function routeCheckText({ problems, rules }: { problems: readonly Problem[]; rules: number }, screen: Screen): string {
  const paint = paintFor(screen);
  const lines = problems.flatMap(({ severity, rule, at, column, message, hint }) => {
    const place = `${at.file}:${at.line}:${at.column}`;
    const where = column === null ? "" : `, column ${column} of its condition`;
    return [
      paint.bold(`${severity}: ${printable(place)}: rule ${printable(rule)}${where}`),
      `  ${printable(message)}`,
      `  ${printable(hint)}`,
    ];
  });
  const errors = problems.filter(({ severity }) => severity === "error").length;
  const sum = `${counted(rules, "rule")}: ${counted(errors, "error")}, ${counted(problems.length - errors, "warning")}`;
  return [...lines, ...(lines.length === 0 ? [] : [""]), sum].join("\n");
}
