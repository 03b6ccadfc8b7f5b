/** What conditions may not be: attacks, and mistakes whose message has to help. */
import { describe, expect, it } from "vitest";
import { compileCondition } from "../../src/core/routing/condition.ts";
import { ConditionError } from "../../src/core/routing/condition-error.ts";
import { known } from "./context.ts";

function refusal(source: string): ConditionError {
  try {
    compileCondition(source);
  } catch (error) {
    if (error instanceof ConditionError) return error;
    throw error;
  }
  throw new Error(`not refused: ${source.slice(0, 100)}`);
}

describe("the specification's attacks", () => {
  // A backtracking engine takes longer than the universe lasts for these: that they return is what is tested.
  it.each([
    ["(a+)+$", 35],
    ["(a+)+$", 200_000],
    ["^(a|a|aa)*b$", 200_000],
  ])("%s on %i letters ends, and does not match", (pattern, length) => {
    const text = `${"a".repeat(length)}!`;
    expect(compileCondition(`text.matches('${pattern}')`).test(known({ text }))).toBe(false);
  });

  it.each([
    ["((a{0,100}){0,100}){0,100}", "text.matches('((a{0,100}){0,100}){0,100}')", 14, /invalid repeat count/],
    ["a back-reference", "text.matches('(a)\\1')", 14, /refers back to a group, which is not supported/],
    ["a constructor's constructor", "text.constructor.constructor('return 1')()", 41, /"\(" cannot stand here/],
    ["the same without its call", "text.constructor.constructor('return 1')", 6, /no part called "constructor"/],
    ["a prototype", "text.__proto__ == null", 6, /no part called "__proto__"/],
    ["a name of every object", "budget.constructor.name == 'Object'", 1, /no name "budget.constructor.name"/],
    ["20,000 brackets", `${"(".repeat(20_000)}true${")".repeat(20_000)}`, 4097, /longer than 4096 characters/],
    ["50,000 !", `${"!".repeat(50_000)}true`, 4097, /longer than 4096 characters/],
    ["20,000 terms", Array.from({ length: 20_000 }, () => "true").join("&&"), 4097, /longer than 4096 characters/],
    [
      "five nested macros",
      "xs.all(a, xs.all(b, xs.all(c, xs.all(d, xs.all(e, e != a)))))".replaceAll("xs", "project_types"),
      15,
      /"all" cannot be called on project_types/,
    ],
    ["a macro", "project_types.all(a, a == 'go')", 15, /"all" cannot be called on project_types/],
  ])("%s is refused", (_, source, column, message) => {
    expect(refusal(source)).toMatchObject({ column, message: expect.stringMatching(message) });
  });
});

describe("limits", () => {
  const bracketed = (depth: number) => `${"(".repeat(depth)}true${")".repeat(depth)}`;
  const joined = (terms: number) => Array.from({ length: terms }, () => "stream").join(" && ");
  it.each([
    ["4096 characters", `true${" ".repeat(4092)}`, `true${" ".repeat(4093)}`],
    ["32 levels of brackets", bracketed(32), bracketed(33)],
    ["32 levels of !", `${"!".repeat(32)}true`, `${"!".repeat(33)}true`],
    ["128 terms", joined(128), joined(129)],
    ["patterns of 512 characters", `text.matches('${"a".repeat(498)}')`, `text.matches('${"(?:a)".repeat(102)}aaa')`],
    ["patterns of 1,000 steps", "text.matches('a{990}')", "text.matches('(?:ab|c){0,600}')"],
    [
      "1,000 steps of all patterns",
      "text.matches('a{490}') || task.matches('a{490}')",
      "text.matches('a{600}') && !task.matches('a{600}')",
    ],
    ["Unicode classes", `text.matches('(?i)${"\\pL".repeat(80)}')`, `text.matches('(?i)${"\\pL".repeat(160)}')`],
    ["wide ranges in either case", "text.matches('(?i)[а-я]+[一-龥]')", `text.matches('(?i)${"[-B-\u{1e942}]".repeat(60)}')`],
    ["the same, escaped", "text.matches('(?i)[\\x{430}-\\x{44f}]')", `text.matches('(?i)${"[B-\\x{1e942}]".repeat(30)}')`],
    ["numbers of 15 digits", "ctx_chars > 123456789012345", "ctx_chars > 1234567890123456"],
  ])("%s", (_, longest, tooLong) => {
    expect(compileCondition(longest).source).toBe(longest);
    expect(refusal(tooLong).hint).not.toBe("");
  });
});

describe("mistakes", () => {
  it.each([
    ["", 1, /empty/, /write true/],
    ["  ", 1, /empty/, /write true/],
    ["ctx_chars >", 12, /ends too early/, /end/],
    ["(ctx_chars > 1", 15, /"\)" is missing/, /end/],
    ["ctx_chars > 1)", 14, /"\)" cannot stand here/, /routing\.md/],
    ["intent = 'x'", 8, /"=" is no part/, /write ==/],
    ["stream & has_image", 8, /"&" is no part/, /write &&/],
    ["stream and has_image", 8, /"and" cannot stand here/, /write &&/],
    ["stream OR has_image", 8, /"OR" cannot stand here/, /write \|\|/],
    ["not stream", 5, /"stream" cannot stand here/, /routing\.md/],
    ["intent == 'x", 11, /a string has no end/, /close it with '/],
    ["1 < hour < 5", 10, /two comparisons in a row/, /join.*&&/],
    ["hour + 1 > 5", 6, /"\+" is no part/, /comparisons/],
    ["intent", 1, /intent is a string, no condition/, /intent == '\.\.\.'/],
    ["'x'", 1, /a string is no condition/, /compare/],
    ["branch > 'a'", 8, /only numbers can be compared with >/, /==/],
    ["project_types == 'go'", 18, /project_types is a list of strings/, /'go' in project_types/],
    ["'go' in branch", 9, /branch is no list/, /text\.contains/],
    ["hour in ['5']", 1, /hour is a number, and lists hold strings/, /==/],
    ["text.matches(branch)", 14, /matches takes a string in quotes/, /e\.g\./],
    ["text.matches('a', 'b')", 6, /takes one argument, not 2/, /text\.matches\('\.\.\.'\)/],
    ["text.Matches('a')", 6, /"Matches" cannot be called on text, which is a string/, /did you mean "matches"\?/],
    ["branch.in('09:00-18:00')", 8, /"in" cannot be called on branch/, /matches/],
    ["time_of_day.in('9-18')", 16, /no range of times/, /22:00-06:00/],
    ["time_of_day.in('24:00-25:00')", 16, /no range of times/, /22:00-06:00/],
    ["time_of_day.in('08:00-08:00')", 16, /no range of times/, /two different times/],
    ["time_of_day == 'nigth'", 16, /time_of_day is never "nigth"/, /did you mean "night"\? it is one of morning, day, evening, night/],
    ["budget < 5", 1, /no name "budget"/, /budget\.remaining, budget\.spent, budget\.limit/],
    ["bugdet.remaining < 5", 1, /no name "bugdet\.remaining"/, /did you mean "budget\.remaining"\?/],
    ["text.matches('(?=a)b')", 14, /looks ahead or behind, which is not supported/, /second condition/],
    ["text.matches('(?<!a)b')", 14, /looks ahead or behind/, /second condition/],
    ["text.matches('a++')", 14, /possessive or atomic/, /leave it out/],
    ["text.matches('\bformat\b')", 15, /control character/, /single quotes/],
  ])("%s", (source, column, message, hint) => {
    expect(refusal(source)).toMatchObject({ column, message: expect.stringMatching(message), hint: expect.stringMatching(hint) });
  });
});
