/** Conditions of rules: docs/routing.md describes the language. A strict subset of CEL where strings are written r'...', and its documented dialects. */
import { printable } from "../text.ts";
import { check } from "./check.ts";
import type { RouteContext } from "./context.ts";
import { patternMaker, type StepsLeft } from "./pattern.ts";
import { parse } from "./parser.ts";
import { leavesOf, truthOf, type Leaf, type TestTree } from "./test-tree.ts";
import type { Variable } from "./variables.ts";

export interface Condition {
  source: string;
  /** Only what is surely true matches. */
  test(context: RouteContext): boolean;
  /** The same with a line for every part, in the order in which they are written. No line repeats what the user said. */
  evaluate(context: RouteContext): Evaluation;
  /** For validation. */
  tree: TestTree;
}

export interface Evaluation {
  matched: boolean;
  trace: string[];
}

/** `shared`: what the patterns of several conditions may take together. @throws ConditionError with column and hint for anything that is not surely understood. */
export function compileCondition(source: string, shared: StepsLeft | null = null): Condition {
  const tree = check(parse(source), source, patternMaker(shared));
  const truth = truthOf(tree);
  const leaves = leavesOf(tree);
  return {
    source,
    tree,
    test: (context) => truth(context) === true,
    evaluate: (context) => ({ matched: truth(context) === true, trace: leaves.map((leaf) => explain(leaf, context)) }),
  };
}

const MAX_SHOWN = 80;

function explain(leaf: Leaf, context: RouteContext): string {
  const truth = leaf.test(context);
  const values = leaf.variables.map((variable) => valueOf(variable, context)).join(", ");
  return `${printable(leaf.source)}: ${truth ?? "unknown, so not true"}${values === "" ? "" : ` (${values})`}`;
}

function valueOf(variable: Variable, context: RouteContext): string {
  const fact = variable.read(context);
  if (fact === null)
    return variable.name.startsWith("budget.") && context.budget === null ? "there is no budget" : `${variable.name} is not known`;
  const value = variable.view(fact);
  if (variable.hidden) return `${variable.name} of ${String(value).length} characters`;
  const shown = printable(JSON.stringify(value));
  const clock = variable.fact === "clock" ? ` at ${clockTime(fact as number)}` : "";
  return `${variable.name} is ${shown.length > MAX_SHOWN ? `${shown.slice(0, MAX_SHOWN)}...` : shown}${clock}`;
}

function clockTime(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
}
