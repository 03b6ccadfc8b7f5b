/** `.boba-project.yaml` at the root of a repository. Others write it: it names the project, its limits and its rules, and nothing that runs. */
import { join } from "node:path";
import type { BudgetLimits } from "../core/budget-limits.ts";
import { suggest } from "../core/nearest.ts";
import { PROJECT_FILE } from "../core/project-file.ts";
import type { RouteRule } from "../core/routing/rule.ts";
import { readConfigFile, textOf } from "./config-text.ts";
import { rulesOf, toRules } from "./routes.ts";
import { lineOf, limitsShape, listOf, nameOf, strict, toLimits } from "./schema-parts.ts";
import { located, parseConfigFile } from "./yaml-file.ts";

const MAX_BYTES = 64 * 1024;
export const MAX_PROJECT_NAME = 100;
const MAX_LIST = 50;
const MAX_RULES = 200;

export interface ProjectConfig {
  /** Null: the repository's own name serves. */
  name: string | null;
  /** What rules see as `project_types`. */
  types: readonly string[];
  preferredProfiles: readonly string[];
  /** They come before the user's own. */
  rules: readonly RouteRule[];
  /** Limits of the project besides those of the user. Its `enforce` adds to the user's, it never lifts it. */
  budget: BudgetLimits | null;
  /** @throws BobaError BOBA-CFG-14 when a rule or a preference names a profile that the user has not defined. */
  checkAgainst(profileNames: Iterable<string>): void;
}

/** The text of the file at a worktree's root, or null. A link is refused: it could lead anywhere. @throws BobaError BOBA-CFG-1, -2, -12, -13. */
export function readProjectText(root: string): string | null {
  const path = join(root, PROJECT_FILE);
  const file = readConfigFile(path, MAX_BYTES, false);
  return file === null ? null : textOf(path, file.bytes);
}

/** What the file at a worktree's root says; null when there is none. @throws BobaError BOBA-CFG-1 to -4, -12, -13. */
export async function loadProject(root: string): Promise<ProjectConfig | null> {
  const text = readProjectText(root);
  return text === null ? null : parseProject(join(root, PROJECT_FILE), text);
}

/** The same for a text. */
export async function parseProject(path: string, text: string): Promise<ProjectConfig> {
  const file = await parseConfigFile(path, text, projectSchema, { untrusted: true });
  const { project, budget } = file.value;
  const rules = toRules(path, file, "project");
  return {
    name: project?.name ?? null,
    types: project?.types ?? [],
    preferredProfiles: project?.preferred_profiles ?? [],
    rules,
    budget: budget === undefined || budget === null ? null : toLimits(budget),
    checkAgainst(profileNames) {
      const known = [...profileNames];
      const check = (where: readonly PropertyKey[], name: string): void => {
        if (!known.includes(name))
          throw located("BOBA-CFG-14", path, file.place(where), `you have no profile called \`${name}\`; ${suggest(name, known)}`);
      };
      project?.preferred_profiles?.forEach((name, index) => check(["project", "preferred_profiles", index], name));
      for (const [index, { use, fallback }] of rules.entries()) {
        check(["rules", index, "use"], use);
        const listed = Array.isArray(file.value.rules?.[index]?.fallback);
        fallback.forEach((name, at) => check(["rules", index, "fallback", ...(listed ? [at] : [])], name));
      }
    },
  };
}

export async function projectSchema() {
  const { z } = await import("zod");
  const enforce = z.literal(true, { error: "expected true: a project may ask to enforce its limits, not to lift yours" });
  return strict(z, {
    project: strict(z, {
      name: lineOf(z, MAX_PROJECT_NAME).optional(),
      types: listOf(z, lineOf(z, 64), MAX_LIST, "types").optional(),
      preferred_profiles: listOf(z, nameOf(z), MAX_LIST, "profiles").optional(),
    })
      .nullable()
      .optional(),
    rules: rulesOf(z, MAX_RULES),
    budget: strict(z, { ...limitsShape(z), enforce: enforce.optional() })
      .nullable()
      .optional(),
  });
}
