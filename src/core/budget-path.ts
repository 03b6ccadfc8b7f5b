/** Where limits stand in the user's files. */
import type { BudgetScope } from "./budget.ts";

/** In profiles.yaml for profiles, else in settings.yaml. */
export function pathOf(scope: BudgetScope, target: string | null): string[] {
  if (scope === "profile") return ["profiles", target ?? "", "budget"];
  if (scope === "global") return ["budget"];
  return ["budget", scope === "project" ? "projects" : "branches", target ?? ""];
}
