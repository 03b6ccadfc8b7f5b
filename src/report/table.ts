/** A report as a table for a terminal. */
import type { Footnotes } from "../core/footnotes.ts";
import type { Clock, Range } from "../core/range.ts";
import type { Summary } from "../core/summary.ts";
import { printable } from "../core/text.ts";
import { summaryColumns, tableDecimals } from "./columns.ts";
import { footerLines, summaryLines } from "./footer.ts";
import { layoutTable } from "./layout.ts";
import { paintFor, type Screen } from "./paint.ts";
import { rangeText } from "./range-text.ts";
import { wrap } from "./wrap.ts";

/** Title, table, footer. */
export function reportTable(
  report: { range: Range; summary: Summary; footnotes: Footnotes },
  screen: Screen,
  clock: Pick<Clock, "offsetMs">,
): string {
  const paint = paintFor(screen);
  const title = `Cost by ${report.summary.by}, ${rangeText(report.range, clock)}`;
  return [paint.accent(title), "", ...summaryTable(report.summary, screen), "", ...footer(report.footnotes, screen, report.summary)].join(
    "\n",
  );
}

/** The table alone, or a line that says that there is nothing. */
export function summaryTable(summary: Summary, screen: Screen): string[] {
  if (summary.rows.length === 0) return ["Nothing recorded."];
  const lines = layoutTable(summaryColumns(summary, printable), screen.columns, paintFor(screen));
  const rounded = tableDecimals(summary) === 2 && !addsUpInCents(summary);
  return rounded ? [...lines, paintFor(screen).dim("Rows are rounded to the cent; the total is exact.")] : lines;
}

/** Footer lines, wrapped. */
export function footer(footnotes: Footnotes, screen: Screen, summary: Summary | null = null): string[] {
  const paint = paintFor(screen);
  const lines = [...(summary === null ? [] : summaryLines(summary, printable)), ...footerLines(footnotes, printable)];
  return lines.flatMap((line) => wrap(line, screen.columns).map((text) => paint.dim(text)));
}

function addsUpInCents(summary: Summary): boolean {
  const cents = (costNanoUsd: number) => Math.floor(costNanoUsd / 10_000_000 + 0.5);
  return summary.rows.reduce((sum, row) => sum + cents(row.counts.costNanoUsd), 0) === cents(summary.totals.costNanoUsd);
}
