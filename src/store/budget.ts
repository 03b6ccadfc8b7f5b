/** What was spent against a budget, and which of its alerts were raised. */
import type { Budget, BudgetStatus, Span } from "../core/budget.ts";
import { alertKey, reachedLevels } from "../core/budget-alert.ts";
import type { SlotSum } from "../core/budget-forecast.ts";
import { type Db, transaction } from "../platform/sqlite.ts";

/** The column that a scope is told by; what is bound to it is the target's name. */
const COLUMN: Readonly<Record<Exclude<Budget["scope"], "global">, string>> = { project: "project", profile: "profile", branch: "branch" };

/**
 * Distinct records within a span, by quarters of an hour, through the index on time. A record counts at the time it bears, whoever's clock gave it.
 * What was pruned counts at its day (of a profile it is not known).
 */
export function spendIn(db: Db, { scope, target }: Pick<Budget, "scope" | "target">, { fromMs, toMs }: Span): SlotSum[] {
  const test = scope === "global" ? "" : `AND ${COLUMN[scope]} = :target`;
  const pruned =
    scope === "profile"
      ? ""
      : `UNION ALL SELECT ts, requests, priced, cost_nanousd FROM pruned_sums WHERE ts >= :firstS AND ts < :endS AND ts * 1000 >= :fromMs ${test}`;
  return db
    .prepare<[Record<string, number | string>], SlotSum>(
      `SELECT ts / 900 AS slot, SUM(requests) AS requests, SUM(priced) AS priced, COALESCE(SUM(cost), 0) AS costNanoUsd
       FROM (SELECT ts, 1 AS requests, cost_nanousd IS NOT NULL AS priced, cost_nanousd AS cost FROM usage_records
             WHERE ts >= :firstS AND ts < :endS AND ts_ms >= :fromMs AND ts_ms < :toMs ${test} ${pruned})
       GROUP BY ts / 900 ORDER BY slot`,
    )
    .all({
      firstS: Math.floor(fromMs / 1000),
      endS: Math.ceil(toMs / 1000),
      fromMs,
      toMs,
      ...(scope === "global" ? {} : { target: target ?? "" }),
    });
}

export interface Alert {
  status: BudgetStatus;
  /** The highest of the levels that were reached since last time. */
  level: number;
}

const KEY = "scope = :scope AND target = :target AND period = :period AND period_start_ms = :periodStartMs";
/** Alerts of periods that are long over are of no use. */
const KEPT_MS = 400 * 86_400_000;

/**
 * Raises what is reached and was not raised yet, in one transaction: of any number of processes, one gets it. A level that spend is below again (a
 * higher limit, a rolling cap) is armed again.
 */
export function raiseAlerts(db: Db, statuses: readonly BudgetStatus[], nowMs: number): Alert[] {
  const levelsOf = db.prepare<[Record<string, string | number>], { level: number }>(`SELECT level FROM budgets_state WHERE ${KEY}`);
  const raised = (status: BudgetStatus) => levelsOf.all(alertKey(status)).map(({ level }) => level);
  const isSettled = (status: BudgetStatus) =>
    raised(status)
      .toSorted((a, b) => a - b)
      .join() === reachedLevels(status).join();
  // Mostly there is nothing to do: then nothing is written, and no lock taken.
  if (statuses.every(isSettled)) return [];
  return transaction(db, () => {
    const add = db.prepare(
      `INSERT OR IGNORE INTO budgets_state (scope, target, period, period_start_ms, level, raised_at_ms)
       VALUES (:scope, :target, :period, :periodStartMs, :level, :nowMs)`,
    );
    const remove = db.prepare(`DELETE FROM budgets_state WHERE ${KEY} AND level = :level`);
    db.prepare("DELETE FROM budgets_state WHERE raised_at_ms < ?").run(nowMs - KEPT_MS);
    return statuses.flatMap((status) => {
      const key = alertKey(status);
      const reached = reachedLevels(status);
      for (const level of raised(status)) if (!reached.includes(level)) remove.run({ ...key, level });
      const fresh = reached.filter((level) => add.run({ ...key, level, nowMs }).changes === 1);
      const level = fresh.at(-1);
      return level === undefined ? [] : [{ status, level }];
    });
  });
}

/** The alerts that nobody saw on a terminal yet, the highest of each limit; from now on they count as seen. */
export function takeUntold(db: Db, statuses: readonly BudgetStatus[]): Alert[] {
  const find = db.prepare<[Record<string, string | number>], { level: number }>(
    `SELECT level FROM budgets_state WHERE ${KEY} AND told = 0 LIMIT 1`,
  );
  if (statuses.every((status) => find.get(alertKey(status)) === undefined)) return [];
  return transaction(db, () => {
    const take = db.prepare<[Record<string, string | number>], { level: number }>(
      `UPDATE budgets_state SET told = 1 WHERE ${KEY} AND told = 0 RETURNING level`,
    );
    return statuses.flatMap((status) => {
      const levels = take.all(alertKey(status)).map(({ level }) => level);
      return levels.length === 0 ? [] : [{ status, level: Math.max(...levels) }];
    });
  });
}
