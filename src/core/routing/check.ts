/** Checks names and types of a parsed condition, and makes the tests it consists of. */
import { checkCall, contains, oneOf, stringOf } from "./check-call.ts";
import { compare } from "./check-comparison.ts";
import { ConditionError, quoted } from "./condition-error.ts";
import { constantLeaf, factLeaf, type Written } from "./leaf.ts";
import { ARTICLED, operandOf, type Operand } from "./operand.ts";
import type { PatternMaker } from "./pattern.ts";
import type { Binary, Node } from "./syntax.ts";
import type { Leaf, TestTree } from "./test-tree.ts";

/** `source` is what `node` was parsed from. @throws ConditionError at the first name or type that does not fit. */
export function check(node: Node, source: string, patterns: PatternMaker): TestTree {
  if (node.kind === "not") return { kind: "not", part: check(node.part, source, patterns) };
  const written = { source: source.slice(node.at, node.end), at: node.at };
  if (node.kind === "binary") {
    if (node.sign !== "&&" && node.sign !== "||") return checkComparison(node, written);
    return {
      kind: node.sign === "&&" ? "and" : "or",
      left: check(node.left, source, patterns),
      right: check(node.right, source, patterns),
    };
  }
  return node.kind === "call" ? checkCall(node, written, patterns) : bare(operandOf(node), written);
}

/** `true`, or the name of something that is true or false. */
function bare(operand: Operand, written: Written): Leaf {
  if (operand.kind === "value") {
    if (typeof operand.value === "boolean") return constantLeaf(written, operand.value);
    throw new ConditionError(`${ARTICLED[operand.type]} is no condition`, operand.at, "compare it with something");
  }
  const { variable } = operand;
  if (variable.type === "boolean") return factLeaf(written, variable, [], (fact) => fact === true);
  const example =
    variable.type === "number"
      ? `${variable.name} > 0`
      : variable.type === "list"
        ? `'go' in ${variable.name}`
        : `${variable.name} == '...'`;
  throw new ConditionError(`${variable.name} is ${ARTICLED[variable.type]}, no condition`, operand.at, `say what it should be: ${example}`);
}

function checkComparison({ sign, signAt, left, right }: Binary, written: Written): Leaf {
  if (sign === "in") return membership(left, right, written);
  if (sign !== "contains") return compare(sign, operandOf(left), operandOf(right), written, signAt);
  const whole = operandOf(left);
  if (whole.kind === "variable" && (whole.type === "string" || whole.type === "list")) {
    return contains(whole.variable, stringOf(right, "contains").value, written);
  }
  throw new ConditionError("before contains stands the name of a string or a list", whole.at, "e.g. project_type contains 'test'");
}

function membership(left: Node, right: Node, written: Written): Leaf {
  const element = operandOf(left);
  if (right.kind === "list") {
    if (element.kind === "variable") return oneOf(element.variable, right, written);
    throw new ConditionError("before in stands a name when a list follows", element.at, "e.g. intent in ['review', 'audit']");
  }
  const list = operandOf(right);
  if (list.kind === "variable" && list.type === "list") return contains(list.variable, stringOf(left, "in").value, written);
  const what = list.kind === "variable" ? list.variable.name : quoted(String(list.value));
  throw new ConditionError(`${what} is no list`, list.at, "e.g. 'go' in project_types; for a part of a string, text.contains('go')");
}
