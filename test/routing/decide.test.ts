/** Deciding: the first rule that holds, whose profiles exist, else what is in use. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileCondition } from "../../src/core/routing/condition.ts";
import { decide, type Candidate, type DecideOptions } from "../../src/core/routing/decide.ts";
import { compileRules } from "../../src/core/routing/rules.ts";
import { known, minute } from "./context.ts";
import { condition, request } from "./random-conditions.ts";
import { rule } from "./rules.ts";

const http = (...names: string[]): Candidate[] => names.map((name) => ({ name, adapter: "http" }));

const PLAIN: DecideOptions = {
  active: null,
  preferred: [],
  trace: true,
  exploration: null,
  sessionId: null,
  sessionStartedAtMs: null,
  nowMs: 0,
  seed: "",
  isOverBudget: false,
  overBudgetProfiles: new Set(),
  samples: new Map(),
};

const RULES = compileRules([
  rule("r1", "ctx_chars > 50000", { use: "big", fallback: ["huge", "small"], explain: "long context" }),
  rule("r2", "time_of_day == 'night' && budget.remaining < 5", { use: "cheap" }),
  rule("r3", "branch == 'main'", { use: "safe", origin: "project" }),
]);
const ALL = http("big", "huge", "small", "cheap", "safe");

describe("a decision", () => {
  it("is the first rule that holds, with its chain and its words", () => {
    expect(decide(RULES, ALL, known({ ctxChars: 60_000, branch: "dev" }), PLAIN)).toEqual({
      profile: "big",
      rule: "r1",
      reason: "long context",
      fallback: ["huge", "small"],
      explore: false,
      trace: [
        { rule: "r3", matched: false, why: ["branch == 'main': false (branch is \"dev\")"] },
        { rule: "r1", matched: true, why: ["ctx_chars > 50000: true (ctx_chars is 60000)"] },
      ],
    });
  });

  it("asks a project's rules before the user's", () =>
    expect(decide(RULES, ALL, known({ ctxChars: 60_000, branch: "main" }), PLAIN)).toMatchObject({ profile: "safe", rule: "r3" }));

  it("says what is not known, and concludes nothing from it", () => {
    const found = decide(RULES, ALL, known({ minuteOfDay: minute("23:30") }), { ...PLAIN, active: "small" });
    expect(found).toMatchObject({ profile: "small", rule: null, fallback: [], reason: expect.stringContaining("in use") });
    expect(found.trace.map(({ why }) => why)).toEqual([
      ["branch == 'main': unknown, so not true (branch is not known)"],
      ["ctx_chars > 50000: unknown, so not true (ctx_chars is not known)"],
      [
        "time_of_day == 'night': true (time_of_day is \"night\" at 23:30)",
        "budget.remaining < 5: unknown, so not true (there is no budget)",
      ],
    ]);
  });

  it("never repeats what the user said", () => {
    const rules = compileRules([rule("r1", "text.contains('SENTINEL') || task.matches('x') || branch == 'x'")]);
    const context = known({ text: "my SENTINEL-1 secret", task: "SENTINEL-2", branch: "a\u001b[31mb" });
    const [{ why } = { why: [] }] = decide(rules, http("a"), context, PLAIN).trace;
    expect(why).toEqual([
      "text.contains('SENTINEL'): true (text of 20 characters)",
      "task.matches('x'): false (task of 10 characters)",
      "branch == 'x': false (branch is \"a\\u001b[31mb\")",
    ]);
  });

  it("takes the first profile of a rule's chain that is defined, and passes over a rule that has none", () => {
    const context = known({ ctxChars: 60_000 });
    expect(decide(RULES, http("small", "huge"), context, PLAIN)).toMatchObject({
      profile: "huge",
      fallback: ["small"],
      reason: "long context, but big is not defined",
    });
    const found = decide(RULES, http("safe"), context, { ...PLAIN, preferred: ["gone", "safe"] });
    expect(found).toMatchObject({ profile: "safe", rule: null, reason: expect.stringContaining("project prefers") });
    expect(found.trace[1]).toEqual({
      rule: "r1",
      matched: false,
      why: ["ctx_chars > 50000: true (ctx_chars is 60000)", "none of its profiles is defined: big, huge, small"],
    });
  });

  it.each([
    [null, "no profile is in use"],
    ["gone", "gone, the profile in use, is not defined"],
  ])("is none when no rule holds and %s is in use", (active, why) =>
    expect(decide(RULES, ALL, known({}), { ...PLAIN, active })).toMatchObject({
      profile: null,
      rule: null,
      reason: expect.stringContaining(why),
    }),
  );

  it("looks at the first and the last 32 Ki characters of a long text", () => {
    const rules = compileRules([rule("r1", "text.contains('needle')")]);
    const at = (position: number) =>
      decide(rules, http("a"), known({ text: `${"x".repeat(position)}needle${"x".repeat(200_000 - position)}` }), PLAIN).profile;
    expect([at(0), at(32_000), at(100_000), at(199_000), at(200_000)]).toEqual(["a", "a", null, "a", "a"]);
  });

  it("tries no more rules once they have taken too long", () => {
    let asked = 0;
    const late = decide(RULES, ALL, known({ ctxChars: 60_000 }), { ...PLAIN, active: "small", isLate: () => ++asked > 1 });
    expect([late.profile, late.rule, late.trace.map(({ rule: id }) => id)]).toEqual(["small", null, ["r3", "r1"]]);
    expect(late.trace[1]?.why).toEqual(["not tried, like all after it: the rules before it took too long"]);
  });

  it("refuses a set with a condition that is not understood, and says where", () =>
    expect(() => compileRules([rule("r7", "ctx_charz > 1")])).toThrow(
      expect.objectContaining({
        code: "BOBA-ROUTE-1",
        exit: 2,
        message: expect.stringMatching(/^routes\.yaml:7:5: rule r7, column 1 of its condition: there is no name "ctx_charz"$/),
        hint: expect.stringMatching(/did you mean "ctx_chars"\?/),
      }),
    ));
});

it("agrees with a slow and obvious model, with and without a trace", () => {
  const names = ["a", "b", "c", "d"];
  const name = fc.constantFrom(...names);
  const anyRule = fc.record({ source: condition, use: name, fallback: fc.uniqueArray(name), origin: fc.constantFrom("project", "user") });
  fc.assert(
    fc.property(
      fc.array(anyRule, { maxLength: 6 }),
      fc.subarray(names),
      fc.option(name, { nil: null }),
      request,
      (specs, defined, active, context) => {
        const rules = specs.map(({ source, use, fallback, origin }, at) => rule(`r${at}`, source.ours, { use, fallback, origin }));
        const chains = (["project", "user"] as const)
          .flatMap((origin) => rules.filter((one) => one.origin === origin))
          .filter((one) => compileCondition(one.if).test(context))
          .map((one) => ({ id: one.id, chain: [one.use, ...one.fallback].filter((entry) => defined.includes(entry)) }));
        const wanted = chains.find(({ chain }) => chain.length > 0);
        for (const trace of [true, false]) {
          const found = decide(compileRules(rules), http(...defined), context, { ...PLAIN, active, trace });
          const inUse = active !== null && defined.includes(active) ? active : null;
          expect([found.rule, found.profile]).toEqual([wanted?.id ?? null, wanted?.chain[0] ?? inUse]);
          expect([found.profile, ...found.fallback]).toEqual(wanted === undefined ? [inUse] : [...new Set(wanted.chain)]);
          expect(found.trace.filter(({ matched }) => matched).map(({ rule: id }) => id)).toEqual(
            trace && wanted !== undefined ? [wanted.id] : [],
          );
        }
      },
    ),
    { numRuns: 500, seed: 11 },
  );
});
