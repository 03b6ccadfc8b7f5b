/** Calls on a name: `text.matches('...')` and its like, and the same written between two values. */
import { isWithin, MINUTES_PER_DAY, parseClockRange } from "./clock.ts";
import { compare } from "./check-comparison.ts";
import { ConditionError, didYouMean, quoted } from "./condition-error.ts";
import { opaqueLeaf, factLeaf, type Written } from "./leaf.ts";
import { ARTICLED, methodsOf, operandOf, refuseImpossible, variableOf } from "./operand.ts";
import type { Call, ListNode, Literal, Node } from "./syntax.ts";
import type { PatternMaker } from "./pattern.ts";
import type { Leaf } from "./test-tree.ts";
import type { Value, Variable } from "./variables.ts";

const PARTS: Readonly<Record<string, (value: string, piece: string) => boolean>> = {
  contains: (value, piece) => value.includes(piece),
  startsWith: (value, piece) => value.startsWith(piece),
  endsWith: (value, piece) => value.endsWith(piece),
};

/** @throws ConditionError for methods, numbers and types of arguments that do not exist. */
export function checkCall(node: Call, written: Written, patterns: PatternMaker): Leaf {
  if (node.target.kind !== "name") throw new ConditionError("a name must stand before the dot", node.at, `e.g. text.${node.method}('...')`);
  const variable = variableOf(node.target);
  const methods = methodsOf(variable);
  if (!methods.includes(node.method)) {
    const hint = `${didYouMean(node.method, methods)}on ${variable.name} one can call ${methods.join(", ")}`;
    throw new ConditionError(
      `${quoted(node.method)} cannot be called on ${variable.name}, which is ${ARTICLED[variable.type]}`,
      node.methodAt,
      hint,
    );
  }
  const [arg, ...more] = node.args;
  if (arg === undefined || more.length > 0) {
    throw new ConditionError(
      `${node.method} takes one argument, not ${node.args.length}`,
      node.methodAt,
      `e.g. ${variable.name}.${node.method}('...')`,
    );
  }
  if (node.method === "equals") return compare("==", operandOf(node.target), operandOf(arg), written, node.methodAt);
  const { value: text, at } = stringOf(arg, node.method);
  if (node.method === "in") return within(variable, text, at, written);
  if (node.method === "matches") {
    const { isIn } = patterns(text, at);
    return opaqueLeaf(written, variable, `matches ${text}`, (fact) => isIn(variable.view(fact) as string));
  }
  return node.method === "contains" || node.method === "includes"
    ? contains(variable, text, written)
    : part(variable, node.method, text, written);
}

/** `variable contains 'x'`, `'x' in variable`: a part of a string, an element of a list. */
export function contains(variable: Variable, text: string, written: Written): Leaf {
  if (variable.type === "string") return part(variable, "contains", text, written);
  return opaqueLeaf(written, variable, `contains ${text}`, (list) => (list as readonly string[]).includes(text));
}

function part(variable: Variable, method: string, text: string, written: Written): Leaf {
  const holds = PARTS[method] as (value: string, piece: string) => boolean;
  return opaqueLeaf(written, variable, `${method} ${text}`, (fact: Value) => holds(variable.view(fact) as string, text));
}

/** `variable in ['a', 'b']`. @throws ConditionError. */
export function oneOf(variable: Variable, list: ListNode, written: Written): Leaf {
  if (variable.type !== "string") {
    throw new ConditionError(
      `${variable.name} is ${ARTICLED[variable.type]}, and lists hold strings`,
      written.at,
      "compare it with == or <",
    );
  }
  const values = list.items.map((item) => stringOf(item, "a list"));
  for (const { value, at } of values) refuseImpossible(variable, value, at);
  const wanted = new Set(values.map(({ value }) => value));
  return factLeaf(written, variable, variable.fact === "clock" ? [] : [...wanted], (fact) => wanted.has(variable.view(fact) as string));
}

function within(variable: Variable, text: string, at: number, written: Written): Leaf {
  const range = parseClockRange(text);
  if (range === null) {
    throw new ConditionError(`${quoted(text)} is no range of times`, at, "write two different times as in time_of_day.in('22:00-06:00')");
  }
  const ends = [range.fromMinute, range.toMinute % MINUTES_PER_DAY];
  return factLeaf(written, variable, ends, (minute) => isWithin(range, minute as number));
}

/** @throws ConditionError for anything but a string in quotes. */
export function stringOf(node: Node, what: string): Literal & { value: string } {
  if (node.kind === "literal" && typeof node.value === "string") return { ...node, value: node.value };
  throw new ConditionError(`${what} takes a string in quotes`, node.at, "e.g. 'review'");
}
