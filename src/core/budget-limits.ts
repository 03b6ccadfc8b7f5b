/** What may be spent, as settings, profiles and projects say it. */

export const MAX_LIMIT_USD = 1_000_000;
/** A leap year. */
export const MAX_CAP_DAYS = 366;

export interface BudgetLimits {
  /** US dollars in a calendar day, week (from Monday) and month of the user's time zone; null: no limit. */
  dailyUsd: number | null;
  weeklyUsd: number | null;
  monthlyUsd: number | null;
  /** No more than `usd` in any `days` days in a row, up to now; null: no cap. */
  hardCap: { usd: number; days: number } | null;
  /** Refuse what would be spent beyond a limit, rather than only tell. */
  enforce: boolean;
}
