/** `boba stats` for people: the figures, then the groups, then what else was asked for (which may have the groups in it). */
import { formatCost, formatTokens, groupDigits } from "../core/money.ts";
import type { Footnotes } from "../core/footnotes.ts";
import type { Clock, Range } from "../core/range.ts";
import { type Counts, type Summary, totalTokens } from "../core/summary.ts";
import { pad } from "../core/text.ts";
import { paintFor, type Screen } from "./paint.ts";
import { rangeText } from "./range-text.ts";
import { footer, summaryTable } from "./table.ts";
import { wrap } from "./wrap.ts";

const LABEL = 10;

export function statsText(
  stats: { range: Range; totals: Counts; sessions: number; groups: Summary | null; footnotes: Footnotes },
  screen: Screen,
  clock: Pick<Clock, "offsetMs">,
  extras: { lines: readonly string[]; isGrouped: boolean } = { lines: [], isGrouped: false },
): string {
  const paint = paintFor(screen);
  const { totals } = stats;
  const parts = [
    `${formatTokens(totals.inputTokens)} input`,
    `${formatTokens(totals.outputTokens)} output`,
    `${formatTokens(totals.cacheReadTokens)} cache read`,
    `${formatTokens(totals.cacheWriteTokens)} cache write`,
  ];
  const label = (name: string) => `  ${pad(name, LABEL, "left")}`;
  const split = wrap(`(${parts.join(", ")})`, Math.max(20, screen.columns - LABEL - 2), "");
  const lines = [
    paint.accent(`Usage, ${rangeText(stats.range, clock)}`),
    "",
    `${label("cost")}${paint.bold(formatCost(totals))}`,
    `${label("requests")}${groupDigits(totals.requests)}`,
    `${label("tokens")}${formatTokens(totalTokens(totals))}`,
    ...(totals.requests === 0 ? [] : split.map((line) => `${label("")}${paint.dim(line)}`)),
    `${label("sessions")}${groupDigits(stats.sessions)}`,
    "",
  ];
  if (stats.groups !== null && !extras.isGrouped) lines.push(...summaryTable(stats.groups, screen), "");
  lines.push(...extras.lines);
  return [...lines, ...footer(stats.footnotes, screen, stats.groups)].join("\n");
}
