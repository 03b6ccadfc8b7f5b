/** Makes the single tests of a condition. */
import type { RouteContext } from "./context.ts";
import type { Leaf, Truth } from "./test-tree.ts";
import type { Value, Variable } from "./variables.ts";

/** Where a test stands, and how it is written. */
export type Written = Pick<Leaf, "source" | "at">;

export type Scalar = string | number | boolean;

export const COMPARE: Readonly<Record<string, (left: Scalar, right: Scalar) => boolean>> = {
  "==": (left, right) => left === right,
  "!=": (left, right) => left !== right,
  "<": (left, right) => left < right,
  "<=": (left, right) => left <= right,
  ">": (left, right) => left > right,
  ">=": (left, right) => left >= right,
};

/** The comparison that says the same with its sides exchanged. */
export const EXCHANGED: Readonly<Record<string, string>> = { "==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<=" };

export function constantLeaf(written: Written, value: boolean): Leaf {
  return { kind: "leaf", ...written, variables: [], test: () => value, proof: { kind: "constant", value } };
}

/** A test of one variable that changes only at `points`, which are values of the variable's fact. */
export function factLeaf(written: Written, variable: Variable, points: readonly Value[], holds: (fact: Value) => boolean): Leaf {
  return { ...leafOf(written, variable, holds), proof: { kind: "fact", variable, points, holds } };
}

/** A test of one variable of which nothing is known but whether it holds for a given value: a pattern, a part, an element. */
export function opaqueLeaf(written: Written, variable: Variable, key: string, holds: (fact: Value) => boolean): Leaf {
  const proof = { kind: "opaque", variable, key: `${variable.name} ${key}`, inverse: false, holds } as const;
  return { ...leafOf(written, variable, holds), proof };
}

function leafOf(written: Written, variable: Variable, holds: (fact: Value) => boolean): Omit<Leaf, "proof"> {
  const test = (context: RouteContext): Truth => {
    const fact = variable.read(context);
    return fact === null ? null : holds(fact);
  };
  return { kind: "leaf", ...written, variables: [variable], test };
}

/** Two variables, compared. */
export function pairLeaf(written: Written, sign: string, left: Variable, right: Variable): Leaf {
  const compare = COMPARE[sign] as (left: Scalar, right: Scalar) => boolean;
  const test = (context: RouteContext): Truth => {
    const [first, second] = [left.read(context), right.read(context)];
    return first === null || second === null ? null : compare(left.view(first) as Scalar, right.view(second) as Scalar);
  };
  return {
    kind: "leaf",
    ...written,
    variables: [left, right],
    test,
    proof: { kind: "opaque", variable: null, holds: null, ...pairKey(sign, left, right) },
  };
}

/** One key for all ways to say the same: the sides in order of their names, and of `<` and `>=` the first, negated. */
function pairKey(sign: string, left: Variable, right: Variable): { key: string; inverse: boolean } {
  const inOrder = left.name < right.name;
  const plain = inOrder ? sign : (EXCHANGED[sign] as string);
  const inverse = ["!=", ">=", ">"].includes(plain);
  const positive: Record<string, string> = { "!=": "==", ">=": "<", ">": "<=" };
  const names = inOrder ? [left.name, right.name] : [right.name, left.name];
  return { key: names.join(` ${positive[plain] ?? plain} `), inverse };
}
