/** An import's summary as text and as JSON. */
import type { ImportSummary } from "../core/import-summary.ts";
import { safeJson } from "../core/text.ts";

/** One object; counters as in the summary. */
export function importJson(summary: ImportSummary): string {
  return safeJson(
    {
      schema: "boba.import/1",
      new_records: summary.newRecords,
      updated_records: summary.grownRecords,
      files: summary.files,
      files_read: summary.filesRead,
      bytes_read: summary.bytesRead,
      skipped_lines: summary.skippedLines,
      skipped_files: summary.skippedFiles,
      skipped: summary.skipped,
      unpriced_models: summary.unpricedModels,
      errors: summary.errors,
    },
    0,
  );
}

export function importText(summary: ImportSummary): string {
  const lines = [
    `${count(summary.newRecords, "new record")}, ${number(summary.grownRecords)} updated`,
    `${count(summary.files, "file")} found, ${number(summary.filesRead)} read (${(summary.bytesRead / 1e6).toFixed(1)} MB)`,
  ];
  if (summary.skipped.length > 0) {
    lines.push(`skipped in this run: ${number(summary.skippedLines)} lines, ${number(summary.skippedFiles)} files`);
    for (const { path, line, reason } of summary.skipped) lines.push(`  ${plain(path)}${line > 0 ? `:${line}` : ""}  ${plain(reason)}`);
  }
  if (summary.unpricedModels.length > 0) {
    lines.push("models without a known price (add them to pricing.yaml):");
    for (const { model, records } of summary.unpricedModels) lines.push(`  ${plain(model)}  ${number(records)} records`);
  }
  for (const { source, message } of summary.errors) lines.push(`${source} could not be collected: ${plain(message)}`);
  return lines.join("\n");
}

const count = (value: number, what: string): string => `${number(value)} ${what}${value === 1 ? "" : "s"}`;

/** `12,345`; by hand, because the first use of a locale costs more than the whole command. */
function number(value: number): string {
  return String(value).replace(/\B(?=(?:\d{3})+$)/g, ",");
}

/** Paths and model names come from outside: a terminal must not obey them. */
function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, "?").slice(0, 500);
}
