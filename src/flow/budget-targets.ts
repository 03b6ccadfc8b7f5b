/** Who has limits: the user's own files name targets, a repository's file its project. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { BudgetTarget } from "../core/budget.ts";
import type { BudgetLimits } from "../core/budget-limits.ts";
import { BobaError } from "../core/errors.ts";
import { PROJECT_FILE } from "../core/project-file.ts";
import { currentBranch } from "../git/head.ts";
import { nearestRepository, repositoryName } from "../git/repo.ts";
import type { App } from "./app.ts";

export interface Targets {
  targets: BudgetTarget[];
  /** Files that cannot be understood: their limits do not hold. */
  warnings: string[];
}

/**
 * Every target with limits, the project of the repository around `cwd` included. Without files nothing of the YAML machinery is loaded.
 * @throws BobaError BOBA-CFG-* when `strict` and one of the user's own files is not valid: what it limits must not be spent.
 */
export async function budgetTargets(app: App, cwd: string, options: { strict?: boolean } = {}): Promise<Targets> {
  const targets: BudgetTarget[] = [];
  const warnings: string[] = [];
  const add = (
    scope: BudgetTarget["scope"],
    target: string | null,
    limits: BudgetLimits | null,
    origin: BudgetTarget["origin"] = "user",
  ) => {
    if (limits !== null) targets.push({ scope, target, limits, origin });
  };
  const own = <T>(read: () => Promise<T>): Promise<T | null> => (options.strict === true ? read() : orWarn(warnings, read));
  if (existsSync(app.paths.settings)) {
    const settings = await own(async () => (await import("../config/settings.ts")).loadSettings(app.paths));
    add("global", null, settings?.budget.global ?? null);
    for (const [project, limits] of settings?.budget.projects ?? []) add("project", project, limits);
    for (const [branch, limits] of settings?.budget.branches ?? []) add("branch", branch, limits);
  }
  if (existsSync(app.paths.profiles)) {
    const profiles = await own(async () =>
      mentions((await import("../config/config-text.ts")).readConfigText(app.paths.profiles))
        ? (await import("../config/profiles.ts")).loadProfiles(app.paths)
        : [],
    );
    for (const { name, budget } of profiles ?? []) add("profile", name, budget);
  }
  const root = nearestRepository(cwd)?.root;
  if (root !== undefined && existsSync(join(root, PROJECT_FILE))) {
    const project = await orWarn(warnings, async () => {
      const { loadProject, readProjectText } = await import("../config/project-file.ts");
      return mentions(readProjectText(root)) ? loadProject(root) : null;
    });
    if (project !== null && project.budget !== null)
      add("project", project.name ?? (await repositoryName(cwd, app.env)), project.budget, "project");
  }
  return { targets, warnings };
}

/** Whether there can be limits in a file: most have none, and are not worth loading a parser at every command. */
function mentions(text: string | null): boolean {
  return text?.includes("budget") ?? false;
}

export interface Standing {
  profile: string | null;
  project: string | null;
  branch: string | null;
}

/** What spend in `cwd` would be booked to. */
export async function standingIn(app: App, cwd: string, profile: string | null): Promise<Standing> {
  const root = nearestRepository(cwd)?.root;
  if (root === undefined) return { profile, project: null, branch: null };
  const { readProjectName } = await import("../config/project.ts");
  const [named, branch] = await Promise.all([readProjectName(root), currentBranch(cwd, app.env)]);
  return { profile, project: named ?? (await repositoryName(cwd, app.env)), branch };
}

/** Whether a target's limits are about spend there. */
export function isAbout({ scope, target }: Pick<BudgetTarget, "scope" | "target">, standing: Standing): boolean {
  return scope === "global" || (target !== null && standing[scope] === target);
}

async function orWarn<T>(warnings: string[], read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof BobaError)) throw error;
    warnings.push(`${error.message}: its limits do not hold (${error.hint})`);
    return null;
  }
}
