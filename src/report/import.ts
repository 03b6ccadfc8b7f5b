/** An import's summary as text and as JSON. */
import type { ImportSummary } from "../core/import-summary.ts";
import { counted, groupDigits } from "../core/money.ts";
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
    `${counted(summary.newRecords, "new record")}, ${groupDigits(summary.grownRecords)} updated`,
    `${counted(summary.files, "file")} found, ${groupDigits(summary.filesRead)} read (${(summary.bytesRead / 1e6).toFixed(1)} MB)`,
  ];
  if (summary.skipped.length > 0) {
    lines.push(`skipped in this run: ${groupDigits(summary.skippedLines)} lines, ${groupDigits(summary.skippedFiles)} files`);
    for (const { path, line, reason } of summary.skipped) lines.push(`  ${plain(path)}${line > 0 ? `:${line}` : ""}  ${plain(reason)}`);
  }
  if (summary.unpricedModels.length > 0) {
    lines.push("models without a known price (add them to pricing.yaml):");
    for (const { model, records } of summary.unpricedModels) lines.push(`  ${plain(model)}  ${groupDigits(records)} records`);
  }
  for (const { source, message } of summary.errors) lines.push(`${source} could not be collected: ${plain(message)}`);
  return lines.join("\n");
}

/** Paths and model names come from outside: a terminal must not obey them. */
function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, "?").slice(0, 500);
}
