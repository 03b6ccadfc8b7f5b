/** What is wrong with a set of rules, before any request is decided by it. */
import { compileCondition, type Condition } from "./condition.ts";
import { ConditionError, didYouMean } from "./condition-error.ts";
import { foreignSteps, type StepsLeft } from "./pattern.ts";
import { isPossible, type Effort, type Goal } from "./prove.ts";
import type { RouteRule } from "./rule.ts";
import { inOrder } from "./rules.ts";
import { leavesOf, type TestTree } from "./test-tree.ts";

export interface Problem {
  /** Rules with an error are refused; a warning tells of a rule that does nothing. */
  severity: "error" | "warning";
  rule: string;
  at: RouteRule["at"];
  /** Column within the condition, from 1; null: it is not about a place in it. */
  column: number | null;
  message: string;
  /** What to write instead. */
  hint: string;
}

/** A second or two of work; enough for 1,000 rules of the usual kind. */
const MAX_EFFORT = 3_000_000;

/** Problems in the order in which the rules are tried. A rule counts as out of reach only where that is proved. */
export function validateRules(rules: readonly RouteRule[], profileNames: readonly string[]): Problem[] {
  const ordered = inOrder(rules);
  const effort: Effort = { left: MAX_EFFORT };
  const steps = foreignSteps();
  const earlier: Compiled[] = [];
  const problems: Problem[] = [];
  for (const [index, rule] of ordered.entries()) {
    problems.push(...idProblems(rule, ordered.slice(0, index)), ...profileProblems(rule, profileNames));
    const condition = compiled(rule, effort, steps);
    if (!("condition" in condition)) {
      problems.push(condition);
      continue;
    }
    problems.push(...reachProblems(condition, earlier, effort));
    earlier.push(condition);
  }
  return problems;
}

type About = Pick<Problem, "severity" | "message" | "hint">;

function problem({ id, at }: RouteRule, about: About, column: number | null = null): Problem {
  return { ...about, rule: id, at, column };
}

interface Compiled {
  rule: RouteRule;
  condition: Condition;
  /** What it depends on. */
  facts: ReadonlySet<string>;
  /** Of these, what it cannot hold without. */
  needs: ReadonlySet<string>;
  /** Whether it is proved to hold whatever is known. */
  isConstant: boolean;
}

function compiled(rule: RouteRule, effort: Effort, steps: StepsLeft): Compiled | Problem {
  try {
    const condition = compileCondition(rule.if, rule.origin === "project" ? steps : null);
    const facts = new Set(leavesOf(condition.tree).flatMap(({ variables }) => variables.map(({ fact }) => fact)));
    return {
      rule,
      condition,
      facts,
      needs: neededBy(condition.tree, true),
      isConstant: !isPossible([{ tree: condition.tree, want: "notTrue" }], effort),
    };
  } catch (error) {
    if (!(error instanceof ConditionError)) throw error;
    return problem(rule, { severity: "error", message: error.message, hint: error.hint }, error.column);
  }
}

function idProblems(rule: RouteRule, before: readonly RouteRule[]): Problem[] {
  const same = before.find(({ id }) => id === rule.id);
  if (same === undefined) return [];
  const severity = same.origin === rule.origin ? "error" : "warning";
  return [problem(rule, { severity, message: `the rule at ${placeOf(same)} has the same id`, hint: "give each rule an id of its own" })];
}

function profileProblems(rule: RouteRule, names: readonly string[]): Problem[] {
  const { use, fallback } = rule;
  const unknown = [...new Set([use, ...fallback])]
    .filter((name) => !names.includes(name))
    .map((name) => {
      const defined = names.length === 0 ? "there are none yet" : `there are: ${names.join(", ")}`;
      const hint = `${didYouMean(name, names)}define it in profiles.yaml; ${defined}`;
      return problem(rule, { severity: "error", message: `there is no profile ${JSON.stringify(name)}`, hint });
    });
  const repeated = fallback.find((name, at) => name === use || fallback.indexOf(name) < at);
  if (repeated === undefined) return unknown;
  const message = repeated === use ? `it falls back from ${use} to ${use} itself` : `it falls back to ${repeated} twice`;
  return [...unknown, problem(rule, { severity: "error", message, hint: `name ${repeated} once` })];
}

/** With more rules before it than this, what they cover together is not looked at. */
const MAX_TOGETHER = 30;

function reachProblems(mine: Compiled, earlier: readonly Compiled[], effort: Effort): Problem[] {
  const warn = (message: string, hint: string) => [problem(mine.rule, { severity: "warning", message, hint })];
  const holds: Goal = { tree: mine.condition.tree, want: "true" };
  if (!isPossible([holds], effort))
    return warn("it can never hold: its parts contradict each other", "change the condition, or remove the rule");
  // With a fact unknown that an earlier rule needs and this one does not look at, only this one can hold.
  const related = earlier.filter(
    ({ facts, needs, isConstant }) => isConstant || (isWithin(needs, mine.facts) && sharesAny(facts, mine.facts)),
  );
  const fails = ({ condition: { tree } }: Compiled): Goal => ({ tree, want: "notTrue" });
  const covering = related.find((other) => other.isConstant || !isPossible([holds, fails(other)], effort));
  if (covering !== undefined) {
    const { id } = covering.rule;
    const why = covering.isConstant ? "always holds" : "holds whenever this one does";
    return warn(`it is never reached: rule ${id} (${placeOf(covering.rule)}) comes first and ${why}`, `put it before ${id}, or remove it`);
  }
  if (related.length < 2 || related.length > MAX_TOGETHER || isPossible([holds, ...related.map(fails)], effort)) return [];
  return warn("it is never reached: the rules before it together hold whenever it does", "put it before them, or remove it");
}

function isWithin(part: ReadonlySet<string>, whole: ReadonlySet<string>): boolean {
  for (const fact of part) if (!whole.has(fact)) return false;
  return true;
}

function sharesAny(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  for (const fact of one) if (other.has(fact)) return true;
  return false;
}

/** The facts without which the tree cannot come out as `truth`. */
function neededBy(tree: TestTree, truth: boolean): ReadonlySet<string> {
  if (tree.kind === "leaf") return new Set(tree.variables.map(({ fact }) => fact));
  if (tree.kind === "not") return neededBy(tree.part, !truth);
  const [left, right] = [neededBy(tree.left, truth), neededBy(tree.right, truth)];
  const both = (tree.kind === "and") === truth;
  return new Set(both ? [...left, ...right] : [...left].filter((fact) => right.has(fact)));
}

function placeOf({ at: { file, line } }: RouteRule): string {
  return `${file}:${line}`;
}
