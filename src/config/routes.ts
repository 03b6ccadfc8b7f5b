/** `~/.boba/routes.yaml`: which profile serves which request. */
import type { z as Zod } from "zod";
import type { Exploration, RouteRule } from "../core/routing/rule.ts";
import type { Paths } from "../platform/paths.ts";
import { readConfigText } from "./config-text.ts";
import { flagOf, lineOf, listOf, nameOf, strict, type Z } from "./schema-parts.ts";
import { type ConfigFile, parseConfigFile } from "./yaml-file.ts";

const MAX_RULES = 1000;
export const MAX_FALLBACKS = 16;
const MAX_CONDITION = 4096;

export interface Routes {
  rules: RouteRule[];
  exploration: Exploration;
}

export const DEFAULT_EXPLORATION: Exploration = {
  enabled: false,
  rate: 0.03,
  minSamples: 10,
  cooldownHours: 24,
  excludeProfiles: [],
};

/** The user's rules in the order of the file; none when it is missing. @throws BobaError BOBA-CFG-1 to -4, -12, -13. */
export async function loadRoutes(paths: Paths): Promise<Routes> {
  const text = readConfigText(paths.routes);
  return text === null ? { rules: [], exploration: DEFAULT_EXPLORATION } : parseRoutes(paths.routes, text);
}

/** The same for a text that is not in place yet. */
export async function parseRoutes(path: string, text: string): Promise<Routes> {
  const file = await parseConfigFile(path, text, routesSchema);
  const { exploration } = file.value;
  return {
    rules: toRules(path, file, "user"),
    exploration: {
      enabled: exploration?.enabled ?? DEFAULT_EXPLORATION.enabled,
      rate: exploration?.rate ?? DEFAULT_EXPLORATION.rate,
      minSamples: exploration?.min_samples ?? DEFAULT_EXPLORATION.minSamples,
      cooldownHours: exploration?.cooldown_hours ?? DEFAULT_EXPLORATION.cooldownHours,
      excludeProfiles: exploration?.exclude_profiles ?? DEFAULT_EXPLORATION.excludeProfiles,
    },
  };
}

export async function routesSchema() {
  const { z } = await import("zod");
  return strict(z, {
    rules: rulesOf(z, MAX_RULES),
    exploration: strict(z, {
      enabled: flagOf(z).optional(),
      rate: z
        .number({ error: "expected a share from 0 to 1, e.g. 0.03" })
        .min(0, "a share is 0 or more")
        .max(1, "a share is at most 1")
        .optional(),
      min_samples: z
        .int({ error: "expected a number of requests" })
        .min(0, "expected 0 or more")
        .max(1e6, "expected at most 1,000,000")
        .optional(),
      cooldown_hours: z
        .number({ error: "expected a number of hours" })
        .min(0, "expected 0 or more")
        .max(8784, "expected at most 8784")
        .optional(),
      exclude_profiles: listOf(z, nameOf(z), 500, "profiles").optional(),
    })
      .nullable()
      .optional(),
  });
}

type RuleInput = Zod.infer<ReturnType<typeof ruleOf>>;

/** A list of rules; what a repository may say of them is the same. */
export function rulesOf(z: Z, max: number) {
  return listOf(z, ruleOf(z), max, "rules").nullable().optional();
}

function ruleOf(z: Z) {
  const condition = z
    .string({ error: "expected a condition, e.g. ctx_chars > 50000" })
    .min(1, "expected a condition")
    .max(MAX_CONDITION, `expected at most ${MAX_CONDITION} characters`)
    .regex(
      /^[^\0-\u0008\u000b\u000c\u000e-\u001f\u007f]*$/,
      "double quotes turned a \\ and its letter into a control character: write it without quotes, or in single quotes",
    );
  return strict(z, {
    id: nameOf(z),
    if: z.union([condition, z.boolean().transform(String)]),
    use: nameOf(z),
    fallback: z.union([nameOf(z), listOf(z, nameOf(z), MAX_FALLBACKS, "profiles")]).optional(),
    explain: lineOf(z, 500).nullable().optional(),
  });
}

/** Rules as written, each with its place. @throws BobaError BOBA-CFG-4 when two have one id. */
export function toRules(
  path: string,
  file: ConfigFile<{ rules?: readonly RuleInput[] | null | undefined }>,
  origin: RouteRule["origin"],
): RouteRule[] {
  const ids = new Set<string>();
  return (file.value.rules ?? []).map((rule, index) => {
    if (ids.has(rule.id)) throw file.fault(["rules", index, "id"], `there is another rule called \`${rule.id}\``);
    ids.add(rule.id);
    const { fallback = [] } = rule;
    return {
      id: rule.id,
      if: rule.if,
      use: rule.use,
      fallback: typeof fallback === "string" ? [fallback] : fallback,
      explain: rule.explain ?? null,
      origin,
      at: { file: path, ...file.textPlace(["rules", index, "if"]) },
    };
  });
}
