import { describe, expect, it } from "vitest";
import { type Budget, budgetsOf, type BudgetStatus, statusOf, tightestOf } from "../../src/core/budget.ts";
import { alertEnvironment, alertLine, reachedLevels } from "../../src/core/budget-alert.ts";
import { forecastNanoUsd, type SlotSum } from "../../src/core/budget-forecast.ts";

const USD = 1e9;
const from = Date.UTC(2026, 10, 1);
const clock = { nowMs: Date.UTC(2026, 10, 11), offsetMs: () => 0 };
const november = { fromMs: from, toMs: Date.UTC(2026, 11, 1) };
/** Spend on a day of November, at noon. */
const on = (day: number, usd: number, requests = 1): SlotSum => ({
  slot: Date.UTC(2026, 10, day, 12) / 900_000,
  requests,
  priced: requests,
  costNanoUsd: usd * USD,
});
const budget = (more: Partial<Budget> = {}): Budget => ({
  scope: "global",
  target: null,
  period: "monthly",
  days: null,
  limitNanoUsd: 100 * USD,
  enforce: false,
  origin: "user",
  ...more,
});
const status = (usd: number, more: Partial<Budget> = {}): BudgetStatus => statusOf(budget(more), november, [on(1, usd)], clock);

describe("what is used", () => {
  it.each([
    [0, "ok", []],
    [49.999999999, "ok", []],
    [50, "ok", [50]],
    [79.999999999, "ok", [50]],
    [80, "alert", [50, 80]],
    [94.999999999, "alert", [50, 80]],
    [95, "critical", [50, 80]],
    [99.999999999, "critical", [50, 80]],
    [100, "over", [50, 80, 100]],
    [250, "over", [50, 80, 100]],
  ])("%d of 100 dollars is %s", (usd, state, levels) => {
    const found = status(usd);
    expect([found.state, reachedLevels(found), found.usedRatio]).toEqual([state, levels, (usd * USD) / (100 * USD)]);
  });

  it("a limit of nothing is used up before anything is spent", () => {
    expect(statusOf(budget({ limitNanoUsd: 0 }), november, [], clock)).toMatchObject({ state: "over", usedRatio: 1, spentNanoUsd: 0 });
  });

  it("counts what has no price apart: then the spend is a floor, and alerts say so", () => {
    const found = statusOf(budget(), november, [{ ...on(1, 81, 5), priced: 3 }], clock);
    expect(found).toMatchObject({ requests: 5, unpricedRequests: 2, state: "alert" });
    expect(alertLine(found, 80)).toBe("budget alert: 80 % of the monthly limit is spent: at least $81.00 of $100.00");
  });

  it("a target has a budget for each limit that it has, to the nano-dollar", () => {
    const limits = { dailyUsd: 0.1, weeklyUsd: null, monthlyUsd: 12.34, hardCap: { usd: 50, days: 30 }, enforce: true };
    const found = budgetsOf({ scope: "project", target: "shop", limits, origin: "user" });
    expect(found.map(({ period, days, limitNanoUsd, enforce }) => [period, days, limitNanoUsd, enforce])).toEqual([
      ["daily", null, 100_000_000, true],
      ["monthly", null, 12_340_000_000, true],
      ["rolling", 30, 50_000_000_000, true],
    ]);
  });

  it("rules see the limit with the least left", () => {
    expect(tightestOf([])).toBeNull();
    const both = [status(90), status(1, { limitNanoUsd: 5 * USD })];
    expect(tightestOf(both)).toEqual({ remainingUsd: 4, spentUsd: 1, limitUsd: 5, isOver: false });
    expect(tightestOf([...both, status(101)])).toEqual({ remainingUsd: 0, spentUsd: 101, limitUsd: 100, isOver: true });
  });
});

describe("the forecast", () => {
  // Ten whole days: 1 $ a day, but for the 5th with 41 $, which counts as the next dearest (1 $). 50 $ and 20 more days at 1 $ are 70 $.
  const steady = Array.from({ length: 10 }, (_, at) => on(at + 1, at === 4 ? 41 : 1));

  it("goes on at the run rate, which one unusual day does not make", () => {
    expect(forecastNanoUsd("monthly", november, steady, clock)).toBe(70 * USD);
  });

  it("counts days without spend", () => {
    // 5 days of 2 $ in ten: the dearest one counts as 2 too, so 1 $ a day: 10 $ + 20 x 1 $.
    const half = [1, 3, 5, 7, 9].map((day) => on(day, 2, 2));
    expect(forecastNanoUsd("monthly", november, half, clock)).toBe(30 * USD);
  });

  it("takes hours for a day, and leaves the hour that is not over out of the rate", () => {
    const day = { fromMs: Date.UTC(2026, 10, 11), toMs: Date.UTC(2026, 10, 12) };
    const at = (hour: number, usd: number): SlotSum => ({
      slot: (day.fromMs + hour * 3_600_000) / 900_000,
      requests: 4,
      priced: 4,
      costNanoUsd: usd * USD,
    });
    // Hours 0 to 3 are whole: 1, 1, 1 and 9 (as 1): 1 $ an hour. Half an hour into the next: 17 $ spent, 19.5 hours to come.
    const sums = [at(0, 1), at(1, 1), at(2, 1), at(3, 9), at(4, 5)];
    expect(forecastNanoUsd("daily", day, sums, { ...clock, nowMs: day.fromMs + 4.5 * 3_600_000 })).toBe(36.5 * USD);
  });

  it("is none with too little to go by", () => {
    const early = { ...clock, nowMs: Date.UTC(2026, 10, 3, 23) };
    expect(forecastNanoUsd("monthly", november, [on(1, 5, 50)], early)).toBeNull();
    expect(forecastNanoUsd("monthly", november, [on(1, 5, 9)], clock)).toBeNull();
    expect(forecastNanoUsd("monthly", november, [{ ...on(1, 0, 50), priced: 0 }], clock)).toBeNull();
    expect(statusOf(budget({ period: "rolling", days: 30 }), november, steady, clock).forecastNanoUsd).toBeNull();
  });
});

describe("alerts", () => {
  it("name numbers and names, and no name can steer a terminal", () => {
    const hostile = status(80, { scope: "branch", target: "x\u001b[2J\nroot# " });
    expect(alertLine(hostile, 80)).toBe("budget alert: 80 % of the monthly limit is spent: $80.00 of $100.00 (branch x\\u001b[2J root# )");
    expect(alertEnvironment(hostile, 80)).toEqual({
      BOBA_ALERT_SCOPE: "branch",
      BOBA_ALERT_TARGET: "x\\u001b[2J root# ",
      BOBA_ALERT_PERIOD: "monthly",
      BOBA_ALERT_DAYS: "",
      BOBA_ALERT_LEVEL: "80",
      BOBA_ALERT_SPENT_USD: "80.00",
      BOBA_ALERT_LIMIT_USD: "100.00",
    });
    expect(alertLine(status(120, { period: "rolling", days: 30 }), 100)).toBe(
      "budget alert: 100 % of the cap of 30 days is spent: $120.00 of $100.00",
    );
  });
});
