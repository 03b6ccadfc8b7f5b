/** What was sent to collectors, and the sums that say what is new. */
import type { OtlpSums } from "../core/otlp.ts";
import type { LedgerSums } from "../core/otlp-cursor.ts";
import type { Db } from "../platform/sqlite.ts";

/** Repository (its id, or null), tool, provider and model of a series. */
export type SeriesId = [repo: number | null, tool: string, provider: string, model: string];

type Row = OtlpSums & { repo: number | null; tool: string; provider: string; model: string; fresh: number; lastSeq: number };

const SUMS = `SUM(requests) AS requests, SUM(requests - priced) AS unpriced, COALESCE(SUM(cost_nanousd), 0) AS costNanoUsd, SUM(input_tokens) AS input,
  SUM(output_tokens) AS output, SUM(reasoning_tokens) AS reasoning, SUM(cache_read_tokens) AS cacheRead, SUM(cache_write_tokens) AS cacheWrite`;

/**
 * Sums of all records and of what was pruned, by series: those up to number `seq`, and those beyond. Without a number nothing was told
 * yet: then all is beyond, but for what was before `fromS` (Unix seconds). One statement, so one moment. The keys are series in JSON.
 */
export function ledgerSums(db: Db, seq: number | null, fromS: number | null): LedgerSums {
  const rows = db
    .prepare<[{ seq: number; first: number; fromS: number }], Row>(
      `SELECT repo, tool, provider, model, fresh, MAX(seq) AS lastSeq, ${SUMS}
       FROM (SELECT repo, tool, provider, model, seq > @seq AND ts >= @fromS AS fresh, seq, 1 AS requests, cost_nanousd IS NOT NULL AS priced,
               cost_nanousd, input_tokens, output_tokens, reasoning_tokens, cache_read_tokens,
               cache_write_5m_tokens + cache_write_1h_tokens AS cache_write_tokens FROM usage_records
             UNION ALL
             SELECT repo, tool, provider, model, @first AND ts >= @fromS, 0, requests, priced, cost_nanousd, input_tokens, output_tokens,
               reasoning_tokens, cache_read_tokens, cache_write_tokens FROM pruned_sums)
       GROUP BY repo, tool, provider, model, fresh ORDER BY repo, tool, provider, model`,
    )
    .all({
      seq: seq ?? 0,
      first: seq === null ? 1 : 0,
      fromS: seq !== null ? Number.MIN_SAFE_INTEGER : (fromS ?? Number.MIN_SAFE_INTEGER),
    });
  const [known, fresh] = [new Map<string, OtlpSums>(), new Map<string, OtlpSums>()];
  for (const { repo, tool, provider, model, fresh: isFresh, lastSeq: _, ...sums } of rows) {
    (isFresh === 1 ? fresh : known).set(JSON.stringify([repo, tool, provider, model] satisfies SeriesId), sums);
  }
  return { lastSeq: rows.reduce((most, { lastSeq }) => Math.max(most, lastSeq), seq ?? 0), known, fresh };
}
