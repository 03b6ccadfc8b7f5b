/** `boba budget`, and what stands before a run: how much of each limit is spent. */
import type { BudgetStatus } from "../core/budget.ts";
import { limitName, whose } from "../core/budget-alert.ts";
import { BobaError, EXIT } from "../core/errors.ts";
import { formatUsd } from "../core/money.ts";
import { PROJECT_FILE } from "../core/project-file.ts";
import { localPeriod } from "../core/range.ts";
import { printable, shellQuote } from "../core/text.ts";
import type { App } from "./app.ts";
import { type Budgets, budgetStatus, type BudgetWhere, statusesOf } from "./budget-status.ts";
import { budgetTargets, isAbout, standingIn } from "./budget-targets.ts";
import { clockOf } from "./filter.ts";
import { openView } from "./refresh.ts";

/** Every limit and what is left of it, after collecting what is new. */
export async function budgets(app: App, where: BudgetWhere & { import: boolean }): Promise<Budgets> {
  const view = await openView(app, where);
  try {
    const { statuses, warnings } = await budgetStatus(app, view.db, where);
    return { statuses, warnings: [...new Set([...view.warnings, ...warnings])] };
  } finally {
    view.close();
  }
}

/**
 * Asked before anything is spent: whether a limit that is enforced has nothing left for this profile in this folder, and the alerts (and warnings) to
 * be told on stderr. With `import` collects what is new first; without limits it costs a few looks for files.
 * @throws BobaError BOBA-CFG-* when settings.yaml or profiles.yaml is not valid.
 */
export async function checkBudgets(
  app: App,
  { profile, cwd, ...fresh }: { profile: string | null; cwd: string; import: boolean },
): Promise<{ refused: BobaError | null; alerts: string[] }> {
  const { targets, warnings } = await budgetTargets(app, cwd, { strict: true });
  if (targets.length === 0) return { refused: null, alerts: warnings };
  const standing = await standingIn(app, cwd, profile);
  const view = await openView(app, fresh);
  try {
    const statuses = statusesOf(
      app,
      view.db,
      targets.filter((target) => isAbout(target, standing)),
    );
    const over = statuses.find(({ enforce, state }) => enforce && state === "over");
    return { refused: over === undefined ? null : refusal(app, over), alerts: [...new Set([...view.warnings, ...warnings])] };
  } finally {
    view.close();
  }
}

function refusal(app: App, status: BudgetStatus): BobaError {
  const { scope, target, period, days, toMs, origin, spentNanoUsd, limitNanoUsd } = status;
  const clock = clockOf(app);
  const wait = period === "rolling" ? `until older spend is ${days} days old` : `until ${localPeriod(toMs, "day", clock)}`;
  const option = scope === "global" ? "" : ` --${scope} ${shellQuote(printable(target ?? ""))}`;
  const amount = period === "rolling" ? `<usd>/${days}d` : "<usd>";
  const raise = origin === "project" ? `raise it in ${PROJECT_FILE}` : `raise it: boba budget${option} --set ${period}=${amount}`;
  return new BobaError(
    "BOBA-BUD-1",
    EXIT.failed,
    `nothing is left of the ${limitName(status)}${whose(status)}: ${formatUsd(spentNanoUsd)} of ${formatUsd(limitNanoUsd)} is spent`,
    `wait ${wait}, or ${raise}`,
  );
}
