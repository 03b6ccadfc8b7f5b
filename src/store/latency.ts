/** How long responses took, where that is known. */
import type { Latency } from "../core/stats-extras.ts";
import type { Db } from "../platform/sqlite.ts";
import { conditions, type Filter } from "./report.ts";

/** Percentiles by the nearest rank: the smallest latency that at least that share of the responses does not exceed. */
export function latencyOf(db: Db, filter: Filter): Latency {
  const { where, values } = conditions(filter);
  const [requests, known] = db.prepare(`SELECT COUNT(*), COUNT(latency_ms) FROM usage_records ${where}`).raw().get(values) as [
    number,
    number,
  ];
  const among = `FROM usage_records ${where === "" ? "WHERE" : `${where} AND`} latency_ms IS NOT NULL`;
  const ranked = db.prepare(`SELECT latency_ms ${among} ORDER BY latency_ms LIMIT 1 OFFSET :rank`).pluck();
  const at = (percent: number) => (ranked.get({ ...values, rank: Math.ceil((percent * known) / 100) - 1 }) as number | undefined) ?? null;
  return known === 0
    ? { known, requests, p50Ms: null, p90Ms: null, p99Ms: null }
    : { known, requests, p50Ms: at(50), p90Ms: at(90), p99Ms: at(99) };
}
