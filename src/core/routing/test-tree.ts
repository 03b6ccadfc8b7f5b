/** A checked condition: single tests, joined. Each test is true, false, or unknown (null) where it needs what is not known. */
import type { RouteContext } from "./context.ts";
import type { Value, Variable } from "./variables.ts";

export type Truth = boolean | null;

/** One comparison, call or Boolean name. */
export interface Leaf {
  kind: "leaf";
  /** As written. */
  source: string;
  /** Where it begins in the condition, from 0. */
  at: number;
  /** What it reads; none for a constant. */
  variables: readonly Variable[];
  test: (context: RouteContext) => Truth;
  proof: Proof;
}

/**
 * What can be concluded of a test without a request. `fact`: it depends on one fact alone, through `holds`, which changes nowhere but at
 * `points`. `opaque`: all that is known is that tests with the same key are true together, `inverse` ones when the others are false.
 */
export type Proof =
  | { kind: "constant"; value: boolean }
  | { kind: "fact"; variable: Variable; points: readonly Value[]; holds: (fact: Value) => boolean }
  | { kind: "opaque"; variable: Variable | null; key: string; inverse: boolean; holds: ((fact: Value) => boolean) | null };

export interface Joined {
  kind: "and" | "or";
  left: TestTree;
  right: TestTree;
}

export type TestTree = Leaf | Joined | { kind: "not"; part: TestTree };

/** The tests of a condition, in the order in which they are written. */
export function leavesOf(tree: TestTree): Leaf[] {
  if (tree.kind === "leaf") return [tree];
  return tree.kind === "not" ? leavesOf(tree.part) : [...leavesOf(tree.left), ...leavesOf(tree.right)];
}

/**
 * The tree as one function. What is unknown stays so through `!`, and decides nothing through `&&` and `||`: as errors do in CEL, so that
 * nothing is true because something is not known.
 */
export function truthOf(tree: TestTree): (context: RouteContext) => Truth {
  if (tree.kind === "leaf") return tree.test;
  if (tree.kind === "not") {
    const part = truthOf(tree.part);
    return (context) => {
      const truth = part(context);
      return truth === null ? null : !truth;
    };
  }
  const [left, right, decisive] = [truthOf(tree.left), truthOf(tree.right), tree.kind === "or"];
  return (context) => {
    const first = left(context);
    if (first === decisive) return decisive;
    const second = right(context);
    return second === decisive || first !== null ? second : null;
  };
}
