/** Rules, ready to be asked: compiled once, in the order in which they are tried. */
import { BobaError, EXIT } from "../errors.ts";
import { compileCondition, type Condition } from "./condition.ts";
import { ConditionError } from "./condition-error.ts";
import { foreignSteps } from "./pattern.ts";
import type { RouteRule } from "./rule.ts";
import { leavesOf } from "./test-tree.ts";

export interface CompiledRule {
  rule: RouteRule;
  condition: Condition;
}

/** A project's rules before the user's, otherwise as written. */
export function inOrder(rules: readonly RouteRule[]): RouteRule[] {
  return [...rules.filter(({ origin }) => origin === "project"), ...rules.filter(({ origin }) => origin === "user")];
}

/** @throws BobaError BOBA-ROUTE-1 for the first condition that is refused: rules are taken whole or not at all. */
export function compileRules(rules: readonly RouteRule[]): CompiledRule[] {
  const steps = foreignSteps();
  return inOrder(rules).map((rule) => {
    try {
      return { rule, condition: compileCondition(rule.if, rule.origin === "project" ? steps : null) };
    } catch (error) {
      if (!(error instanceof ConditionError)) throw error;
      const { file, line, column } = rule.at;
      throw new BobaError(
        "BOBA-ROUTE-1",
        EXIT.usage,
        `${file}:${line}:${column}: rule ${rule.id}, column ${error.column} of its condition: ${error.message}`,
        error.hint,
        error,
      );
    }
  });
}

/** What the rules ask about, by the names of facts: what none names need not be found out. */
export function factsAsked(rules: readonly CompiledRule[]): ReadonlySet<string> {
  return new Set(rules.flatMap(({ condition }) => leavesOf(condition.tree).flatMap(({ variables }) => variables.map(({ fact }) => fact))));
}
