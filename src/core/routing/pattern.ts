/** Patterns: RE2 syntax, which takes time in proportion to the text whatever the pattern says. */
import { RE2JS } from "re2js";
import { ConditionError, quoted } from "./condition-error.ts";

const MAX_CHARS = 512;
/** Of all patterns of a condition together. In the worst case, matching takes time in proportion to their steps times the text. */
export const MAX_STEPS = 1000;

export interface Pattern {
  /** Whether it is found anywhere in the text. */
  isIn: (text: string) => boolean;
  /** What it unfolds to: `x{400}` takes 400. */
  steps: number;
}

/** `offset` is where the pattern stands in the condition. @throws ConditionError. */
export function compilePattern(pattern: string, offset: number): Pattern {
  if (pattern.length > MAX_CHARS) {
    throw new ConditionError(`a pattern of more than ${MAX_CHARS} characters`, offset, "write several conditions, joined with ||");
  }
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(pattern);
  } catch (error) {
    throw refused(pattern, offset, error);
  }
  // `test` runs on the automaton alone; the matcher, which also finds groups, is over ten times slower in the worst case.
  return { isIn: (text) => compiled.test(text), steps: compiled.programSize() };
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
