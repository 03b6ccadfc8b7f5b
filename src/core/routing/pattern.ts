/** Patterns: RE2 syntax, which takes time in proportion to the text whatever the pattern says. */
import { RE2JS } from "re2js";
import { ConditionError, quoted } from "./condition-error.ts";

const MAX_CHARS = 512;
/** Of all patterns of a condition together. In the worst case, matching takes time in proportion to their steps times the text. */
const MAX_STEPS = 1000;
/** Of all rules of a repository, which others write: making a pattern ready takes time in proportion to its steps too. */
const MAX_FOREIGN_STEPS = 20_000;

/** Steps that the patterns to come may take. */
export interface StepsLeft {
  left: number;
}

export const foreignSteps = (): StepsLeft => ({ left: MAX_FOREIGN_STEPS });

/** Makes patterns ready until they take too many steps. `offset` is where the pattern stands in the condition. @throws ConditionError. */
export type PatternMaker = (pattern: string, offset: number) => Pattern;

/** For the patterns of one condition, of one of several that have `shared` together. */
export function patternMaker(shared: StepsLeft | null): PatternMaker {
  const own: StepsLeft = { left: MAX_STEPS };
  const tooLong = (offset: number, hint: string) => new ConditionError("patterns that take too long to match", offset, hint);
  const together = `repeat less often: the patterns of a repository's rules unfold to at most ${MAX_FOREIGN_STEPS} steps together`;
  return (pattern, offset) => {
    if (shared !== null && shared.left <= 0) throw tooLong(offset, together);
    const take = (steps: number): void => {
      own.left -= steps;
      if (shared !== null) shared.left -= steps;
      if (own.left < 0) throw tooLong(offset, `repeat less often: together they unfold to more than ${MAX_STEPS} steps`);
      if (shared !== null && shared.left < 0) throw tooLong(offset, together);
    };
    take(classSteps(pattern));
    const made = compilePattern(pattern, offset);
    take(made.steps);
    return made;
  };
}

interface Pattern {
  /** Whether it is found anywhere in the text. */
  isIn: (text: string) => boolean;
  /** What it unfolds to: `x{400}` takes 400. */
  steps: number;
}

const STEPS_PER_UNICODE_CLASS = 10;
const CHARACTERS_PER_STEP = 128;

/**
 * What making its classes ready takes, counted in steps before it is done: `\pL` unfolds to hundreds of ranges, and `(?i)` looks at each character of
 * a range (40 ms for the widest). A range counts from U+0000: where it begins is not looked at.
 */
function classSteps(pattern: string): number {
  const unicode = (pattern.match(/\\p/gi) ?? []).length * STEPS_PER_UNICODE_CLASS;
  if (!/\(\?[a-z]*i/i.test(pattern)) return unicode;
  let characters = 0;
  for (const [, end = "", hex] of pattern.matchAll(/-(?=(\\x\{([0-9a-f]+)\}|[^]))/giu))
    characters += hex === undefined ? (end.codePointAt(0) ?? 0) : parseInt(hex, 16);
  return unicode + Math.floor(characters / CHARACTERS_PER_STEP);
}

function compilePattern(pattern: string, offset: number): Pattern {
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
