/** Random conditions agree with an implementation of CEL, on what is true, what is false, and what is unknown (an error there). */
import { celEnv, isCelError, parse, plan, type CelInput } from "@bufbuild/cel";
import fc from "fast-check";
import { expect, it } from "vitest";
import { compileCondition } from "../../src/core/routing/condition.ts";
import type { RouteContext } from "../../src/core/routing/context.ts";
import { truthOf } from "../../src/core/routing/test-tree.ts";
import { condition, request } from "./random-conditions.ts";

/** The request as CEL sees it; what is unknown is not declared, so that using it is an error. The parts of the day are worked out anew. */
function bindings(context: RouteContext): Record<string, CelInput> {
  const { minuteOfDay, budget, projectTypes } = context;
  const hour = minuteOfDay === null ? null : Math.trunc(minuteOfDay / 60);
  const facts: Record<string, string | number | boolean | string[] | null> = {
    text: context.text,
    ctx_chars: context.ctxChars,
    intent: context.intent,
    task: context.task,
    branch: context.branch,
    project: context.project,
    project_types: projectTypes === null ? null : [...projectTypes],
    project_type: context.projectType,
    repo: context.repo,
    model: context.model,
    tool: context.tool,
    stream: context.stream,
    has_image: context.hasImage,
    minute: minuteOfDay,
    hour,
    time_of_day: hour === null ? null : hour < 6 || hour >= 22 ? "night" : hour < 12 ? "morning" : hour < 18 ? "day" : "evening",
  };
  const declared: Record<string, CelInput> = {};
  for (const [name, value] of Object.entries(facts)) if (value !== null) declared[name] = value;
  const amounts: Record<string, CelInput> =
    budget === null ? {} : { remaining: budget.remainingUsd, spent: budget.spentUsd, limit: budget.limitUsd };
  return { ...declared, budget: amounts };
}

it("10,000 random conditions agree with CEL", () => {
  const env = celEnv();
  const seen = { true: 0, false: 0, unknown: 0 };
  fc.assert(
    fc.property(condition, request, ({ ours, cel }, context) => {
      const theirs = plan(env, parse(cel))(bindings(context));
      const wanted = isCelError(theirs) ? "unknown" : theirs === true ? "true" : "false";
      const { tree, test } = compileCondition(ours);
      const got = test(context) ? "true" : truthOf(tree)(context) === false ? "false" : "unknown";
      seen[got]++;
      if (got !== wanted) throw new Error(`${ours} is ${got}, in CEL ${wanted}`);
    }),
    { numRuns: 10_000, seed: 20261123 },
  );
  expect(Math.min(seen.true, seen.false, seen.unknown)).toBeGreaterThan(500);
});
