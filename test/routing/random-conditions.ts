/** Random conditions, each in our spelling and in CEL's, and random requests. */
import fc from "fast-check";
import type { RouteContext } from "../../src/core/routing/context.ts";

/** The same condition twice: in one of our dialects, and as strict CEL. */
export interface Spelled {
  ours: string;
  cel: string;
}

const WORDS = ["a", "ab", "main", "feat/x", "go", "", "A b", "é\nb", "123", "night"];
const PIECES = ["a", "b", "ab", "[ab]", "\\d", ".", "\\b", "(a|b)", "(?i:B)", "é", "(\\w+)", "[^a]", "/"];
const TIMES = ["morning", "day", "evening", "night"];
const STRINGS = ["text", "intent", "task", "branch", "project", "project_type", "repo", "model", "tool"];
const NUMBERS = ["ctx_chars", "hour", "budget.remaining", "budget.spent", "budget.limit"];

const word = fc.constantFrom(...WORDS.filter((text) => !text.includes("\n")));
const space = fc.constantFrom("", " ", "  ");
const number = fc.oneof(fc.integer({ min: -3, max: 25 }), fc.constantFrom(0.5, 4.25, 5.0, 60000)).map(String);
const pattern = fc
  .array(
    fc.tuple(fc.constantFrom(...PIECES), fc.constantFrom("", "", "*", "?", "+", "{0,3}", "*?")).map(([piece, times]) => piece + times),
    { minLength: 1, maxLength: 4 },
  )
  .chain((pieces) =>
    fc.constantFrom(pieces.join(""), pieces.join("|"), `^${pieces.join("")}`, `${pieces.join("")}$`, `(?i)${pieces.join("")}`),
  );

/** Ours may write a string raw or not: it is raw either way. */
const string = (text: fc.Arbitrary<string>): fc.Arbitrary<Spelled> =>
  fc
    .tuple(text, fc.constantFrom("r'", "'", 'r"', '"', "R'"))
    .map(([value, open]) => ({ ours: `${open}${value}${open.at(-1)}`, cel: `r'${value}'` }));

const same = (text: string): Spelled => ({ ours: text, cel: text });
const joined = (sign: string, gap: string, left: Spelled, right: Spelled): Spelled => ({
  ours: `${left.ours}${gap}${sign}${gap}${right.ours}`,
  cel: `${left.cel} ${sign} ${right.cel}`,
});

const inOrder = (swapped: boolean, left: Spelled, right: Spelled): [Spelled, Spelled] => (swapped ? [right, left] : [left, right]);

const equality = fc
  .tuple(fc.constantFrom(...STRINGS), string(word), fc.constantFrom("==", "!="), space, fc.boolean())
  .map(([name, value, sign, gap, swapped]) => joined(sign, gap, ...inOrder(swapped, same(name), value)));

const equalsCall = fc.tuple(fc.constantFrom(...STRINGS), string(word)).map(([name, value]) => ({
  ours: `${name}.equals(${value.ours})`,
  cel: `${name} == ${value.cel}`,
}));

const order = fc
  .tuple(
    fc.constantFrom(...NUMBERS),
    fc.oneof(number, fc.constantFrom(...NUMBERS)),
    fc.constantFrom("<", "<=", ">", ">=", "==", "!="),
    space,
    fc.boolean(),
  )
  .map(([name, other, sign, gap, swapped]) => joined(sign, gap, ...inOrder(swapped, same(name), same(other))));

const call = fc
  .tuple(fc.constantFrom(...STRINGS), fc.constantFrom("contains", "startsWith", "endsWith"), string(word))
  .map(([name, method, value]) => ({ ours: `${name}.${method}(${value.ours})`, cel: `${name}.${method}(${value.cel})` }));

const infix = fc.tuple(fc.constantFrom(...STRINGS), string(word)).map(([name, value]) => ({
  ours: `${name} contains ${value.ours}`,
  cel: `${name}.contains(${value.cel})`,
}));

const matches = fc.tuple(fc.constantFrom(...STRINGS), string(pattern)).map(([name, value]) => ({
  ours: `${name}.matches(${value.ours})`,
  cel: `${name}.matches(${value.cel})`,
}));

const element = fc.tuple(string(word), fc.constantFrom("includes", "contains", "infix", "in")).map(([value, form]) => ({
  ours:
    form === "in"
      ? `${value.ours} in project_types`
      : form === "infix"
        ? `project_types contains ${value.ours}`
        : `project_types.${form}(${value.ours})`,
  cel: `${value.cel} in project_types`,
}));

const oneOf = fc.tuple(fc.constantFrom(...STRINGS), fc.array(string(word), { maxLength: 3 })).map(([name, values]) => ({
  ours: `${name} in [${values.map(({ ours }) => ours).join(",")}]`,
  cel: `${name} in [${values.map(({ cel }) => cel).join(", ")}]`,
}));

const partOfDay = fc.constantFrom(...TIMES).map((name) => same(`time_of_day == '${name}'`));

const clock = (minutes: number) => `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
/** CEL knows the minute of the day by a name of its own. */
const within = fc
  .tuple(fc.integer({ min: 0, max: 1439 }), fc.integer({ min: 0, max: 1440 }))
  .filter(([from, to]) => from !== to)
  .map(([from, to]) => ({
    ours: `time_of_day.in('${clock(from)}-${clock(to)}')`,
    cel: `(minute >= ${from} ${from < to ? "&&" : "||"} minute < ${to})`,
  }));

const bare = fc
  .constantFrom("stream", "has_image", "true", "false", "stream == has_image", "stream != true", "1 < 2.5", "'a' == 'b'")
  .map(same);

const leaf = fc.oneof(equality, equalsCall, order, order, call, infix, matches, element, oneOf, partOfDay, within, bare);

/** Conditions up to six levels deep, with more brackets than are needed, and with fewer. */
export const condition: fc.Arbitrary<Spelled> = fc.letrec<{ node: Spelled }>((tie) => ({
  node: fc.oneof(
    { depthSize: "small" },
    leaf,
    fc
      .tuple(tie("node"), tie("node"), fc.constantFrom("&&", "||"), space)
      .map(([left, right, sign, gap]) => joined(sign, gap, left, right)),
    tie("node").map(({ ours, cel }) => ({ ours: `(${ours})`, cel: `(${cel})` })),
    tie("node").map(({ ours, cel }) => ({ ours: `!( ${ours} )`, cel: `!(${cel})` })),
    fc.constantFrom("stream", "has_image").map((name) => same(`!${name}`)),
  ),
})).node;

const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value, { freq: 5, nil: null });
const label = maybe(fc.constantFrom(...WORDS));
const dollars = fc.constantFrom(0, 0.5, 4.25, 5, 20);

export const request: fc.Arbitrary<RouteContext> = fc.record({
  text: maybe(fc.array(fc.constantFrom(...WORDS), { maxLength: 4 }).map((words) => words.join(""))),
  ctxChars: maybe(fc.constantFrom(0, 1, 5, 60000, 60001)),
  intent: label,
  task: label,
  branch: label,
  project: label,
  projectTypes: maybe(fc.array(fc.constantFrom(...WORDS), { maxLength: 3 })),
  projectType: label,
  repo: label,
  model: label,
  tool: label,
  stream: maybe(fc.boolean()),
  hasImage: maybe(fc.boolean()),
  minuteOfDay: maybe(fc.integer({ min: 0, max: 1439 })),
  budget: maybe(fc.record({ remainingUsd: fc.oneof(dollars, fc.constant(-1)), spentUsd: dollars, limitUsd: dollars })),
});
