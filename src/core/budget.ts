/** Budgets: which span of time one is about, how much of it is used, and what that means. Pure. */
import type { BudgetLimits } from "./budget-limits.ts";
import { forecastNanoUsd, type SlotSum } from "./budget-forecast.ts";
import { type Clock, localMidnightMs, localPeriod } from "./range.ts";

export const BUDGET_SCOPES = ["global", "project", "profile", "branch"] as const;
export type BudgetScope = (typeof BUDGET_SCOPES)[number];

export const BUDGET_PERIODS = ["daily", "weekly", "monthly", "rolling"] as const;
export type BudgetPeriod = (typeof BUDGET_PERIODS)[number];

/** Below 80 % of the limit; from 80 %; from 95 %; from 100 %, where nothing is left. */
export type BudgetState = "ok" | "alert" | "critical" | "over";

/** Whose spend is limited. */
export interface BudgetTarget {
  scope: BudgetScope;
  /** The project's, profile's or branch's name; null for `global`. */
  target: string | null;
  limits: BudgetLimits;
  /** Who says so: the user's own files, or a repository's `.boba-project.yaml`. */
  origin: "user" | "project";
}

/** One limit of a target: a target has up to four. */
export interface Budget {
  scope: BudgetScope;
  target: string | null;
  period: BudgetPeriod;
  /** How many days a rolling cap looks back; null for the others. */
  days: number | null;
  limitNanoUsd: number;
  enforce: boolean;
  origin: "user" | "project";
}

/** Half-open, in Unix milliseconds. */
export interface Span {
  fromMs: number;
  toMs: number;
}

export interface BudgetStatus extends Budget, Span {
  spentNanoUsd: number;
  requests: number;
  /** Requests without a known price: above 0, `spentNanoUsd` is a floor. */
  unpricedRequests: number;
  /** Spent by limit; a limit of 0 is used up from the start (1). */
  usedRatio: number;
  /** At the end of the period, if it goes on like this; null for rolling caps and with too little to go by. */
  forecastNanoUsd: number | null;
  state: BudgetState;
}

const DAY_MS = 86_400_000;
const NANO_PER_USD = 1e9;
/** In percent of the limit, highest first. */
const STATES: readonly [BudgetState, number][] = [
  ["over", 100],
  ["critical", 95],
  ["alert", 80],
  ["ok", 0],
];

/** The limits that a target has, in the order of `BUDGET_PERIODS`. */
export function budgetsOf({ scope, target, limits, origin }: BudgetTarget): Budget[] {
  const one = (period: BudgetPeriod, usd: number | null, days: number | null = null): Budget[] =>
    usd === null ? [] : [{ scope, target, period, days, limitNanoUsd: Math.round(usd * NANO_PER_USD), enforce: limits.enforce, origin }];
  return [
    ...one("daily", limits.dailyUsd),
    ...one("weekly", limits.weeklyUsd),
    ...one("monthly", limits.monthlyUsd),
    ...one("rolling", limits.hardCap?.usd ?? null, limits.hardCap?.days ?? null),
  ];
}

/** Where several say something of the same spend in the same period (a user and a repository), the lowest limit holds, and is enforced if any is. */
export function strictest(budgets: readonly Budget[]): Budget[] {
  const found = new Map<string, Budget>();
  for (const budget of budgets) {
    const key = JSON.stringify([budget.scope, budget.target, budget.period, budget.days]);
    const other = found.get(key);
    const lower = other === undefined || budget.limitNanoUsd < other.limitNanoUsd ? budget : other;
    found.set(key, { ...lower, enforce: budget.enforce || other?.enforce === true });
  }
  return [...found.values()];
}

/**
 * The span that a limit is about now: the local calendar day, ISO week (from Monday) or month, whatever the clocks do within it; a rolling cap's is
 * `days` times 24 hours, up to and including this millisecond.
 */
export function spanOf({ period, days }: Pick<Budget, "period" | "days">, clock: Clock): Span {
  if (period === "rolling") return { fromMs: clock.nowMs + 1 - (days ?? 1) * DAY_MS, toMs: clock.nowMs + 1 };
  const today = localPeriod(clock.nowMs, "day", clock);
  const between = (day: string, first: number, end: number): Span => ({
    fromMs: localMidnightMs(day, first, clock),
    toMs: localMidnightMs(day, end, clock),
  });
  if (period === "daily") return between(today, 0, 1);
  const [year, month, date] = today.split("-").map(Number) as [number, number, number];
  if (period === "monthly") return between(`${today.slice(0, 7)}-01`, 0, new Date(Date.UTC(year, month, 0)).getUTCDate());
  const sinceMonday = (new Date(Date.UTC(year, month - 1, date)).getUTCDay() + 6) % 7;
  return between(today, -sinceMonday, 7 - sinceMonday);
}

/** What `sums` (the spend within the span, in quarters of an hour) make of a limit. */
export function statusOf(budget: Budget, span: Span, sums: readonly SlotSum[], clock: Clock): BudgetStatus {
  let spentNanoUsd = 0;
  let requests = 0;
  let priced = 0;
  for (const sum of sums) {
    spentNanoUsd += sum.costNanoUsd;
    requests += sum.requests;
    priced += sum.priced;
  }
  const { limitNanoUsd } = budget;
  return {
    ...budget,
    ...span,
    spentNanoUsd,
    requests,
    unpricedRequests: requests - priced,
    usedRatio: limitNanoUsd === 0 ? 1 : spentNanoUsd / limitNanoUsd,
    forecastNanoUsd: budget.period === "rolling" ? null : forecastNanoUsd(budget.period, span, sums, clock),
    state: (STATES.find(([, percent]) => isReached({ spentNanoUsd, limitNanoUsd }, percent)) as [BudgetState, number])[0],
  };
}

/** Whether this much of the limit, in percent, is spent. */
export function isReached({ spentNanoUsd, limitNanoUsd }: Pick<BudgetStatus, "spentNanoUsd" | "limitNanoUsd">, percent: number): boolean {
  return spentNanoUsd >= (limitNanoUsd / 100) * percent;
}

/** The limit with the least left, in US dollars, as rules see it (`budget.remaining`, ...); null without any limit. */
export function tightestOf(
  statuses: readonly BudgetStatus[],
): { remainingUsd: number; spentUsd: number; limitUsd: number; isOver: boolean } | null {
  const [first, ...others] = statuses;
  if (first === undefined) return null;
  const left = ({ limitNanoUsd, spentNanoUsd }: BudgetStatus) => limitNanoUsd - spentNanoUsd;
  const least = others.reduce((best, status) => (left(status) < left(best) ? status : best), first);
  return {
    remainingUsd: Math.max(0, left(least)) / NANO_PER_USD,
    spentUsd: least.spentNanoUsd / NANO_PER_USD,
    limitUsd: least.limitNanoUsd / NANO_PER_USD,
    isOver: statuses.some(({ state }) => state === "over"),
  };
}
