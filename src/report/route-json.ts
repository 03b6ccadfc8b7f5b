/** What the `route` commands say to programs; docs/json.md describes it. */
import type { Decision } from "../core/routing/decide.ts";
import type { Exploration, RouteRule } from "../core/routing/rule.ts";
import type { Problem } from "../core/routing/validate.ts";
import { safeJson } from "../core/text.ts";

/** `boba.route/1`. */
export function routeJson({ profile, rule, reason, fallback, explore, trace }: Decision): string {
  return safeJson({ schema: "boba.route/1", profile, rule, reason, fallback, explore, trace });
}

/** `boba.routes/1`. */
export function routesJson({
  rules,
  exploration,
  active,
}: {
  rules: readonly RouteRule[];
  exploration: Exploration;
  active: string | null;
}): string {
  return safeJson({
    schema: "boba.routes/1",
    active,
    rules: rules.map((rule) => ({
      id: rule.id,
      if: rule.if,
      use: rule.use,
      fallback: rule.fallback,
      explain: rule.explain,
      origin: rule.origin,
      at: rule.at,
    })),
    exploration: {
      enabled: exploration.enabled,
      rate: exploration.rate,
      min_samples: exploration.minSamples,
      cooldown_hours: exploration.cooldownHours,
      exclude_profiles: exploration.excludeProfiles,
    },
  });
}

/** `boba.route-check/1`. */
export function routeCheckJson({ problems, rules }: { problems: readonly Problem[]; rules: number }): string {
  const count = (wanted: Problem["severity"]) => problems.filter(({ severity }) => severity === wanted).length;
  return safeJson({ schema: "boba.route-check/1", rules, errors: count("error"), warnings: count("warning"), problems });
}
