/** Alerts of budgets: a line in the log and the user's own command when a level is reached, a line on the terminal at the next chance. */
import { join } from "node:path";
import { alertEnvironment, alertLine } from "../core/budget-alert.ts";
import type { BudgetStatus } from "../core/budget.ts";
import { BobaError, EXIT } from "../core/errors.ts";
import { withoutSecrets } from "../core/secret.ts";
import { run, spawnDetached } from "../platform/exec.ts";
import { NODE_PATH, PACKAGE_ROOT } from "../platform/paths.ts";
import type { Db } from "../platform/sqlite.ts";
import { raiseAlerts, takeUntold } from "../store/budget.ts";
import { openLedger } from "../store/open.ts";
import type { App } from "./app.ts";
import { budgetStatus } from "./budget-status.ts";

/** After new spend was stored: raises what is reached. Returns where each limit stands. */
export async function raiseBudgetAlerts(app: App, db: Db): Promise<{ statuses: BudgetStatus[]; warnings: readonly string[] }> {
  const found = await budgetStatus(app, db);
  for (const { status, level } of raiseAlerts(db, found.statuses, app.now())) {
    const { scope, target, period, spentNanoUsd, limitNanoUsd } = status;
    app.log.write("warn", "budget alert", { scope, target, period, level, spentNanoUsd, limitNanoUsd });
    await startCommand(app, status, level);
  }
  return found;
}

/** The same, and the lines that nobody saw yet. */
export async function alertsToTell(app: App, db: Db): Promise<string[]> {
  const { statuses, warnings } = await raiseBudgetAlerts(app, db);
  return [...warnings, ...takeUntold(db, statuses).map(({ status, level }) => alertLine(status, level))];
}

/** The lines that nobody saw yet, of the ledger as it stands. */
export async function untoldAlerts(app: App): Promise<string[]> {
  const db = openLedger(app.paths.db);
  try {
    return await alertsToTell(app, db);
  } finally {
    db.close();
  }
}

/** In a process of its own, which bounds it in time: nobody waits for it here. */
async function startCommand(app: App, { scope, target, period, days }: BudgetStatus, level: number): Promise<void> {
  if ((await commandOf(app)) === null) return;
  const more = [...(target === null ? [] : [`--target=${target}`]), ...(days === null ? [] : [`--days=${days}`])];
  const args = ["budget", "notify", scope, period, String(level), ...more];
  const env = { ...withoutSecrets(app.env), BOBA_HOOKS: "0", BOBA_HOME: app.paths.home };
  spawnDetached(NODE_PATH, [join(PACKAGE_ROOT, "dist", "main.js"), ...args], { env, cwd: app.cwd });
}

async function commandOf(app: App): Promise<readonly string[] | null> {
  return (await (await import("../config/settings.ts")).loadSettings(app.paths)).alerts.command;
}

const TIME_LIMIT_MS = 30_000;

/**
 * Runs the user's command as an alert does; returns its exit status (124: it took longer than 30 seconds and was ended, 127: it could not be started).
 * @throws BobaError BOBA-BUD-2 without a command, BOBA-BUD-3 without such a limit.
 */
export async function notifyOf(
  app: App,
  wanted: { scope: string; target: string | null; period: string; days: number | null; level: number },
): Promise<number> {
  const [program, ...args] = (await commandOf(app)) ?? [];
  if (program === undefined) {
    const hint = `name a program and its arguments in ${app.paths.settings}: alerts: { command: [notify-send, "boba budget"] }`;
    throw new BobaError("BOBA-BUD-2", EXIT.usage, "settings.yaml names no command for alerts", hint);
  }
  const db = openLedger(app.paths.db);
  let status: BudgetStatus | undefined;
  try {
    const { statuses } = await budgetStatus(app, db);
    status = statuses.find(
      ({ scope, target, period, days }) =>
        scope === wanted.scope &&
        target === wanted.target &&
        period === wanted.period &&
        // One tries a cap without saying which.
        (wanted.days === null || days === wanted.days),
    );
  } finally {
    db.close();
  }
  if (status === undefined) throw new BobaError("BOBA-BUD-3", EXIT.usage, "there is no such limit", "see what there is: boba budget");
  const env = { ...withoutSecrets(app.env), ...alertEnvironment(status, wanted.level) };
  const { code } = await run(program, args, { cwd: app.paths.home, env, timeoutMs: TIME_LIMIT_MS, maxBytes: 1024 * 1024, ownGroup: true });
  if (code !== 0) app.log.write("warn", "the command for alerts failed", { code });
  return code;
}
