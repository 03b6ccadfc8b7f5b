/** Which models have records, and what those cost. */
import type { ModelUsage } from "../core/price-list.ts";
import type { Db } from "../platform/sqlite.ts";

const MAX_MODELS = 1000;

/** Most records first; hostile logs may name any number of models, so it ends somewhere. */
export function modelUsage(db: Db): ModelUsage[] {
  return db
    .prepare<[number], ModelUsage>(
      `SELECT provider, model, count(*) AS records, sum(cost_nanousd IS NULL) AS unpriced, sum(estimate_level = 'mapped') AS mapped,
         sum(estimate_level = 'heuristic') AS heuristic, coalesce(sum(cost_nanousd), 0) AS costNanoUsd, max(ts_ms) AS newestMs,
         count(reported_nanousd) AS reportedRecords, coalesce(sum(reported_nanousd), 0) AS reportedNanoUsd,
         coalesce(sum(iif(reported_nanousd IS NULL, 0, cost_nanousd)), 0) AS storedOfReportedNanoUsd
       FROM usage_records GROUP BY provider, model ORDER BY records DESC, model, provider LIMIT ?`,
    )
    .all(MAX_MODELS);
}
