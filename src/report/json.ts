/** Reports as JSON objects; docs/json.md describes them field by field. */
import type { Footnotes } from "../core/footnotes.ts";
import { toUsd } from "../core/money.ts";
import type { Range } from "../core/range.ts";
import { type Counts, type EvidenceShares, type Row, type Split, type Summary, totalTokens } from "../core/summary.ts";
import { safeJson } from "../core/text.ts";

/** `boba.report/1`. */
export function reportJson(report: { range: Range; summary: Summary; footnotes: Footnotes }): string {
  const { summary, footnotes } = report;
  return safeJson({
    schema: "boba.report/1",
    by: summary.by,
    range: rangeFields(report.range),
    rows: summary.rows.map(rowFields),
    totals: { ...countFields(summary.totals), ...splitFields(summary.split) },
    ...extraFields(summary),
    unpriced_models: Object.fromEntries(footnotes.unpricedModels),
    skipped: footnotes.skipped,
  });
}

/** `boba.stats/1`. `total_cost_usd` is always a number: the known part, a floor when `unpriced_requests` is above 0. */
export function statsJson(
  stats: { range: Range; totals: Counts; sessions: number; groups: Summary | null; footnotes: Footnotes },
  extras: Readonly<Record<string, unknown>> = {},
): string {
  const { totals, groups, footnotes } = stats;
  const { requests, total_tokens, cost_usd: _, cost_nano_usd, unpriced_requests, ...counters } = countFields(totals);
  return safeJson({
    schema: "boba.stats/1",
    range: rangeFields(stats.range),
    total_cost_usd: toUsd(totals.costNanoUsd),
    total_cost_nano_usd: cost_nano_usd,
    total_requests: requests,
    total_tokens,
    ...counters,
    sessions: stats.sessions,
    unpriced_requests,
    ...(groups === null ? {} : { by: groups.by, groups: groups.rows.map(rowFields), ...extraFields(groups) }),
    ...extras,
    unpriced_models: Object.fromEntries(footnotes.unpricedModels),
    skipped: footnotes.skipped,
  });
}

/** The counters under the names that JSON and CSV share. */
export function countFields(counts: Counts) {
  const unpriced = counts.requests > 0 && counts.unpricedRequests >= counts.requests;
  return {
    requests: counts.requests,
    input_tokens: counts.inputTokens,
    output_tokens: counts.outputTokens,
    cache_read_tokens: counts.cacheReadTokens,
    cache_write_tokens: counts.cacheWriteTokens,
    total_tokens: totalTokens(counts),
    cost_usd: unpriced ? null : toUsd(counts.costNanoUsd),
    cost_nano_usd: String(counts.costNanoUsd),
    unpriced_requests: counts.unpricedRequests,
  };
}

function rowFields(row: Row) {
  const { counts, split, why, ...labels } = row;
  return { ...labels, ...countFields(counts), ...splitFields(split), ...(why === undefined ? {} : { why }) };
}

/** What only some summaries have. */
function extraFields({ evidence, stateGaps, shared }: Summary) {
  const part = ({ requests, costNanoUsd }: EvidenceShares["files"]) => ({ requests, cost_nano_usd: String(costNanoUsd) });
  return {
    ...(evidence === undefined
      ? {}
      : { evidence: { files: part(evidence.files), sequence: part(evidence.sequence), time: part(evidence.time) } }),
    ...(stateGaps === undefined ? {} : { state_unknown: stateGaps }),
    ...(shared === undefined ? {} : { shared }),
  };
}

function splitFields(split: Split | undefined) {
  if (split === undefined) return {};
  const part = (counts: Counts) => ({ cost_nano_usd: String(counts.costNanoUsd), requests: counts.requests });
  return {
    committed: part(split.committed),
    pending: part(split.pending),
    abandoned: part(split.abandoned),
    ...(split.elsewhere === undefined ? {} : { elsewhere: part(split.elsewhere) }),
  };
}

export function rangeFields(range: Range): { from: string | null; to: string | null } {
  const iso = (atS: number | null) => (atS === null ? null : new Date(atS * 1000).toISOString());
  return { from: iso(range.fromS), to: iso(range.toS) };
}
