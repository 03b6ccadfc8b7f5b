/** A report as CSV: RFC 4180, one header line, one line per row, no total (a sheet adds up by itself). */
import { type Row, SPLIT_HOMES, type Summary } from "../core/summary.ts";
import { printable } from "../core/text.ts";
import { reasonText } from "./footer.ts";
import { countFields } from "./json.ts";

const LABELS = ["repo", "branch", "subject", "author"] as const satisfies readonly (keyof Row)[];

/** Columns depend on the grouping alone (and on `--why` and `--shared`), so a script can rely on them. */
export function reportCsv(summary: Summary): string {
  const labels = labelsOf(summary);
  const counters = Object.keys(countFields(summary.totals));
  const split = SPLIT_HOMES.filter((home) => summary.split?.[home] !== undefined).flatMap((home) => [
    `${home}_cost_nano_usd`,
    `${home}_requests`,
  ]);
  const explained = summary.rows.some((row) => row.why !== undefined);
  const header = [summary.by, ...labels, "bucket", ...counters, ...split, ...(explained ? ["why"] : [])];
  const lines = summary.rows.map((row) => [...cells(row, labels), ...(explained ? [reasonText(row.why ?? [])] : [])]);
  return [header, ...lines].map((line) => `${line.map(csvCell).join(",")}\r\n`).join("");
}

/** One value, quoted where RFC 4180 wants it. Text that a spreadsheet would run as a formula is made text with an apostrophe (OWASP, CSV injection). */
export function csvCell(value: string | number | null): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const harmless = /^\s*[=+\-@]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

function labelsOf(summary: Summary): readonly (typeof LABELS)[number][] {
  if (summary.by === "branch") return ["repo"];
  return summary.by === "commit" ? ["repo", "branch", "subject", "author"] : [];
}

function cells(row: Row, labels: readonly (typeof LABELS)[number][]): (string | number | null)[] {
  const text = (value: string | null | undefined) => (value === null || value === undefined ? null : printable(value));
  const parts = SPLIT_HOMES.flatMap((home) => row.split?.[home] ?? []);
  const homes = parts.flatMap(({ costNanoUsd, requests }) => [costNanoUsd, requests]);
  return [text(row.key), ...labels.map((label) => text(row[label])), row.bucket ?? null, ...numeric(row), ...homes];
}

/** Numbers stay numbers, the exact cost too. */
function numeric(row: Row): (number | null)[] {
  return Object.values(countFields(row.counts)).map((value) => (value === null ? null : Number(value)));
}
