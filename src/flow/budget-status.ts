/** How much of each limit is spent, of a ledger as it stands. */
import { BUDGET_SCOPES, type BudgetStatus, budgetsOf, type BudgetTarget, spanOf, statusOf, strictest } from "../core/budget.ts";
import type { Db } from "../platform/sqlite.ts";
import { spendIn } from "../store/budget.ts";
import type { App } from "./app.ts";
import { budgetTargets, isAbout, standingIn } from "./budget-targets.ts";
import { clockOf } from "./filter.ts";

/** Which targets; what is not given does not restrict. */
export interface BudgetWhere {
  project?: string | undefined;
  profile?: string | undefined;
  branch?: string | undefined;
  /** Only what spend in the working folder counts against. */
  here?: boolean;
}

export interface Budgets {
  statuses: BudgetStatus[];
  warnings: readonly string[];
}

/** Every limit of the targets that are wanted. */
export async function budgetStatus(app: App, db: Db, where: BudgetWhere = {}): Promise<Budgets> {
  const { targets, warnings } = await budgetTargets(app, app.cwd);
  const standing = where.here === true && targets.length > 0 ? await standingIn(app, app.cwd, null) : null;
  const named = (["project", "profile", "branch"] as const).filter((scope) => where[scope] !== undefined);
  const wanted = targets.filter(
    (target) =>
      (standing === null || isAbout(target, standing)) &&
      (named.length === 0 || named.some((scope) => target.scope === scope && target.target === where[scope])),
  );
  return { statuses: statusesOf(app, db, wanted), warnings };
}

/** In the order of scopes, the strictest limit of each period. */
export function statusesOf(app: App, db: Db, targets: readonly BudgetTarget[]): BudgetStatus[] {
  const clock = clockOf(app);
  const sorted = targets.toSorted((a, b) => BUDGET_SCOPES.indexOf(a.scope) - BUDGET_SCOPES.indexOf(b.scope));
  return strictest(sorted.flatMap(budgetsOf)).map((budget) => {
    const span = spanOf(budget, clock);
    return statusOf(budget, span, spendIn(db, budget, span), clock);
  });
}
