/** Limits as people type them. */
import { BUDGET_PERIODS, type BudgetPeriod } from "./budget.ts";
import { MAX_CAP_DAYS, MAX_LIMIT_USD } from "./budget-limits.ts";
import { BobaError, EXIT } from "./errors.ts";

export interface TypedLimit {
  period: BudgetPeriod;
  /** Null takes the limit away. */
  usd: number | null;
  /** How far a rolling cap looks back; null for the others. */
  days: number | null;
}

const DEFAULT_DAYS = 30;

/** `daily=10`, `monthly=99.50`, `rolling=100/7d` (30 days when none are given), `weekly=none`. @throws BobaError BOBA-BUD-5 for anything else. */
export function parseLimit(typed: string): TypedLimit {
  const [, name, amount, , typedDays] = /^([a-z]+)=(none|\$?\d{1,7}(\.\d{1,9})?)(?:\/(\d{1,3})d)?$/.exec(typed.trim()) ?? [];
  const period = BUDGET_PERIODS.find((known) => known === name);
  const usd = amount === "none" ? null : Number(amount?.replace("$", ""));
  const days = period === "rolling" ? Number(typedDays ?? DEFAULT_DAYS) : null;
  const fits = (usd ?? 0) <= MAX_LIMIT_USD && (days === null ? typedDays === undefined : days >= 1 && days <= MAX_CAP_DAYS);
  if (period !== undefined && fits) return { period, usd, days };
  const hint = `use ${BUDGET_PERIODS.join(", ")} with US dollars: --set daily=10, --set rolling=100/30d, --set weekly=none`;
  throw new BobaError("BOBA-BUD-5", EXIT.usage, `not a limit: ${JSON.stringify(typed.slice(0, 60))}`, hint);
}
