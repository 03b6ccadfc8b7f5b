/** The values on either side of a comparison, and the names they may be. */
import { ConditionError, didYouMean, quoted } from "./condition-error.ts";
import type { Name, Node } from "./syntax.ts";
import type { Scalar } from "./leaf.ts";
import { VARIABLE_NAMES, VARIABLES, type Variable, type VariableType } from "./variables.ts";

export type Operand =
  | { kind: "value"; value: Scalar; type: VariableType; at: number }
  | { kind: "variable"; variable: Variable; type: VariableType; at: number };

/** What can be called on a value of each type. */
export const METHODS: Readonly<Record<VariableType, readonly string[]>> = {
  string: ["matches", "contains", "startsWith", "endsWith", "equals"],
  number: ["equals"],
  boolean: ["equals"],
  list: ["includes", "contains"],
};

export const ARTICLED: Readonly<Record<VariableType, string>> = {
  string: "a string",
  number: "a number",
  boolean: "true or false",
  list: "a list of strings",
};

/** @throws ConditionError for what is no single value, and for names that do not exist. */
export function operandOf(node: Node): Operand {
  if (node.kind === "literal") return { kind: "value", value: node.value, type: typeof node.value as VariableType, at: node.at };
  if (node.kind === "name") {
    const variable = variableOf(node);
    return { kind: "variable", variable, type: variable.type, at: node.at };
  }
  if (node.kind === "list")
    throw new ConditionError("a list cannot stand here", node.at, "lists stand after in: intent in ['review', 'audit']");
  throw new ConditionError("a value is needed here, not a condition", node.at, "join conditions with && and ||, and negate one with !( )");
}

/** @throws ConditionError that says which names there are. */
export function variableOf({ name, at }: Name): Variable {
  const variable = VARIABLES.get(name);
  if (variable !== undefined) return variable;
  const [group = "", ...parts] = name.split(".");
  const owner = VARIABLES.get(group);
  if (owner !== undefined) {
    const methods = methodsOf(owner);
    const hint = `${didYouMean(parts.join("."), methods)}on ${group} one can call ${methods.join(", ")}`;
    throw new ConditionError(`${group} has no part called ${quoted(parts.join("."))}`, at + group.length + 1, hint);
  }
  throw new ConditionError(
    `there is no name ${quoted(name)}`,
    at,
    `${didYouMean(name, VARIABLE_NAMES)}names: ${VARIABLE_NAMES.join(", ")}`,
  );
}

export function methodsOf({ name, type }: Variable): readonly string[] {
  return name === "time_of_day" ? [...METHODS[type], "in"] : METHODS[type];
}

/** @throws ConditionError for a value that the variable never has. */
export function refuseImpossible({ name, values }: Variable, value: Scalar, at: number): void {
  if (values === undefined || typeof value !== "string" || values.includes(value)) return;
  throw new ConditionError(`${name} is never ${quoted(value)}`, at, `${didYouMean(value, values)}it is one of ${values.join(", ")}`);
}
