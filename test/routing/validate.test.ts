/** Faults of rule sets: what is told, and that nothing is told of rules that work. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileCondition } from "../../src/core/routing/condition.ts";
import { validateRules } from "../../src/core/routing/validate.ts";
import { condition, request } from "./random-conditions.ts";
import { rule } from "./rules.ts";

const problemsOf = (...conditions: string[]) =>
  validateRules(
    conditions.map((text, at) => rule(`r${at + 1}`, text)),
    ["a"],
  );

it("a repository's rules have 20,000 steps together; one's own have 1,000 each", () => {
  const rules = Array.from({ length: 30 }, (_, at) => rule(`r${at + 1}`, `text.matches('a{900}${at}')`));
  const refused = (origin: "project" | "user") =>
    validateRules(
      rules.map((one) => ({ ...one, origin })),
      ["a"],
    ).filter(({ severity }) => severity === "error");
  expect(refused("user")).toEqual([]);
  // 900 letters, one or two digits, a begin and an end: 22 fit.
  expect(refused("project").map(({ rule: id }) => id)).toEqual(["r23", "r24", "r25", "r26", "r27", "r28", "r29", "r30"]);
  expect(refused("project")[0]?.message).toBe("patterns that take too long to match");
});

describe("rules that can never hold", () => {
  it.each([
    "hour > 25",
    "hour == 5.5",
    "hour < 0",
    "hour >= 24",
    "ctx_chars < 0",
    "ctx_chars > 10 && ctx_chars < 11",
    "budget.spent < 0",
    "budget.limit > 5 && budget.limit <= 5",
    "branch == 'a' && branch == 'b'",
    "branch == 'a' && branch != 'a'",
    "branch == 'main' && branch.matches('^feature/')",
    "branch in ['a', 'b'] && !(branch == 'a') && 'b' != branch",
    "branch in []",
    "text.matches('x') && !text.matches('x')",
    "text.contains('x') && intent == 'a' && !(text contains 'x' || stream)",
    "'go' in project_types && !project_types.includes('go')",
    "stream && !stream",
    "stream == has_image && stream != has_image",
    "budget.spent > budget.limit && budget.limit >= budget.spent",
    "time_of_day == 'night' && hour == 12",
    "time_of_day.in('09:00-12:00') && time_of_day.in('12:00-13:00')",
    "time_of_day.in('22:30-06:00') && hour >= 6 && hour < 22",
    "time_of_day == 'morning' && time_of_day.in('12:00-06:00')",
    "false",
    "!true || 1 > 2",
  ])("%s", (text) =>
    expect(problemsOf(text)).toEqual([
      expect.objectContaining({ severity: "warning", rule: "r1", message: expect.stringContaining("never hold"), column: null }),
    ]),
  );
});

describe("rules that are never reached", () => {
  it.each([
    [["true", "stream"], /rule r1 \(routes\.yaml:1\) comes first and always holds/],
    [["stream || true", "hour == 1"], /r1 .* always holds/],
    [["stream", "stream"], /r1 .* holds whenever this one does/],
    [["ctx_chars > 10", "stream", "ctx_chars >= 11"], /r1 .* holds whenever/],
    [["text.matches('a') || stream", "text.matches('a') && hour == 3"], /r1 .* holds whenever/],
    [["branch != 'main'", "branch in ['dev', 'next']"], /r1 .* holds whenever/],
    [["branch.matches('^feat')", "branch == 'feat/x'"], /r1 .* holds whenever/],
    [["time_of_day == 'night'", "time_of_day.in('22:00-06:00')"], /r1 .* holds whenever/],
    [["hour < 12", "hour >= 12", "time_of_day == 'day'"], /r2 .* holds whenever/],
    [["hour < 12", "hour >= 12", "hour != 30"], /before it together/],
  ])("%j", (conditions, message) =>
    expect(problemsOf(...conditions)).toEqual([
      expect.objectContaining({ severity: "warning", rule: `r${conditions.length}`, message: expect.stringMatching(message) }),
    ]),
  );
});

describe("nothing is said of", () => {
  it.each([
    // Where the hour is not known, neither of the first two holds.
    [["hour < 12", "hour >= 12", "true"]],
    [["!stream", "stream", "intent == 'x'"]],
    [["ctx_chars >= 11", "ctx_chars > 9"]],
    [["budget.limit != -2", "ctx_chars > -5", "hour < 30"]],
    [["text.matches('a')", "text.matches('b')", "text.contains('a')"]],
    [["branch == 'main'", "branch.matches('main')"]],
    [["budget.remaining < -5", "budget.remaining < 5"]],
    [["time_of_day.in('22:00-05:59')", "time_of_day == 'night'"]],
    [["time_of_day == 'day' || time_of_day == 'morning'", "hour == 18"]],
    [["stream && has_image", "stream", "has_image", "true"]],
  ])("%j", (conditions) => expect(problemsOf(...conditions)).toEqual([]));
});

describe("what a rule names", () => {
  it("tells of profiles that are not defined, and of chains that come back", () => {
    const problems = validateRules(
      [
        rule("r1", "stream", { use: "fats", fallback: ["a"] }),
        rule("r2", "has_image", { fallback: ["fast", "a"] }),
        rule("r3", "hour == 1", { fallback: ["fast", "fast"] }),
      ],
      ["a", "fast"],
    );
    expect(problems.map(({ severity, rule: id, message, hint }) => [severity, id, message, hint])).toEqual([
      [
        "error",
        "r1",
        'there is no profile "fats"',
        expect.stringMatching(/^did you mean "fast"\? define it in profiles\.yaml; there are: a, fast$/),
      ],
      ["error", "r2", "it falls back from a to a itself", "name a once"],
      ["error", "r3", "it falls back to fast twice", "name fast once"],
    ]);
  });

  it("tells of ids that occur twice, as an error within one file's rules", () => {
    const again = (origin: "project" | "user") => [rule("r1", "stream", { origin: "project" }), rule("r1", "has_image", { origin })];
    expect(validateRules(again("project"), ["a"])).toEqual([
      expect.objectContaining({ severity: "error", message: expect.stringMatching(/same id/) }),
    ]);
    expect(validateRules(again("user"), ["a"])).toEqual([
      expect.objectContaining({ severity: "warning", message: expect.stringMatching(/same id/) }),
    ]);
  });

  it("tells where a condition is refused, and goes on", () => {
    const problems = problemsOf("ctx_charz > 5", "stream", "stream");
    expect(problems.map(({ severity, rule: id, column }) => [severity, id, column])).toEqual([
      ["error", "r1", 1],
      ["warning", "r3", null],
    ]);
  });

  it("tries a project's rules first", () => {
    const rules = [rule("r1", "stream && has_image"), rule("r2", "stream", { origin: "project" })];
    expect(validateRules(rules, ["a"])).toEqual([
      expect.objectContaining({ rule: "r1", message: expect.stringMatching(/rule r2 .* comes first/) }),
    ]);
  });
});

it("what is proved of random rules is true of random requests", () => {
  let proved = 0;
  fc.assert(
    fc.property(
      fc.array(condition, { minLength: 3, maxLength: 6 }),
      fc.array(request, { minLength: 30, maxLength: 30 }),
      (spelled, requests) => {
        const conditions = spelled.map(({ ours }) => compileCondition(ours));
        for (const { rule: id, message } of problemsOf(...spelled.map(({ ours }) => ours))) {
          proved++;
          const at = Number(id.slice(1)) - 1;
          const reached = requests.some((one) => conditions[at]?.test(one) && !conditions.slice(0, at).some((before) => before.test(one)));
          const held = requests.some((one) => conditions[at]?.test(one));
          if (reached || (held && message.includes("never hold"))) throw new Error(`${id} is reached: ${message}`);
        }
      },
    ),
    { numRuns: 600, seed: 7 },
  );
  expect(proved).toBeGreaterThan(200);
});
