/** What can be proved of conditions without a request: that none makes them true. Where that takes too long, nothing is proved. */
import { isConsistent, type Literal, type Want } from "./consistent.ts";
import type { TestTree } from "./test-tree.ts";

export interface Goal {
  tree: TestTree;
  want: Want;
}

/** How many values may still be tried on tests, by this proof and in all. */
export interface Effort {
  left: number;
}

const EFFORT_PER_PROOF = 20_000;

/** False: surely no request makes all goals come out as wanted. True: one may, or it would take too long to tell. */
export function isPossible(goals: readonly Goal[], effort: Effort): boolean {
  const mine = { left: Math.min(EFFORT_PER_PROOF, effort.left) };
  const before = mine.left;
  const possible = search(goals, new Map(), mine);
  effort.left -= before - mine.left;
  return possible;
}

const NEGATED: Readonly<Record<Want, Want>> = { true: "false", false: "true", notTrue: "notFalse", notFalse: "notTrue" };
/** `a && b` is true when both are, and not false when neither is false; `a || b` the other way round. */
const NEEDS_BOTH: Readonly<Record<"and" | "or", readonly Want[]>> = { and: ["true", "notFalse"], or: ["false", "notTrue"] };

function search([goal, ...rest]: readonly Goal[], literals: ReadonlyMap<string, readonly Literal[]>, effort: Effort): boolean {
  if (goal === undefined || effort.left <= 0) return true;
  effort.left--;
  const { tree, want } = goal;
  if (tree.kind === "not") return search([{ tree: tree.part, want: NEGATED[want] }, ...rest], literals, effort);
  if (tree.kind === "leaf") {
    const about = aboutOf(tree.proof);
    const together = [...(literals.get(about) ?? []), { leaf: tree, want }];
    effort.left -= together.length * candidatesIn(together);
    return (
      (together.length === 1 ? isConsistentAlone({ leaf: tree, want }) : isConsistent(together)) &&
      search(rest, new Map(literals).set(about, together), effort)
    );
  }
  const [left, right] = [
    { tree: tree.left, want },
    { tree: tree.right, want },
  ];
  if (NEEDS_BOTH[tree.kind].includes(want)) return search([left, right, ...rest], literals, effort);
  return search([left, ...rest], literals, effort) || search([right, ...rest], literals, effort);
}

/** Whether a test can come out so at all; asked again and again, so remembered. */
function isConsistentAlone(literal: Literal): boolean {
  const known = alone.get(literal.leaf) ?? {};
  const answer = (known[literal.want] ??= isConsistent([literal]));
  alone.set(literal.leaf, known);
  return answer;
}

const alone = new WeakMap<Literal["leaf"], Partial<Record<Want, boolean>>>();

function candidatesIn(literals: readonly Literal[]): number {
  return literals.reduce((sum, { leaf: { proof } }) => sum + (proof.kind === "fact" ? proof.points.length : 0), 1);
}

/** Tests that can contradict each other share this. */
function aboutOf(proof: Literal["leaf"]["proof"]): string {
  if (proof.kind === "constant") return "";
  if (proof.kind === "fact") return proof.variable.fact;
  return proof.variable?.fact ?? `pair ${proof.key}`;
}
