/** Patterns: RE2 syntax, which takes time in proportion to the text whatever the pattern says. */
import { RE2JS } from "re2js";
import { ConditionError, quoted } from "./condition-error.ts";

const MAX_CHARS = 512;
/** Steps of the compiled pattern; `x{400}` takes 400. Matching takes time in proportion to them. */
const MAX_STEPS = 500;

/** Whether the pattern is found anywhere in the text. `offset` is where it stands in the condition. @throws ConditionError. */
export function compilePattern(pattern: string, offset: number): (text: string) => boolean {
  if (pattern.length > MAX_CHARS) {
    throw new ConditionError(`a pattern of more than ${MAX_CHARS} characters`, offset, "write several conditions, joined with ||");
  }
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(pattern);
  } catch (error) {
    throw refused(pattern, offset, error);
  }
  if (compiled.programSize() > MAX_STEPS) {
    throw new ConditionError(
      "a pattern that takes too long to match",
      offset,
      `repeat less often: it unfolds to more than ${MAX_STEPS} steps`,
    );
  }
  // `test` runs on the automaton alone; the matcher, which also finds groups, is over ten times slower in the worst case.
  return (text) => compiled.test(text);
}

/** What other engines have and a linear-time one cannot. */
const NOT_LINEAR: readonly { sign: RegExp; what: string; hint: string }[] = [
  { sign: /\(\?<?[=!]/, what: "looks ahead or behind", hint: "write a second condition with && or !" },
  { sign: /\\[1-9]|\\k[<{']|\(\?P=/, what: "refers back to a group", hint: "list the alternatives with |" },
  { sign: /\(\?>|[*+?}]\+/, what: "has a possessive or atomic part", hint: "leave it out: no pattern can run away here" },
];

function refused(pattern: string, offset: number, error: unknown): ConditionError {
  const found = NOT_LINEAR.find(({ sign }) => sign.test(pattern));
  if (found !== undefined)
    return new ConditionError(`the pattern ${quoted(pattern)} ${found.what}, which is not supported`, offset, found.hint);
  const reason = error instanceof Error ? error.message.replace(/^error parsing regexp: /, "") : String(error);
  return new ConditionError(
    `${quoted(pattern)} is no pattern: ${reason.slice(0, 200)}`,
    offset,
    "patterns are written in RE2 syntax; write \\( for a bracket",
  );
}
