/** Alerts: told once each when 50, 80 and 100 % of a limit are spent. Pure. */
import { type BudgetStatus, isReached } from "./budget.ts";
import { formatUsd } from "./money.ts";
import { printable, truncate } from "./text.ts";

/** In percent of the limit. */
export const ALERT_LEVELS = [50, 80, 100] as const;

/** The levels that are reached, lowest first. */
export function reachedLevels(status: BudgetStatus): number[] {
  return ALERT_LEVELS.filter((level) => isReached(status, level));
}

/** What alerts are known by: a period begins anew, a rolling cap never does (its alerts are armed again when spend has fallen below them). */
export function alertKey({ scope, target, period, days, fromMs }: BudgetStatus) {
  const isRolling = period === "rolling";
  return { scope, target: target ?? "", period: isRolling ? `rolling/${days}` : period, periodStartMs: isRolling ? 0 : fromMs };
}

/** `budget alert: 80 % of the daily limit is spent: $8.12 of $10.00 (project shop)`. */
export function alertLine(status: BudgetStatus, level: number): string {
  const spent = formatUsd(status.spentNanoUsd);
  const cost = status.unpricedRequests > 0 ? `at least ${spent}` : spent;
  return `budget alert: ${level} % of the ${limitName(status)} is spent: ${cost} of ${formatUsd(status.limitNanoUsd)}${whose(status)}`;
}

/** `daily limit`, `cap of 30 days`. */
export function limitName({ period, days }: Pick<BudgetStatus, "period" | "days">): string {
  return period === "rolling" ? `cap of ${days} ${days === 1 ? "day" : "days"}` : `${period} limit`;
}

/** ` (project shop)`; nothing for the global one. */
export function whose({ scope, target }: Pick<BudgetStatus, "scope" | "target">): string {
  return target === null ? "" : ` (${scope} ${truncate(printable(target), 60)})`;
}

/** What the user's own command finds in its environment: numbers and names, nothing else. */
export function alertEnvironment(status: BudgetStatus, level: number): Record<string, string> {
  const usd = (nanoUsd: number) => (nanoUsd / 1e9).toFixed(2);
  return {
    BOBA_ALERT_SCOPE: status.scope,
    BOBA_ALERT_TARGET: printable(status.target ?? "").slice(0, 200),
    BOBA_ALERT_PERIOD: status.period,
    BOBA_ALERT_DAYS: status.days === null ? "" : String(status.days),
    BOBA_ALERT_LEVEL: String(level),
    BOBA_ALERT_SPENT_USD: usd(status.spentNanoUsd),
    BOBA_ALERT_LIMIT_USD: usd(status.limitNanoUsd),
  };
}
