/** Everything that says who serves a request: rules, profiles, the project's wishes, and the profile in use. */
import type { Profile } from "../core/profile.ts";
import type { Exploration, RouteRule } from "../core/routing/rule.ts";
import type { ProjectConfig } from "../config/project-file.ts";
import { nearestRepository } from "../git/repo.ts";
import type { App } from "./app.ts";

export interface RuleSet {
  /** As written, the project's and the user's. */
  rules: readonly RouteRule[];
  exploration: Exploration;
  profiles: readonly Profile[];
  /** Of the repository around the working folder; null: it has no file. */
  project: ProjectConfig | null;
  /** The profile of `boba use`. */
  active: string | null;
}

/** @throws BobaError BOBA-CFG-* for a file that is not valid. Rules are not checked yet, nor what they name. */
export async function loadRuleSet(app: App): Promise<RuleSet> {
  const [routesFile, profilesFile, projectFile, settingsFile] = await Promise.all([
    import("../config/routes.ts"),
    import("../config/profiles.ts"),
    import("../config/project-file.ts"),
    import("../config/settings.ts"),
  ]);
  const root = nearestRepository(app.cwd)?.root;
  const { rules, exploration } = await routesFile.loadRoutes(app.paths);
  const profiles = await profilesFile.loadProfiles(app.paths);
  const project = root === undefined ? null : await projectFile.loadProject(root);
  const { profile: active } = await settingsFile.loadSettings(app.paths);
  return { rules: [...(project?.rules ?? []), ...rules], exploration, profiles, project, active };
}
