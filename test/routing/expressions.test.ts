/** What conditions mean: the specification's expressions, and every rule example of the documentation that boba carries on. */
import { describe, expect, it } from "vitest";
import { compileCondition } from "../../src/core/routing/condition.ts";
import type { RouteContext } from "../../src/core/routing/context.ts";
import { known, minute, REVIEW_AT_NIGHT } from "./context.ts";

describe("the specification's expressions", () => {
  it.each([
    ["ctx_chars > 50000", true],
    ["ctx_chars>3000", true],
    ["text.matches('review|audit')", true],
    ["text.contains('review')", true],
    ["ctx_chars > 50000 && text.matches('review|audit')", true],
    ["project_types.includes('go')", true],
    ["project_types.contains('go')", true],
    ["'go' in project_types", true],
    ["branch.matches('main|master|prod')", false],
    ["branch == 'main' || branch.equals('master')", false],
    ["time_of_day == 'night' && budget.remaining < 5.0", true],
    ["budget.remaining < 5", true],
    ["!text.matches('critical|urgent')", true],
    ["(ctx_chars < 5000 || time_of_day == 'night') && intent == 'review'", true],
    ["intent=='review'", true],
    ["project_type contains 'test'", true],
    ["task.matches('architecture|review|audit')", true],
    ["text.matches('\\bformat\\b')", true],
    ["text.matches(r'\\bformat\\b')", true],
    ["text.matches('(?i)REVIEW')", true],
  ])("%s is %s", (source, wanted) => {
    const condition = compileCondition(source);
    expect(condition.test(REVIEW_AT_NIGHT)).toBe(wanted);
    expect(condition.evaluate(REVIEW_AT_NIGHT).matched).toBe(wanted);
  });

  it.each([
    ["ctx_charz > 5", 1, /no name "ctx_charz"/, /did you mean "ctx_chars"\?.*text, ctx_chars, intent.*budget\.limit/],
    ["text.matches('(')", 14, /"\(" is no pattern: missing closing \)/, /RE2/],
    ["ctx_chars > 'a'", 13, /ctx_chars is a number, "a" is a string/, /same type/],
    ["text.lenght > 5", 6, /text has no part called "lenght"/, /matches, contains, startsWith, endsWith, equals/],
  ])("%s is refused at column %i", (source, column, message, hint) => {
    expect(() => compileCondition(source)).toThrow(
      expect.objectContaining({ column, message: expect.stringMatching(message), hint: expect.stringMatching(hint) }),
    );
  });
});

/** Condition, a request that matches, one that does not. */
const DOCUMENTED: readonly [string, Partial<RouteContext>, Partial<RouteContext>][] = [
  ["ctx_chars > 100000", { ctxChars: 100_001 }, { ctxChars: 100_000 }],
  ["text.matches('write.*function|implement|create.*class')", { text: "write me a small function" }, { text: "write\na function" }],
  ["text.matches('write.*function|implement|create.*class')", { text: "create the class" }, { text: "delete the class" }],
  ["text.matches('format|prettier|eslint|lint')", { text: "run the linter" }, { text: "run it" }],
  ["project_types.includes('react') || project_types.includes('vue')", { projectTypes: ["vue"] }, { projectTypes: ["vuex", "go"] }],
  ["branch.matches('feature/.*|feat/.*')", { branch: "feat/x" }, { branch: "fix/feat" }],
  ["time_of_day == 'day' || time_of_day == 'morning'", { minuteOfDay: minute("06:00") }, { minuteOfDay: minute("05:59") }],
  ["time_of_day == 'day' || time_of_day == 'morning'", { minuteOfDay: minute("17:59") }, { minuteOfDay: minute("18:00") }],
  [
    "branch.matches('hotfix/.*') && text.contains('urgent')",
    { branch: "hotfix/1", text: "urgent!" },
    { branch: "hotfix/1", text: "Urgent" },
  ],
  [
    "ctx_chars < 5000 && !text.matches('critical|important|urgent')",
    { ctxChars: 4999, text: "tidy up" },
    { ctxChars: 4999, text: "not so important" },
  ],
  ["intent == 'format'", { intent: "format" }, { intent: "formats" }],
  ["time_of_day.in('22:00-06:00')", { minuteOfDay: minute("22:00") }, { minuteOfDay: minute("21:59") }],
  ["time_of_day.in('22:00-06:00')", { minuteOfDay: minute("05:59") }, { minuteOfDay: minute("06:00") }],
  ["branch == 'main'", { branch: "main" }, { branch: "main2" }],
  ["branch.matches('dev|feature')", { branch: "develop" }, { branch: "main" }],
];

describe("the documented rules", () => {
  it.each(DOCUMENTED)("%s", (source, matching, other) => {
    const condition = compileCondition(source);
    expect(condition.test(known(matching))).toBe(true);
    expect(condition.test(known(other))).toBe(false);
  });
});

/** Condition, and whether it holds for the request above. */
const MORE: readonly [string, boolean][] = [
  ["true", true],
  ["!true", false],
  ["1 < 2 && 'a' != 'b'", true],
  ["50000 < ctx_chars", true],
  ["ctx_chars >= 60000 && ctx_chars <= 60000 && ctx_chars == 60000", true],
  ["ctx_chars != 60000", false],
  ["budget.remaining > -1", true],
  ["budget.spent < budget.limit", true],
  ["budget.limit <= budget.spent", false],
  ["hour == 23", true],
  ["time_of_day.in('09:00-18:00')", false],
  ["time_of_day.in('22:00-24:00')", true],
  ["intent in ['audit', 'review']", true],
  ["intent in []", false],
  ["text.startsWith('please') && text.endsWith(\"format it\")", true],
  ["project_types contains 'react'", true],
  ["'py' in project_types", false],
  ["!(intent == 'review') || !!(branch != 'main')", true],
  ["true || false && false", true],
  ["(true || false) && false", false],
];

describe("precedence, sides and lists", () => {
  it.each(MORE)("%s is %s", (source, wanted) => expect(compileCondition(source).test(REVIEW_AT_NIGHT)).toBe(wanted));

  it("compares values, not conditions", () =>
    expect(() => compileCondition("!intent.equals('review') == false")).toThrow(expect.objectContaining({ column: 1 })));
});

describe("the parts of the day", () => {
  it.each([
    ["00:00", "night"],
    ["05:59", "night"],
    ["06:00", "morning"],
    ["11:59", "morning"],
    ["12:00", "day"],
    ["17:59", "day"],
    ["18:00", "evening"],
    ["21:59", "evening"],
    ["22:00", "night"],
    ["23:59", "night"],
  ])("%s is %s", (time, name) => {
    const matching = ["morning", "day", "evening", "night"].filter((part) =>
      compileCondition(`time_of_day == '${part}'`).test(known({ minuteOfDay: minute(time) })),
    );
    expect(matching).toEqual([name]);
  });
});
