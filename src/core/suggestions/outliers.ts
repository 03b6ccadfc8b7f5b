/** Sessions and days that cost far more than the others: by the median, which they themselves do not move. Pure. */
import { formatUsd } from "../money.ts";
import { EXAMPLES, LEAST_SAVING_NANO_USD, type Suggestion, suggestion, unusualAbove, weight } from "./suggestion.ts";

export interface SessionSum {
  tool: string;
  session: string;
  requests: number;
  costNanoUsd: number;
}

/** A local day (`2026-11-23`) that has spend. */
export interface DaySum {
  day: string;
  requests: number;
  costNanoUsd: number;
  /** Of that day, dearest first. */
  sessions: readonly string[];
}

const SESSIONS = { least: 20, k: 6, factor: 3, most: 5 } as const;
/** 3.5 as for the modified z-score of Iglewicz and Hoaglin, "How to Detect and Handle Outliers" (1993). */
const DAYS = { least: 14, k: 3.5, factor: 2, most: 3 } as const;

/** The dearest sessions that stand out. What is above the threshold would have been saved by stopping there. */
export function runawaySessions(sessions: readonly SessionSum[]): Suggestion[] {
  if (sessions.length < SESSIONS.least) return [];
  const { median, threshold } = unusualAbove(costsOf(sessions), SESSIONS.k, SESSIONS.factor);
  return standingOut(sessions, threshold, SESSIONS.most).map(({ tool, session, requests, costNanoUsd }) =>
    suggestion("runaway-session", `${tool}\0${session}`, {
      title: `One session of ${tool} cost ${formatUsd(costNanoUsd)}, where half of all cost ${formatUsd(median)} or less`,
      evidence: {
        requests,
        costNanoUsd,
        sessions: [session],
        commits: [],
        facts: { tool, median_usd: median / 1e9, threshold_usd: threshold / 1e9, sessions_seen: sessions.length },
      },
      savingNanoUsd: Math.round(costNanoUsd - threshold),
      confidence: weight(sessions.length, SESSIONS.least),
      apply: null,
    }),
  );
}

/** Days that stand out among those with spend, if they are `sinceDay` or later. */
export function unusualDays(days: readonly DaySum[], sinceDay: string): Suggestion[] {
  if (days.length < DAYS.least) return [];
  const { median, threshold } = unusualAbove(costsOf(days), DAYS.k, DAYS.factor);
  const recent = days.filter(({ day }) => day >= sinceDay);
  return standingOut(recent, threshold, DAYS.most).map(({ day, requests, costNanoUsd, sessions }) =>
    suggestion("day-anomaly", day, {
      title: `${day} cost ${formatUsd(costNanoUsd)}, where half of all days cost ${formatUsd(median)} or less`,
      evidence: {
        requests,
        costNanoUsd,
        sessions: sessions.slice(0, EXAMPLES),
        commits: [],
        facts: { day, median_usd: median / 1e9, threshold_usd: threshold / 1e9, days_seen: days.length },
      },
      savingNanoUsd: Math.round(costNanoUsd - threshold),
      confidence: weight(days.length, DAYS.least),
      apply: null,
    }),
  );
}

const costsOf = (sums: readonly { costNanoUsd: number }[]): number[] => sums.map(({ costNanoUsd }) => costNanoUsd);

function standingOut<T extends { costNanoUsd: number }>(sums: readonly T[], threshold: number, most: number): T[] {
  return sums
    .filter(({ costNanoUsd }) => costNanoUsd - threshold >= LEAST_SAVING_NANO_USD)
    .toSorted((a, b) => b.costNanoUsd - a.costNanoUsd)
    .slice(0, most);
}
