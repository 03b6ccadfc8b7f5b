/** Sums of the ledger as suggestions look at them: by session and by local day. Pure. */
import { type Clock, localPeriod } from "../range.ts";
import type { DaySum, SessionSum } from "./outliers.ts";

interface Slot {
  slot: number;
  tool: string;
  session: string;
  requests: number;
  priced: number;
  costNanoUsd: number;
}

export interface LedgerView {
  /** Requests with a price. */
  requests: number;
  sessions: SessionSum[];
  /** Days with spend, oldest first. */
  days: DaySum[];
}

const SLOT_MS = 900_000;

/** Adds quarters of an hour up; what has no price is left out. */
export function viewOf(slots: readonly Slot[], clock: Pick<Clock, "offsetMs">): LedgerView {
  const sessions = new Map<string, SessionSum>();
  const days = new Map<string, { requests: number; costNanoUsd: number; sessions: Map<string, number> }>();
  let requests = 0;
  for (const { slot, tool, session, priced, costNanoUsd } of slots) {
    if (priced === 0) continue;
    requests += priced;
    const key = `${tool}\0${session}`;
    const known = sessions.get(key) ?? { tool, session, requests: 0, costNanoUsd: 0 };
    sessions.set(key, known);
    known.requests += priced;
    known.costNanoUsd += costNanoUsd;
    const name = localPeriod(slot * SLOT_MS, "day", clock);
    const day = days.get(name) ?? { requests: 0, costNanoUsd: 0, sessions: new Map<string, number>() };
    days.set(name, day);
    day.requests += priced;
    day.costNanoUsd += costNanoUsd;
    day.sessions.set(session, (day.sessions.get(session) ?? 0) + costNanoUsd);
  }
  return {
    requests,
    sessions: [...sessions.values()],
    days: [...days]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([day, sum]) => ({
        ...sum,
        day,
        sessions: [...sum.sessions].toSorted(([, a], [, b]) => b - a).map(([session]) => session),
      })),
  };
}

/** What the last `count` days before `today` cost, oldest first, 0 without spend. */
export function costsBefore(today: string, count: number, days: readonly DaySum[]): number[] {
  const costs = new Map(days.map(({ day, costNanoUsd }) => [day, costNanoUsd]));
  return Array.from({ length: count }, (_, at) => costs.get(dayBefore(today, count - at)) ?? 0);
}

/** The calendar day so many days before `day`, both as `2026-11-23`. */
export function dayBefore(day: string, count: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - count * 86_400_000).toISOString().slice(0, 10);
}
