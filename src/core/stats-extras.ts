/** What `boba stats` tells only when asked. */
import type { Comparison } from "./compare.ts";
import type { NoProjection, Projection } from "./projection.ts";
import type { Trend } from "./trend.ts";

/** Percentiles by the nearest rank, in milliseconds; null when no response of the range has a known latency. */
export interface Latency {
  /** Responses whose latency is known, of `requests`. */
  known: number;
  requests: number;
  p50Ms: number | null;
  p90Ms: number | null;
  p99Ms: number | null;
}

export interface StatsExtras {
  comparison: Comparison | null;
  trend: Trend | null;
  latency: Latency | null;
  projection: Projection | NoProjection | null;
}

/** A price is known exactly, by the model's name under another seller, or by rule of thumb; or not at all. `(pruned)`: not known any more. */
export const ESTIMATES = ["exact", "mapped", "heuristic", "unpriced", "(pruned)"] as const;
