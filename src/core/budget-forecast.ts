/** What a period will have cost at its end, if it goes on as it began. Pure. */
import { type Clock, localMidnightMs, localPeriod } from "./range.ts";

/** Spend in one quarter of an hour. */
export interface SlotSum {
  /** Unix seconds divided by 900, rounded down. */
  slot: number;
  requests: number;
  /** Requests with a known price. */
  priced: number;
  costNanoUsd: number;
}

const SLOT_MS = 900_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** Fewer say nothing about the rest. */
const MIN_PARTS = 3;
const MIN_REQUESTS = 10;

/**
 * What is spent, plus, for what is left of the period, the run rate of its complete hours (of a day) or days (of a week or month) so far, those
 * without spend included. The rate is a winsorised mean: the dearest tenth of them (at least one) count as the next dearest, so that one
 * unusual hour or day does not make the forecast. Null before three of them are complete or ten requests priced.
 */
export function forecastNanoUsd(
  period: "daily" | "weekly" | "monthly",
  { fromMs, toMs }: { fromMs: number; toMs: number },
  sums: readonly SlotSum[],
  clock: Clock,
): number | null {
  const lengthMs = period === "daily" ? HOUR_MS : DAY_MS;
  const firstDay = localPeriod(fromMs, "day", clock);
  const startOf = (part: number) => (period === "daily" ? fromMs + part * HOUR_MS : localMidnightMs(firstDay, part, clock));
  const starts = [fromMs];
  while (startOf(starts.length) <= Math.min(clock.nowMs, toMs)) starts.push(startOf(starts.length));
  const complete = starts.length - 1;
  const requests = sums.reduce((total, { priced }) => total + priced, 0);
  if (complete < MIN_PARTS || requests < MIN_REQUESTS) return null;
  const parts = Array.from({ length: complete }, () => 0);
  let spentNanoUsd = 0;
  for (const { slot, costNanoUsd } of sums) {
    spentNanoUsd += costNanoUsd;
    const part = starts.findLastIndex((startMs) => startMs <= slot * SLOT_MS);
    if (part >= 0 && part < complete) parts[part] = (parts[part] as number) + costNanoUsd;
  }
  return Math.round(spentNanoUsd + (winsorisedMean(parts) * Math.max(0, toMs - clock.nowMs)) / lengthMs);
}

function winsorisedMean(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const cut = Math.max(1, Math.floor(sorted.length / 10));
  const highest = sorted[sorted.length - 1 - cut] as number;
  return sorted.reduce((sum, value) => sum + Math.min(value, highest), 0) / sorted.length;
}
