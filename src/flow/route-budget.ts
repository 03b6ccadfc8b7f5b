/** What budgets say to rules: the limit with the least left, and which profiles have nothing left. */
import { type BudgetStatus, tightestOf } from "../core/budget.ts";
import type { BudgetFacts } from "../core/routing/context.ts";
import type { App } from "./app.ts";
import { statusesOf } from "./budget-status.ts";
import { budgetTargets, isAbout, standingIn } from "./budget-targets.ts";
import { openView } from "./refresh.ts";

export interface BudgetView {
  /** Null: no limit is about spend here. */
  facts: BudgetFacts | null;
  isOverBudget: boolean;
  overBudgetProfiles: ReadonlySet<string>;
  warnings: readonly string[];
  /** The ledger was brought up to date for it. */
  isFresh: boolean;
}

export const NO_BUDGET: BudgetView = { facts: null, isOverBudget: false, overBudgetProfiles: new Set(), warnings: [], isFresh: false };

/** Limits of profiles do not count as the request's own, since none is chosen yet. Without limits the ledger stays closed. */
export async function budgetHere(app: App, where: { project: string | null; branch: string | null; import: boolean }): Promise<BudgetView> {
  const { targets, warnings } = await budgetTargets(app, app.cwd);
  if (targets.length === 0) return { ...NO_BUDGET, warnings };
  const standing = { ...(await standingIn(app, app.cwd, null)), ...given(where) };
  const counting = targets.filter((target) => target.scope === "profile" || isAbout(target, standing));
  if (counting.length === 0) return { ...NO_BUDGET, warnings };
  const view = await openView(app, where);
  try {
    const statuses = statusesOf(app, view.db, counting);
    const tightest = tightestOf(statuses.filter(({ scope }) => scope !== "profile"));
    return {
      facts: tightest,
      isOverBudget: tightest?.isOver ?? false,
      overBudgetProfiles: new Set(statuses.flatMap((status) => overProfile(status) ?? [])),
      warnings: [...new Set([...warnings, ...view.warnings])],
      isFresh: where.import,
    };
  } finally {
    view.close();
  }
}

function overProfile({ scope, target, state }: BudgetStatus): string | null {
  return scope === "profile" && state === "over" ? target : null;
}

function given({ project, branch }: { project: string | null; branch: string | null }) {
  return { ...(project === null ? {} : { project }), ...(branch === null ? {} : { branch }) };
}
