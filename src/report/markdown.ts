/** A report as a Markdown table, for pull requests and wikis. */
import type { Footnotes } from "../core/footnotes.ts";
import type { Clock, Range } from "../core/range.ts";
import type { Summary } from "../core/summary.ts";
import { printable } from "../core/text.ts";
import { summaryColumns } from "./columns.ts";
import { footerLines, summaryLines } from "./footer.ts";
import { rangeText } from "./range-text.ts";

/** Heading, table with a bold total, footer. */
export function reportMarkdown(report: { range: Range; summary: Summary; footnotes: Footnotes }, clock: Pick<Clock, "offsetMs">): string {
  const { summary } = report;
  const columns = summaryColumns(summary, escapeMarkdown);
  const line = (texts: readonly string[]) => `| ${texts.join(" | ")} |`;
  const rows = summary.rows.map((_, row) => line(columns.map((column) => column.cells[row] ?? "")));
  const table = [
    line(columns.map((column) => column.title)),
    line(columns.map((column) => (column.align === "right" ? "---:" : ":---"))),
    ...rows,
    line(columns.map((column) => (column.foot ? `**${column.foot}**` : ""))),
  ];
  const footer = [...summaryLines(summary, escapeMarkdown), ...footerLines(report.footnotes, escapeMarkdown)].flatMap((text) => [text, ""]);
  return [`### Cost by ${summary.by}, ${rangeText(report.range, clock)}`, "", ...table, "", ...footer].join("\n").trimEnd();
}

/** Text of others as itself: no table cell ends, no markup, no HTML, no mention, no link begins. */
export function escapeMarkdown(text: string): string {
  return printable(text)
    .replace(/[\\`*_[\]()#~!|]/g, "\\$&")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll("@", "&#64;")
    .replaceAll("://", "&#58;//")
    .replace(/www\./gi, (start) => `${start.slice(0, -1)}&#46;`);
}
