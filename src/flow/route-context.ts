/** What is known of a request: what the caller says, and of the rest what the rules ask about. */
import type { RouteContext } from "../core/routing/context.ts";
import { localOffsetMs } from "../platform/zone.ts";
import { currentBranch } from "../git/head.ts";
import { nearestRepository, repositoryName } from "../git/repo.ts";
import type { App } from "./app.ts";
import type { RuleSet } from "./route-rules.ts";

/** What the caller knows; null stands for unknown. What is left out is looked up where it can be: place, time and budget. */
export type RequestFacts = Partial<RouteContext> & Pick<RouteContext, "text" | "ctxChars">;

/** `asked`: the facts that some rule names, as `factsAsked` gives them. The budget is left to `route-budget`. */
export async function contextOf(
  app: App,
  { project }: Pick<RuleSet, "project">,
  facts: RequestFacts,
  asked: ReadonlySet<string>,
): Promise<RouteContext> {
  const wants = (fact: keyof RouteContext, name: string): boolean => facts[fact] === undefined && asked.has(name);
  const inRepository = nearestRepository(app.cwd) !== null;
  const repo =
    inRepository && (wants("repo", "repo") || (wants("project", "project") && (project?.name ?? null) === null))
      ? await repositoryName(app.cwd, app.env)
      : null;
  const branch = inRepository && wants("branch", "branch") ? await currentBranch(app.cwd, app.env) : null;
  const types = project?.types ?? null;
  return {
    intent: null,
    task: null,
    model: null,
    tool: null,
    stream: null,
    hasImage: null,
    budget: null,
    branch,
    repo,
    project: project?.name ?? repo,
    projectTypes: types,
    projectType: types?.[0] ?? null,
    minuteOfDay: minuteNow(app),
    ...facts,
  };
}

function minuteNow(app: App): number {
  const nowMs = app.now();
  return Math.floor((nowMs + localOffsetMs(nowMs)) / 60_000) % 1440;
}
