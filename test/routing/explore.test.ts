/** Exploration: how often, for which sessions, and what it never does. */
import { describe, expect, it } from "vitest";
import type { Candidate } from "../../src/core/routing/decide.ts";
import { explore, type ExploreOptions } from "../../src/core/routing/explore.ts";
import type { Exploration } from "../../src/core/routing/rule.ts";

const HOUR_MS = 3_600_000;
const ALWAYS: Exploration = { enabled: true, rate: 1, minSamples: 10, cooldownHours: 4, excludeProfiles: [] };
const ENOUGH = new Map(["a", "b", "c", "d"].map((name) => [name, 10]));
const PROFILES: Candidate[] = [
  { name: "a", adapter: "http" },
  { name: "b", adapter: "http" },
  { name: "c", adapter: "http" },
  { name: "cli", adapter: "tool" },
];
const CHOICE = { profile: "a", rule: "r1", reason: "rule r1 holds", fallback: ["b"] };

function options(extra: Partial<ExploreOptions> = {}): ExploreOptions {
  return {
    exploration: ALWAYS,
    sessionId: "s1",
    sessionStartedAtMs: null,
    nowMs: 0,
    seed: "seed",
    isOverBudget: false,
    overBudgetProfiles: new Set(),
    samples: ENOUGH,
    ...extra,
  };
}

/** What 1,000 sessions get. */
function tally(extra: Partial<ExploreOptions> = {}): Record<string, number> {
  const counts: Record<string, number> = {};
  for (let at = 0; at < 1000; at++) {
    const { profile } = explore(CHOICE, PROFILES, options({ ...extra, sessionId: `session-${at}` }));
    counts[profile as string] = (counts[profile as string] ?? 0) + 1;
  }
  return counts;
}

describe("exploring", () => {
  it("tries another profile of the same kind, and falls back to the one the rules say", () => {
    const found = explore(CHOICE, PROFILES.slice(0, 2), options());
    expect(found).toEqual({
      profile: "b",
      rule: "r1",
      reason: "trying b in this session, instead of a (rule r1 holds)",
      fallback: ["a"],
      explore: true,
    });
  });

  it("takes as many sessions as the rate says, and the others evenly", () => {
    const { a = 0, b = 0, c = 0, ...none } = tally({ exploration: { ...ALWAYS, rate: 0.2 } });
    expect(none).toEqual({});
    // 200 of 1,000 expected; five standard deviations are 63. Of these each half; five standard deviations are 36.
    expect(Math.abs(b + c - 200)).toBeLessThan(63);
    expect(Math.abs(b - c)).toBeLessThan(72);
    expect(a + b + c).toBe(1000);
  });

  it("prefers profiles of which too little is known", () => {
    expect(tally({ samples: new Map([...ENOUGH, ["c", 9]]) })).toEqual({ c: 1000 });
    expect(Object.keys(tally({ samples: new Map() })).toSorted()).toEqual(["b", "c"]);
  });

  it.each<[string, Partial<ExploreOptions>]>([
    ["without being switched on", { exploration: null }],
    ["when it is switched off", { exploration: { ...ALWAYS, enabled: false } }],
    ["at a rate of 0", { exploration: { ...ALWAYS, rate: 0 } }],
    ["over budget", { isOverBudget: true }],
    ["outside a session", { sessionId: null }],
    ["where all others are excluded", { exploration: { ...ALWAYS, excludeProfiles: ["b", "c"] } }],
    ["where the budget of all others is used up", { overBudgetProfiles: new Set(["b", "c"]) }],
  ])("never happens %s", (_, extra) => expect(explore(CHOICE, PROFILES, options(extra))).toEqual({ ...CHOICE, explore: false }));

  it("never takes a profile that is excluded or over its budget", () => {
    expect(tally({ exploration: { ...ALWAYS, excludeProfiles: ["b"] } })).toEqual({ c: 1000 });
    expect(tally({ overBudgetProfiles: new Set(["c"]) })).toEqual({ b: 1000 });
  });

  it("leaves a request alone for which there is no profile", () => {
    const none = { profile: null, rule: null, reason: "", fallback: [] };
    expect(explore(none, PROFILES, options())).toEqual({ ...none, explore: false });
  });
});

describe("a session", () => {
  const half = { exploration: { ...ALWAYS, rate: 0.5 } };
  const course = (sessionId: string, extra: Partial<ExploreOptions> = {}) =>
    Array.from(
      { length: 48 },
      (_, quarter) =>
        explore(
          CHOICE,
          PROFILES,
          options({ ...half, sessionId, sessionStartedAtMs: 1000, nowMs: 1000 + (quarter * HOUR_MS) / 4, ...extra }),
        ).profile,
    );

  it("decides alike until the hours of its cooldown are over, and only then anew", () => {
    const courses = Array.from({ length: 50 }, (_, at) => course(`session-${at}`));
    const changes = courses.map((profiles) => profiles.flatMap((profile, at) => (at > 0 && profile !== profiles[at - 1] ? [at] : [])));
    // Four hours are sixteen quarters.
    expect(new Set(changes.flat())).toEqual(new Set([16, 32]));
  });

  it("is never drawn again when its beginning is not known", () => {
    const courses = Array.from({ length: 20 }, (_, at) => new Set(course(`session-${at}`, { sessionStartedAtMs: null })).size);
    expect(new Set(courses)).toEqual(new Set([1]));
  });

  it("is drawn alike by the same seed, and otherwise by another", () => {
    const drawn = (seed: string) => Array.from({ length: 30 }, (_, at) => course(`session-${at}`, { seed })[0]);
    expect(drawn("one")).toEqual(drawn("one"));
    expect(drawn("one")).not.toEqual(drawn("two"));
  });
});
