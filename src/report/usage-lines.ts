/** Records in the open format that `boba import --file` reads, and as CSV; docs/usage-format.md describes both. */
import { EMPTY_RECORD, type ExportedRecord } from "../core/export.ts";
import { toUsd } from "../core/money.ts";
import { printable, safeJson } from "../core/text.ts";
import { csvCell } from "./csv.ts";

/** The fields in the order of the documentation. The id starts with `boba:`, so that a record that comes back is known. */
function usageFields(record: ExportedRecord) {
  return {
    id: `boba:${record.id}`,
    tool: record.tool,
    provider: record.provider,
    model: record.model,
    session: record.sessionId,
    time: new Date(record.atMs).toISOString(),
    input_tokens: record.input,
    output_tokens: record.output,
    reasoning_tokens: record.reasoning,
    cache_read_tokens: record.cacheRead,
    cache_write_5m_tokens: record.cacheWrite5m,
    cache_write_1h_tokens: record.cacheWrite1h,
    web_searches: record.webSearches,
    fast: record.fast,
    cwd: record.folder,
    branch: record.branch,
    commit: record.commit,
    reported_usd: record.reportedNanoUsd === null ? null : toUsd(record.reportedNanoUsd),
    list_usd: record.costNanoUsd === null ? null : toUsd(record.costNanoUsd),
    list_nano_usd: record.costNanoUsd === null ? null : String(record.costNanoUsd),
    price_source: record.priceSource,
    estimate: record.estimateLevel,
    project: record.project,
    repo: record.repo,
  };
}

/** One line each. */
export function* usageJsonLines(records: Iterable<ExportedRecord>): Generator<string> {
  for (const record of records) yield `${safeJson(usageFields(record), 0)}\n`;
}

/** RFC 4180 with a header line, the same fields. */
export function* usageCsv(records: Iterable<ExportedRecord>): Generator<string> {
  let headed = false;
  for (const record of records) {
    const row = usageFields(record);
    if (!headed) yield `${Object.keys(row).join(",")}\r\n`;
    headed = true;
    yield `${Object.values(row).map(cell).join(",")}\r\n`;
  }
  if (!headed) yield `${Object.keys(usageFields(EMPTY_RECORD)).join(",")}\r\n`;
}

function cell(value: string | number | boolean | null): string {
  if (typeof value === "string") return csvCell(printable(value));
  return typeof value === "boolean" ? String(value) : csvCell(value);
}
