/** What monitoring systems are told of limits on spending. */
import type { BudgetStatus } from "./budget.ts";
import { type Family, family, type Sample } from "./metrics-family.ts";

export type MeteredBudget = Pick<BudgetStatus, "scope" | "target" | "period" | "days" | "limitNanoUsd" | "usedRatio">;

/** Of the limits that are set, and what is spent of each. Limits are few, and named by the user: their targets may be labels. */
export function budgetFamilies(budgets: readonly MeteredBudget[]): Family[] {
  const samples = (value: (budget: MeteredBudget) => number): Sample[] =>
    budgets.map((budget) => {
      const { scope, target, period, days } = budget;
      const labels = { scope, period, ...(target === null ? {} : { target }), ...(days === null ? {} : { days: String(days) }) };
      return { labels, value: value(budget) };
    });
  return [
    family(
      "boba_budget_usd",
      "gauge",
      "Limits on spending, in US dollars.",
      samples(({ limitNanoUsd }) => limitNanoUsd / 1e9),
    ),
    family(
      "boba_budget_used_ratio",
      "gauge",
      "What is spent of each limit: 1 is all of it.",
      samples(({ usedRatio }) => usedRatio),
    ),
  ];
}
