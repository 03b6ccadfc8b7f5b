import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { type Budget, type BudgetStatus, spanOf, statusOf } from "../../src/core/budget.ts";
import { raiseAlerts, spendIn, takeUntold } from "../../src/store/budget.ts";
import { pruneSlice } from "../../src/store/prune.ts";
import { ledgerAt } from "../helpers/ledger.ts";
import { sandbox } from "../helpers/sandbox.ts";
import { offsetsOf } from "../helpers/zones.ts";

const USD = 1e9;
const berlin = offsetsOf("Europe/Berlin");
const budget = (more: Partial<Budget>): Budget => ({
  scope: "global",
  target: null,
  period: "daily",
  days: null,
  limitNanoUsd: 10 * USD,
  enforce: false,
  origin: "user",
  ...more,
});

test("random records at random moments: every scope and period agrees with adding them up one by one", () => {
  const box = sandbox();
  const ledger = ledgerAt(box.db);
  const shop = ledger.repo("shop");
  // Around both changes of the clocks, an end of a month and one of a year, in seconds that are often just at midnight.
  const middays = ["2026-03-29", "2026-10-25", "2026-11-30", "2026-12-31"].map((day) => Date.parse(`${day}T11:00:00Z`) / 1000);
  const moment = fc
    .tuple(fc.constantFrom(...middays), fc.integer({ min: -96, max: 96 }), fc.constantFrom(-1, 0, 1, 77))
    .map(([midday, quarters, more]) => midday + quarters * 1800 + more);
  const record = fc.record({
    ts: moment,
    costNanoUsd: fc.option(fc.integer({ min: 0, max: 5 * USD }), { freq: 5 }),
    project: fc.constantFrom("shop", "blog", null),
    branch: fc.constantFrom("main", "feature/x", null),
  });
  const which = fc.constantFrom<Pick<Budget, "scope" | "target">>(
    { scope: "global", target: null },
    { scope: "project", target: "shop" },
    { scope: "branch", target: "feature/x" },
    { scope: "profile", target: "work" },
  );
  const period = fc.constantFrom<Pick<Budget, "period" | "days">>(
    { period: "daily", days: null },
    { period: "weekly", days: null },
    { period: "monthly", days: null },
    { period: "rolling", days: 2 },
  );
  fc.assert(
    fc.property(
      fc.array(record, { maxLength: 30 }),
      fc.array(fc.tuple(moment, which, period), { minLength: 8, maxLength: 8 }),
      (records, asked) => {
        ledger.db.exec("DELETE FROM usage_records");
        for (const row of records) ledger.record({ ...row, repo: shop });
        ledger.db.exec("UPDATE usage_records SET profile = 'work' WHERE ts % 3 = 0");
        for (const [nowS, { scope, target }, { period: name, days }] of asked) {
          const nowMs = nowS * 1000;
          const local = (atMs: number) => new Date(atMs + berlin(atMs)).toISOString().slice(0, 10);
          const week = (day: string) => Math.floor((Date.parse(day) / 86_400_000 + 3) / 7);
          const same: Record<string, (atMs: number) => boolean> = {
            daily: (atMs) => local(atMs) === local(nowMs),
            weekly: (atMs) => week(local(atMs)) === week(local(nowMs)),
            monthly: (atMs) => local(atMs).slice(0, 7) === local(nowMs).slice(0, 7),
            rolling: (atMs) => atMs <= nowMs && atMs > nowMs - 2 * 86_400_000,
          };
          const mine = records.filter(
            (row) =>
              (scope === "global" ||
                (scope === "project" && row.project === target) ||
                (scope === "branch" && row.branch === target) ||
                (scope === "profile" && row.ts % 3 === 0)) &&
              same[name]?.(row.ts * 1000),
          );
          const clock = { nowMs, offsetMs: berlin };
          const span = spanOf({ period: name, days }, clock);
          const found = statusOf(budget({ scope, target, period: name, days }), span, spendIn(ledger.db, { scope, target }, span), clock);
          expect([found.spentNanoUsd, found.requests, found.unpricedRequests]).toEqual([
            mine.reduce((sum, row) => sum + (row.costNanoUsd ?? 0), 0),
            mine.length,
            mine.filter((row) => row.costNanoUsd === null).length,
          ]);
        }
      },
    ),
    { numRuns: 60 },
  );
  ledger.close();
});

describe("what counts when", () => {
  const now = Date.UTC(2026, 10, 23, 12);
  const clock = { nowMs: now, offsetMs: () => 0 };
  const spent = (ledger: ReturnType<typeof ledgerAt>, more: Partial<Budget>) => {
    const one = budget(more);
    return spendIn(ledger.db, one, spanOf(one, clock)).reduce((sum, { costNanoUsd }) => sum + costNanoUsd, 0) / USD;
  };

  it("a record of a clock that is ahead counts at the time it bears: in its day, and in a rolling cap when that has come", () => {
    const ledger = ledgerAt(sandbox().db);
    ledger.record({ ts: now / 1000, costNanoUsd: 1 * USD });
    ledger.record({ ts: now / 1000 + 3600, costNanoUsd: 2 * USD });
    ledger.record({ ts: now / 1000 + 86_400, costNanoUsd: 4 * USD });
    expect([spent(ledger, {}), spent(ledger, { period: "weekly" }), spent(ledger, { period: "rolling", days: 30 })]).toEqual([3, 7, 1]);
    ledger.close();
  });

  it("what was pruned still counts, at its day", () => {
    const ledger = ledgerAt(sandbox().db);
    for (let hour = 0; hour < 4; hour++) ledger.record({ ts: Date.UTC(2026, 10, 22, hour) / 1000, costNanoUsd: USD, project: "shop" });
    pruneSlice(ledger.db, { beforeS: Date.UTC(2026, 10, 22, 2) / 1000, lastSeq: 99 }, 99, (ts) => Math.floor(ts / 86_400) * 86_400);
    expect([spent(ledger, { period: "monthly" }), spent(ledger, { period: "monthly", scope: "project", target: "shop" })]).toEqual([4, 4]);
    expect([spent(ledger, {}), spent(ledger, { scope: "project", target: "other", period: "monthly" })]).toEqual([0, 0]);
    ledger.close();
  });

  it("a name with SQL in it is a name", () => {
    const ledger = ledgerAt(sandbox().db);
    const target = "x' OR 1=1; DROP TABLE usage_records; --";
    ledger.record({ ts: now / 1000, costNanoUsd: USD, branch: target });
    ledger.record({ ts: now / 1000, costNanoUsd: USD, branch: "x" });
    expect(spent(ledger, { scope: "branch", target })).toBe(1);
    ledger.close();
  });
});

describe("alerts", () => {
  const clock = { nowMs: Date.UTC(2026, 10, 23, 12), offsetMs: () => 0 };
  const at = (usd: number, more: Partial<Budget> = {}, nowMs = clock.nowMs): BudgetStatus => {
    const one = budget(more);
    const sums = [{ slot: nowMs / 900_000, requests: 1, priced: 1, costNanoUsd: usd * USD }];
    return statusOf(one, spanOf(one, { ...clock, nowMs }), sums, clock);
  };
  const levels = (alerts: { level: number }[]) => alerts.map(({ level }) => level);

  it("are raised once each as spend grows, and anew in the next period", () => {
    const { db, close } = ledgerAt(sandbox().db);
    const found = [1, 5, 6, 8, 9, 10, 50].map((usd) => levels(raiseAlerts(db, [at(usd)], 1)));
    expect(found).toEqual([[], [50], [], [80], [], [100], []]);
    expect(levels(raiseAlerts(db, [at(5, {}, clock.nowMs + 86_400_000)], 2))).toEqual([50]);
    close();
  });

  it("are one when several levels are reached at once; scopes, names and periods have their own", () => {
    const { db, close } = ledgerAt(sandbox().db);
    const all = [
      at(12),
      at(12, { period: "weekly" }),
      at(12, { scope: "project", target: "a" }),
      at(12, { scope: "project", target: "b" }),
    ];
    expect(levels(raiseAlerts(db, all, 1))).toEqual([100, 100, 100, 100]);
    expect(levels(raiseAlerts(db, [...all, at(6, { scope: "branch", target: "a" })], 1))).toEqual([50]);
    close();
  });

  it("are armed again when spend is below them again: a higher limit, a rolling cap that moved on", () => {
    const { db, close } = ledgerAt(sandbox().db);
    const rolling = { period: "rolling", days: 7 } as const;
    expect(levels(raiseAlerts(db, [at(10), at(9, rolling)], 1))).toEqual([100, 80]);
    expect(levels(raiseAlerts(db, [at(10, { limitNanoUsd: 20 * USD }), at(4, rolling, clock.nowMs + 1)], 1))).toEqual([]);
    expect(levels(raiseAlerts(db, [at(16, { limitNanoUsd: 20 * USD }), at(6, rolling, clock.nowMs + 2)], 1))).toEqual([80, 50]);
    close();
  });

  it("are seen on a terminal once, the highest of each limit", () => {
    const { db, close } = ledgerAt(sandbox().db);
    raiseAlerts(db, [at(5)], 1);
    raiseAlerts(db, [at(9)], 1);
    expect(levels(takeUntold(db, [at(9)]))).toEqual([80]);
    expect(levels(takeUntold(db, [at(9)]))).toEqual([]);
    close();
  });
});
