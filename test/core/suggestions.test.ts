import { describe, expect, it } from "vitest";
import type { BudgetStatus } from "../../src/core/budget.ts";
import { abandonedBranches, type BranchSum } from "../../src/core/suggestions/abandoned.ts";
import { growingWeek, limitsAtRisk, noLimit } from "../../src/core/suggestions/budget-trend.ts";
import { runawaySessions, unusualDays } from "../../src/core/suggestions/outliers.ts";
import { bySaving, median, suggestion, weight } from "../../src/core/suggestions/suggestion.ts";

const USD = 1e9;

describe("what all share", () => {
  it("the same subject has the same id, another one another", () => {
    const rest = {
      title: "",
      evidence: { requests: 1, costNanoUsd: 1, sessions: [], commits: [], facts: {} },
      savingNanoUsd: null,
      confidence: 0,
      apply: null,
    };
    const [first, same, other] = [
      suggestion("day-anomaly", "a", rest),
      suggestion("day-anomaly", "a", rest),
      suggestion("day-anomaly", "b", rest),
    ];
    // sha256sum of "day-anomaly", a zero byte and "a".
    expect(first.id).toBe("ab835705");
    expect([same.id === first.id, other.id === first.id]).toEqual([true, false]);
    const ordered = [
      first,
      { ...first, id: "1", savingNanoUsd: 10, confidence: 0.1 },
      { ...first, id: "2", savingNanoUsd: 4, confidence: 0.5 },
    ].toSorted(bySaving);
    expect(ordered.map(({ id }) => id)).toEqual(["2", "1", first.id]);
  });

  it("confidence is one half at the minimum, grows with cases and never reaches the sureness", () => {
    expect([weight(0, 50), weight(50, 50), weight(150, 50), weight(50, 50, 0.7), weight(1e9, 50, 0.7)]).toEqual([0, 0.5, 0.75, 0.35, 0.69]);
    expect([median([3, 1, 2]), median([4, 1, 3, 2]), median([])]).toEqual([2, 2.5, 0]);
  });
});

describe("sessions and days that stand out", () => {
  const session = (usd: number, at: number) => ({ tool: "claude-code", session: `s${at}`, requests: 3, costNanoUsd: usd * USD });
  // Median 1.5, median deviation 0.5: unusual above 1.5 + 6 x 1.4826 x 0.5 = 5.9478.
  const costs = [...Array.from({ length: 10 }, () => 1), ...Array.from({ length: 9 }, () => 2), 30];

  it("a session is compared with the median, which it does not move", () => {
    expect(runawaySessions(costs.map(session))).toMatchObject([
      {
        type: "runaway-session",
        title: "One session of claude-code cost $30.00, where half of all cost $1.50 or less",
        evidence: {
          requests: 3,
          costNanoUsd: 30 * USD,
          sessions: ["s19"],
          facts: { median_usd: 1.5, threshold_usd: 5.9478, sessions_seen: 20 },
        },
        savingNanoUsd: 24_052_200_000,
        confidence: 0.5,
        apply: null,
      },
    ]);
  });

  it("none among too few, none where all cost about the same, and none for less than a dollar", () => {
    expect(runawaySessions(costs.slice(1).map(session))).toEqual([]);
    expect(runawaySessions(costs.map((usd) => Math.min(usd, 5)).map(session))).toEqual([]);
    expect(runawaySessions(costs.map((usd) => usd / 100).map(session))).toEqual([]);
  });

  it("all equal but one: three times the median is unusual, twice is not", () => {
    const equal = Array.from({ length: 20 }, () => 2);
    expect(runawaySessions([...equal, 7.5].map(session))).toMatchObject([{ savingNanoUsd: 1.5 * USD }]);
    expect(runawaySessions([...equal, 4].map(session))).toEqual([]);
  });

  // Median 3, median deviation 1: unusual above 3 + 3.5 x 1.4826 = 8.1891.
  const days = [2, 2, 2, 2, 2, 2, 2, 4, 4, 4, 4, 4, 4, 40].map((usd, at) => ({
    day: `2026-11-${String(at + 1).padStart(2, "0")}`,
    requests: 5,
    costNanoUsd: usd * USD,
    sessions: ["a", "b", "c", "d"],
  }));

  it("a recent day is", () => {
    expect(unusualDays(days, "2026-11-10")).toMatchObject([
      {
        title: "2026-11-14 cost $40.00, where half of all days cost $3.00 or less",
        savingNanoUsd: 31_810_900_000,
        confidence: 0.5,
        evidence: { sessions: ["a", "b", "c"] },
      },
    ]);
    expect(unusualDays(days, "2026-11-15")).toEqual([]);
    expect(unusualDays(days.slice(1), "2026-11-01")).toEqual([]);
  });
});

describe("abandoned branches", () => {
  const branch = (usd: number, at: number, more: Partial<BranchSum> = {}): BranchSum => ({
    repo: "shop",
    branch: `b${at}`,
    requests: 5,
    costNanoUsd: usd * USD,
    abandonedRequests: 0,
    abandonedNanoUsd: 0,
    commits: [],
    ...more,
  });
  const gone = branch(12, 9, { branch: "try\u001b[2J", abandonedRequests: 5, abandonedNanoUsd: 10 * USD, commits: ["abc"] });

  it("would have cost what others do: what is above their median is the saving", () => {
    expect(abandonedBranches([gone, ...[1, 2, 3, 4, 5].map((usd, at) => branch(usd, at))])).toMatchObject([
      {
        title: "$10.00 went into commits of try\\u001b[2J that no branch holds any more",
        savingNanoUsd: 7 * USD,
        confidence: 0.5,
        evidence: { requests: 5, costNanoUsd: 10 * USD, commits: ["abc"], facts: { median_branch_usd: 3 } },
      },
    ]);
  });

  it("with too few others nothing is known of it; little spend and few requests are left alone", () => {
    expect(abandonedBranches([gone, branch(1, 1)])).toMatchObject([{ savingNanoUsd: null }]);
    expect(
      abandonedBranches([
        { ...gone, abandonedRequests: 4 },
        { ...gone, abandonedNanoUsd: 0.99 * USD },
      ]),
    ).toEqual([]);
  });
});

describe("where spending goes", () => {
  const status = (more: Partial<BudgetStatus>): BudgetStatus => ({
    scope: "project",
    target: "shop",
    period: "monthly",
    days: null,
    limitNanoUsd: 50 * USD,
    enforce: false,
    origin: "user",
    fromMs: 0,
    toMs: 1,
    spentNanoUsd: 30 * USD,
    requests: 50,
    unpricedRequests: 0,
    usedRatio: 0.6,
    forecastNanoUsd: 70 * USD,
    state: "ok",
    ...more,
  });

  it("a limit that will not hold can be enforced, where the user's own file says so", () => {
    expect(limitsAtRisk([status({})])).toMatchObject([
      {
        title: "The monthly limit of $50.00 (project shop) will not hold: $70.00 at this rate",
        savingNanoUsd: 20 * USD,
        confidence: 0.5,
        apply: { file: "settings.yaml", path: ["budget", "projects", "shop", "enforce"], value: true },
      },
    ]);
    expect(
      limitsAtRisk([status({ enforce: true }), status({ origin: "project" }), status({ scope: "profile" })]).map(({ apply }) => apply),
    ).toEqual([null, null, null]);
    expect(limitsAtRisk([status({ state: "over" }), status({ forecastNanoUsd: 50.5 * USD }), status({ forecastNanoUsd: null })])).toEqual(
      [],
    );
  });

  it("a week that is half as dear again as a usual one", () => {
    const weeks = (...usd: number[]) => usd.flatMap((one) => Array.from({ length: 7 }, () => one * USD));
    expect(growingWeek(weeks(1, 9, 1, 2), 33, "2026-11-22")).toMatchObject([
      { savingNanoUsd: 7 * USD, confidence: 0.5, evidence: { requests: 33, costNanoUsd: 14 * USD } },
    ]);
    expect(
      [weeks(1, 1, 1, 1.4), weeks(0.5, 0.5, 0.5, 1), weeks(1, 0, 1, 9), weeks(1, 1, 9)].flatMap((costs) => growingWeek(costs, 1, "x")),
    ).toEqual([]);
  });

  it("no limit at all: a quarter more than the last 30 days, in steps of five dollars", () => {
    const day = (usd: number) => [{ day: "2026-11-01", requests: 4, costNanoUsd: usd * USD, sessions: [] }];
    expect(noLimit(day(81))).toMatchObject([{ savingNanoUsd: null, apply: { path: ["budget", "monthly_usd"], value: 105 } }]);
    expect(noLimit(day(100))).toMatchObject([{ apply: { value: 125 } }]);
    expect(noLimit(day(0.5))).toEqual([]);
  });
});
