/** Cost day by day or week by week, days without a record included. Pure. */
import { BobaError, EXIT } from "./errors.ts";
import { SLOT_S, type Sum } from "./grouping.ts";
import { type Clock, localMidnightMs, localPeriod, type Range } from "./range.ts";
import { addCounts, type Counts, type TrendStep, zeroCounts } from "./summary.ts";

export interface Period {
  /** `2026-11-23`, or `2026-W48` (ISO 8601). */
  key: string;
  /** Its first second and the one after its last, Unix. */
  fromS: number;
  toS: number;
  /** Part of it is outside the range, or still to come. */
  partial: boolean;
  counts: Counts;
}

export interface Trend {
  step: TrendStep;
  periods: readonly Period[];
}

/** Three years of days: more is neither read nor drawn. */
const MAX_PERIODS = 1100;
const DAY_MS = 86_400_000;

/**
 * All periods from the start of the range (of the first record, where it has none) to its end or now. `sums` are by quarters of an hour.
 * @throws BobaError BOBA-USE-55 when there would be too many.
 */
export function trendOf(step: TrendStep, sums: readonly Sum[], range: Range, clock: Clock): Trend {
  const nowS = Math.floor(clock.nowMs / 1000);
  const firstS = range.fromS ?? sums.reduce((least, { value }) => Math.min(least, Number(value) * SLOT_S), Number.POSITIVE_INFINITY);
  // What is still to come is no gap.
  const endS = Math.min(range.toS ?? Number.POSITIVE_INFINITY, nowS + 1);
  if (!Number.isFinite(firstS) || firstS >= endS) return { step, periods: [] };
  const periods: Period[] = [];
  const byKey = new Map<string, Period>();
  const [unit, days] = step === "daily" ? (["day", 1] as const) : (["week", 7] as const);
  for (let day = startOf(step, firstS, clock); midnightS(day, clock) < endS; day = dayAfter(day, days)) {
    if (periods.length === MAX_PERIODS) {
      const hint = step === "daily" ? "use --trend weekly, or a later --from" : "use a later --from";
      throw new BobaError("BOBA-USE-55", EXIT.usage, `that is more than ${MAX_PERIODS} ${unit}s`, hint);
    }
    const [fromS, toS] = [midnightS(day, clock), midnightS(dayAfter(day, days), clock)];
    const partial = fromS < (range.fromS ?? fromS) || toS > endS;
    const period = { key: localPeriod(fromS * 1000, unit, clock), fromS, toS, partial, counts: zeroCounts() };
    periods.push(period);
    byKey.set(period.key, period);
  }
  for (const { value, counts } of sums) {
    const period = byKey.get(localPeriod(Number(value) * SLOT_S * 1000, unit, clock));
    if (period !== undefined) addCounts(period.counts, counts);
  }
  return { step, periods };
}

/** The local day that the period around `atS` begins with: itself, or its Monday. */
function startOf(step: TrendStep, atS: number, clock: Clock): string {
  const day = localPeriod(atS * 1000, "day", clock);
  return step === "daily" ? day : dayAfter(day, -((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7));
}

const midnightS = (day: string, clock: Clock): number => localMidnightMs(day, 0, clock) / 1000;

const dayAfter = (day: string, days: number): string => new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
