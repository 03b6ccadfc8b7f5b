/** What the running month will have cost by its end, from the last four weeks. Pure. */
import { SLOT_S, type Sum } from "./grouping.ts";
import { type Clock, localMidnightMs, localPeriod } from "./range.ts";

export interface Projection {
  /** `2026-11`. */
  month: string;
  /**
   * `weekday-means`: each day to come costs what its weekday cost on average in the last 28 days. `daily-mean`: with fewer days known, what a day
   * cost on average. What today has cost already counts towards its share.
   */
  method: "weekday-means" | "daily-mean";
  /** Whole days that the means were taken over. */
  daysOfData: number;
  /** Whole days of the month after today. */
  daysLeft: number;
  spentNanoUsd: number;
  costNanoUsd: number;
  /** 1.28 standard deviations to either side, 80 % of a normal distribution; what is spent is never less than spent. */
  lowNanoUsd: number;
  highNanoUsd: number;
  /** Requests without a price in all of it: the projection is then too low. */
  unpricedRequests: number;
}

/** Too little is known to say. */
export interface NoProjection {
  month: string;
  method: null;
  daysOfData: number;
}

const WINDOW_DAYS = 28;
export const LEAST_DAYS = 7;
/** The normal distribution has 80 % within so many standard deviations. */
const Z_80 = 1.2816;
const DAY_MS = 86_400_000;

/** From when on sums are needed, Unix seconds. */
export function projectionFromS(clock: Clock): number {
  const today = localPeriod(clock.nowMs, "day", clock);
  return Math.min(localMidnightMs(`${today.slice(0, 7)}-01`, 0, clock), localMidnightMs(today, -WINDOW_DAYS, clock)) / 1000;
}

/** `sums` are by quarters of an hour, from `projectionFromS` on; `firstS` is the time of the first record of all, null when there is none. */
export function projectionOf(sums: readonly Sum[], firstS: number | null, clock: Clock): Projection | NoProjection {
  const today = localPeriod(clock.nowMs, "day", clock);
  const month = today.slice(0, 7);
  const firstDay = firstS === null ? today : localPeriod(firstS * 1000, "day", clock);
  const daysOfData = Math.max(0, Math.min(WINDOW_DAYS, dayNumber(today) - dayNumber(firstDay)));
  if (daysOfData < LEAST_DAYS) return { month, method: null, daysOfData };

  const costs = new Map<number, number>();
  let spentNanoUsd = 0;
  let unpricedRequests = 0;
  for (const { value, counts } of sums) {
    const day = localPeriod(Number(value) * SLOT_S * 1000, "day", clock);
    if (day > today) continue;
    if (day.startsWith(month)) spentNanoUsd += counts.costNanoUsd;
    costs.set(dayNumber(day), (costs.get(dayNumber(day)) ?? 0) + counts.costNanoUsd);
    unpricedRequests += counts.unpricedRequests;
  }
  const now = dayNumber(today);
  const known = Array.from({ length: daysOfData }, (_, back) => ({ day: now - 1 - back, cost: costs.get(now - 1 - back) ?? 0 }));
  const byWeekday = daysOfData === WINDOW_DAYS;
  const meanOf = (day: number): number => mean(known.filter((each) => !byWeekday || (each.day - day) % 7 === 0).map(({ cost }) => cost));
  const freedom = daysOfData - (byWeekday ? 7 : 1);
  const deviation = Math.sqrt(known.reduce((sum, { day, cost }) => sum + (cost - meanOf(day)) ** 2, 0) / freedom);
  const daysLeft = lastDayOf(month) - Number(today.slice(8));
  const restOfToday = Math.max(0, meanOf(now) - (costs.get(now) ?? 0));
  const expected = Array.from({ length: daysLeft }, (_, ahead) => meanOf(now + 1 + ahead)).reduce((sum, cost) => sum + cost, restOfToday);
  const spread = Z_80 * deviation * Math.sqrt(daysLeft + (restOfToday > 0 ? 1 : 0));
  return {
    month,
    method: byWeekday ? "weekday-means" : "daily-mean",
    daysOfData,
    daysLeft,
    spentNanoUsd,
    costNanoUsd: Math.round(spentNanoUsd + expected),
    lowNanoUsd: Math.round(spentNanoUsd + Math.max(0, expected - spread)),
    highNanoUsd: Math.round(spentNanoUsd + expected + spread),
    unpricedRequests,
  };
}

const mean = (numbers: readonly number[]): number => numbers.reduce((sum, each) => sum + each, 0) / numbers.length;

/** Days since 1970: seven apart is the same weekday. */
const dayNumber = (day: string): number => Math.round(Date.parse(`${day}T00:00:00Z`) / DAY_MS);

const lastDayOf = (month: string): number => new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)), 0)).getUTCDate();
