/** What `boba stats` tells people only when asked: a comparison, a trend, latencies, a projection, how sure the prices are. */
import { changePercent, type Comparison } from "../core/compare.ts";
import { counted, decimalsFor, formatCost, formatShare, formatUsd, groupDigits } from "../core/money.ts";
import { LEAST_DAYS, type Projection } from "../core/projection.ts";
import type { Clock } from "../core/range.ts";
import { ESTIMATES, type Latency, type StatsExtras } from "../core/stats-extras.ts";
import type { Counts, Summary } from "../core/summary.ts";
import { printable } from "../core/text.ts";
import type { Trend } from "../core/trend.ts";
import { layoutTable } from "./layout.ts";
import { localTime } from "./local-time.ts";
import { rowName, shortRepoNames } from "./names.ts";
import { paintFor, type Screen } from "./paint.ts";
import { rangeText } from "./range-text.ts";
import { sparkline } from "./sparkline.ts";
import { wrap } from "./wrap.ts";

type Zone = Pick<Clock, "offsetMs">;

/** Paragraphs, each followed by an empty line; the comparison's table stands for that of the groups. */
export function extrasText(
  { comparison, trend, latency, projection }: StatsExtras,
  { totals, groups }: { totals: Counts; groups: Summary | null },
  screen: Screen,
  clock: Zone,
): string[] {
  const parts = [
    comparison === null ? [] : comparisonLines(comparison, totals, groups, screen, clock),
    trend === null ? [] : trendLines(trend, screen),
    latency === null ? [] : [latencyLine(latency)],
    projection === null ? [] : projectionLines(projection),
  ];
  return parts.filter((lines) => lines.length > 0).flatMap((lines) => [...lines.flatMap((line) => wrapped(line, screen)), ""]);
}

/** `priced: exact 91%, mapped 6%, heuristic 1%, unpriced 0% of requests (rounded down)`. */
export function coverageLine({ rows, totals }: Summary): string {
  const known = ESTIMATES.filter((key) => key !== "(pruned)" || rows.some((row) => row.key === key));
  const requests = (key: string) => rows.find((row) => row.key === key)?.counts.requests ?? 0;
  return `priced: ${known.map((key) => `${key} ${formatShare(requests(key), totals.requests)}`).join(", ")} of requests, rounded down`;
}

function comparisonLines(
  { before, totals: was, rows }: Comparison,
  totals: Counts,
  groups: Summary | null,
  screen: Screen,
  clock: Zone,
): string[] {
  const partly = before.passedToS === null ? "" : ` (only so much has passed: up to ${localTime(before.passedToS * 1000, clock)})`;
  const gap = totals.unpricedRequests + was.unpricedRequests > 0 ? ["Requests without a price are in neither cost."] : [];
  const lines = [
    `Before: ${rangeText(before.range, clock)}${partly}`,
    `  ${formatCost(was)} -> ${formatCost(totals)}: ${change(totals, was)}`,
  ];
  if (rows === null || groups === null) return [...lines, ...gap];
  const money = [
    { rows: rows.map(({ counts }) => counts.costNanoUsd), total: totals.costNanoUsd },
    { rows: rows.map(({ before: old }) => old.costNanoUsd), total: was.costNanoUsd },
  ];
  const decimals = decimalsFor(money);
  const short = shortRepoNames(rows.flatMap(({ repo }) => (repo === undefined ? [] : [repo])));
  const name = (row: (typeof rows)[number]) => printable(row.commit === undefined ? rowName(row) : row.commit.slice(0, 8));
  const inRepo = (row: (typeof rows)[number]) => printable(row.repo === undefined ? "" : (short.get(row.repo) ?? ""));
  const column = (title: string, cell: (now: Counts, old: Counts) => string, drop = 0) => ({
    title,
    align: "right" as const,
    drop,
    cells: rows.map((row) => cell(row.counts, row.before)),
    foot: cell(totals, was),
  });
  const cost = (counts: Counts) => (counts.requests === 0 ? "-" : formatCost(counts, decimals));
  const table = layoutTable(
    [
      { title: groups.by, align: "left", drop: 0, least: 12, cells: rows.map(name), foot: "total" },
      ...(short.size > 1 ? [{ title: "repo", align: "left" as const, drop: 0, least: 8, cells: rows.map(inRepo), foot: "" }] : []),
      column("requests", ({ requests }) => groupDigits(requests), 2),
      column("before", (_, { requests }) => groupDigits(requests), 2),
      column("cost", cost),
      column("before", (_, old) => cost(old)),
      column("change", (now, old) => signedUsd(now.costNanoUsd - old.costNanoUsd, decimals)),
      column("%", (now, old) => percent(now, old)),
    ],
    screen.columns,
    paintFor(screen),
  );
  return [...lines, "", ...table, ...gap];
}

const change = (now: Counts, old: Counts): string => `${signedUsd(now.costNanoUsd - old.costNanoUsd, 2)} (${percent(now, old)})`;

const signedUsd = (nanoUsd: number, decimals: number): string =>
  nanoUsd === 0 ? "0" : `${nanoUsd > 0 ? "+" : "-"}${formatUsd(Math.abs(nanoUsd), decimals)}`;

function percent(now: Counts, old: Counts): string {
  const value = changePercent(now, old);
  if (value === null) return now.costNanoUsd > 0 ? "new" : "-";
  return `${value > 0 ? "+" : ""}${(Math.round(value * 10) / 10).toFixed(1)}%`;
}

function trendLines({ step, periods }: Trend, screen: Screen): string[] {
  const [first, last] = [periods[0], periods.at(-1)];
  if (first === undefined || last === undefined) return ["Trend: nothing recorded."];
  const unit = step === "daily" ? "day" : "week";
  const known = ({ counts }: { counts: Counts }) =>
    counts.requests > 0 && counts.unpricedRequests >= counts.requests ? null : counts.costNanoUsd;
  const values = periods.map(known);
  const highest = periods.reduce((most, period) => (period.counts.costNanoUsd > most.counts.costNanoUsd ? period : most));
  const empty = periods.filter(({ counts }) => counts.requests === 0).length;
  const mean = periods.reduce((sum, { counts }) => sum + counts.costNanoUsd, 0) / periods.length;
  const width = Math.max(20, Math.min(screen.columns - 2, 100));
  const rows: string[] = [];
  for (let at = 0; at < values.length; at += width) rows.push(sparklineAt(values, at, width, screen));
  const floor = periods.some(({ counts }) => counts.unpricedRequests > 0) ? ">= " : "";
  const gaps = empty === 0 ? "" : `, ${counted(empty, unit)} without a record`;
  return [
    `Trend, ${step}: ${first.key} to ${last.key}${last.partial ? " (not over yet)" : ""}`,
    ...rows,
    `  highest ${formatCost(highest.counts)} (${highest.key}), mean ${floor}${formatUsd(Math.round(mean))} a ${unit}${gaps}`,
  ];
}

/** A slice of the row, drawn to the scale of all of it. */
function sparklineAt(values: readonly (number | null)[], at: number, width: number, screen: Screen): string {
  return `  ${paintFor(screen).accent([...sparkline(values, screen.unicode === true)].slice(at, at + width).join(""))}`;
}

function latencyLine({ known, requests, p50Ms, p90Ms, p99Ms }: Latency): string {
  if (p50Ms === null || p90Ms === null || p99Ms === null) return `Latency: not known of any of ${counted(requests, "request")}.`;
  const ms = (value: number) => `${groupDigits(value)} ms`;
  return `Latency: p50 ${ms(p50Ms)}, p90 ${ms(p90Ms)}, p99 ${ms(p99Ms)}; known of ${groupDigits(known)} of ${counted(requests, "request")} (${formatShare(known, requests)})`;
}

function projectionLines(projection: NonNullable<StatsExtras["projection"]>): string[] {
  const { month, daysOfData } = projection;
  if (projection.method === null)
    return [`Projection for ${month}: none, only ${counted(daysOfData, "whole day")} known; it takes ${LEAST_DAYS}.`];
  const { spentNanoUsd, costNanoUsd, lowNanoUsd, highNanoUsd, unpricedRequests } = projection;
  const floor = unpricedRequests > 0 ? " Too low: some requests have no price." : "";
  return [
    `Projection for ${month}: ${formatUsd(costNanoUsd)}, 80% between ${formatUsd(lowNanoUsd)} and ${formatUsd(highNanoUsd)}; ${formatUsd(spentNanoUsd)} so far`,
    `  ${methodText(projection)}${floor}`,
  ];
}

const methodText = ({ method, daysOfData, daysLeft }: Projection): string =>
  method === "weekday-means"
    ? `Each of the ${counted(daysLeft, "day")} after today costs what its weekday did on average in the last 28 days.`
    : `Each of the ${counted(daysLeft, "day")} after today costs what a day did on average in the last ${daysOfData}.`;

/** Tables and bars fit already; sentences are broken. */
function wrapped(line: string, screen: Screen): string[] {
  if (!/^(Before|Trend|Latency|Projection|Requests| {2}(Each|highest))/.test(line)) return [line];
  const indent = line.slice(0, line.length - line.trimStart().length);
  return wrap(line.trimStart(), screen.columns - indent.length).map((part) => indent + part);
}
