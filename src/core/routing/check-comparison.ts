/** Comparisons of two values. */
import { ConditionError } from "./condition-error.ts";
import { COMPARE, constantLeaf, EXCHANGED, factLeaf, pairLeaf, type Scalar, type Written } from "./leaf.ts";
import { ARTICLED, refuseImpossible, type Operand } from "./operand.ts";
import type { Leaf } from "./test-tree.ts";

/** `signAt` is where the comparison sign stands. @throws ConditionError for values that cannot be compared. */
export function compare(sign: string, left: Operand, right: Operand, written: Written, signAt: number): Leaf {
  if (left.type !== right.type) {
    throw new ConditionError(
      `${nameOf(left)} is ${ARTICLED[left.type]}, ${nameOf(right)} is ${ARTICLED[right.type]}`,
      right.at,
      left.type === "list" || right.type === "list" ? "ask a list with 'go' in project_types" : "compare values of the same type",
    );
  }
  if (left.type === "list") throw new ConditionError("lists cannot be compared", signAt, "ask a list with 'go' in project_types");
  if (left.type !== "number" && !["==", "!="].includes(sign)) {
    const hint = left.type === "string" ? "use == or !=, or time_of_day.in('09:00-18:00') for a range of times" : "use == or !=";
    throw new ConditionError(`only numbers can be compared with ${sign}`, signAt, hint);
  }
  if (left.kind === "variable") {
    return right.kind === "variable" ? pairLeaf(written, sign, left.variable, right.variable) : against(sign, left, right, written);
  }
  if (right.kind === "variable") return against(EXCHANGED[sign] as string, right, left, written);
  return constantLeaf(written, (COMPARE[sign] as (a: Scalar, b: Scalar) => boolean)(left.value, right.value));
}

function against(
  sign: string,
  { variable }: Operand & { kind: "variable" },
  { value, at }: Operand & { kind: "value" },
  written: Written,
): Leaf {
  refuseImpossible(variable, value, at);
  const holds = COMPARE[sign] as (a: Scalar, b: Scalar) => boolean;
  return factLeaf(written, variable, variable.fact === "clock" ? [] : [value], (fact) => holds(variable.view(fact) as Scalar, value));
}

function nameOf(operand: Operand): string {
  return operand.kind === "variable" ? operand.variable.name : JSON.stringify(operand.value);
}
