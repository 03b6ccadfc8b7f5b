/** Budgets as a JSON object; docs/json.md describes it. */
import type { BudgetStatus } from "../core/budget.ts";
import { toUsd } from "../core/money.ts";
import { safeJson } from "../core/text.ts";

/** `boba.budget/1`. */
export function budgetJson(statuses: readonly BudgetStatus[]): string {
  const budgets = statuses.map((status) => ({
    scope: status.scope,
    target: status.target,
    period: status.period,
    limit_usd: toUsd(status.limitNanoUsd),
    spent_usd: toUsd(status.spentNanoUsd),
    used_ratio: status.usedRatio,
    from: new Date(status.fromMs).toISOString(),
    to: new Date(status.toMs).toISOString(),
    forecast_usd: status.forecastNanoUsd === null ? null : toUsd(status.forecastNanoUsd),
    state: status.state,
    enforced: status.enforce,
    unpriced_requests: status.unpricedRequests,
  }));
  return safeJson({ schema: "boba.budget/1", budgets });
}
