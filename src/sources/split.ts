/** Splits what several calls used in sum, where the log does not say how much each of them did. */
import { COUNTER_NAMES, type Counters } from "../core/record.ts";

export interface Share {
  counters: Counters;
  /** What the agent says it cost; null when it says nothing. */
  nanoUsd: number | null;
}

/** Of `count` even parts that add up to the whole, the one at `nth`. */
export function part(whole: Counters, nanoUsd: number | null, nth: number, count: number): Share {
  const of = (value: number) => Math.floor(value / count) + (nth < value % count ? 1 : 0);
  const counters = { ...whole };
  for (const name of COUNTER_NAMES) counters[name] = of(whole[name]);
  return { counters, nanoUsd: nanoUsd === null ? null : of(nanoUsd) };
}
