/** What a parsed condition consists of. */
import { ConditionError } from "./condition-error.ts";
import type { Token } from "./lexer.ts";

/** Where a part stands in the condition: from `at` to before `end`. */
interface Placed {
  at: number;
  end: number;
}

export type Literal = Placed & { kind: "literal"; value: string | number | boolean };
/** Also with dots: `budget.remaining`. */
export type Name = Placed & { kind: "name"; name: string };
export type ListNode = Placed & { kind: "list"; items: readonly Node[] };
export type Call = Placed & { kind: "call"; target: Node; method: string; methodAt: number; args: readonly Node[] };
export type Not = Placed & { kind: "not"; part: Node };
export type Binary = Placed & { kind: "binary"; sign: string; signAt: number; left: Node; right: Node };
export type Node = Literal | Name | ListNode | Call | Not | Binary;

const MAX_DIGITS = 15;

/** A number, times `sign`. @throws ConditionError for one that a double does not hold exactly. */
export function literalOf({ text, at, end }: Token, sign: 1 | -1): Literal {
  if (text.length <= MAX_DIGITS) return { kind: "literal", value: sign * Number(text), at, end };
  throw new ConditionError(`a number of more than ${MAX_DIGITS} digits`, at, "no amount of anything here is that exact");
}

export function nameOrBoolean({ text, at, end }: Token): Literal | Name {
  return text === "true" || text === "false" ? { kind: "literal", value: text === "true", at, end } : { kind: "name", name: text, at, end };
}
