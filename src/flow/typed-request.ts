/** A request that is described in words, for `boba route test`. */
import type { BudgetFacts } from "../core/routing/context.ts";
import { minuteOf, numberOf } from "../core/routing/typed.ts";
import { localOffsetMs } from "../platform/zone.ts";
import type { RequestFacts } from "./route-context.ts";

/** Options as typed; what was not given is undefined. */
export interface TypedRequest {
  branch?: string | undefined;
  projectType?: readonly string[] | undefined;
  project?: string | undefined;
  repo?: string | undefined;
  intent?: string | undefined;
  task?: string | undefined;
  model?: string | undefined;
  tool?: string | undefined;
  ctxChars?: string | undefined;
  at?: string | undefined;
  budgetRemaining?: string | undefined;
  budgetSpent?: string | undefined;
  budgetLimit?: string | undefined;
  stream?: boolean | undefined;
  hasImage?: boolean | undefined;
}

/** @throws BobaError BOBA-ROUTE-2 and -3 for times and numbers that are none. */
export function typedRequest(text: string, typed: TypedRequest): RequestFacts {
  const { branch, projectType: types, project, repo, intent, task, model, tool, stream, hasImage, at } = typed;
  const budget: BudgetFacts = {
    remainingUsd: numberOf("--budget-remaining", typed.budgetRemaining, "dollars"),
    spentUsd: numberOf("--budget-spent", typed.budgetSpent, "dollars"),
    limitUsd: numberOf("--budget-limit", typed.budgetLimit, "dollars"),
  };
  const given = {
    branch,
    project,
    repo,
    intent,
    task,
    model,
    tool,
    stream,
    hasImage,
    projectTypes: types,
    projectType: types?.[0],
    minuteOfDay: at === undefined ? undefined : minuteOf(at, localOffsetMs),
    budget: Object.values(budget).every((amount) => amount === null) ? undefined : budget,
  };
  const known = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Partial<RequestFacts>;
  return { text, ctxChars: numberOf("--ctx-chars", typed.ctxChars, "whole") ?? text.length, ...known };
}
