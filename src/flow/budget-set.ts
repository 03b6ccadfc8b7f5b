/** Sets limits in the user's own files: profiles' in profiles.yaml, all others in settings.yaml. */
import type { BudgetScope } from "../core/budget.ts";
import { pathOf } from "../core/budget-path.ts";
import type { TypedLimit } from "../core/budget-typed.ts";
import { BobaError, EXIT } from "../core/errors.ts";
import { type ValueEdit, planEdit, writePlanned } from "../config/planned-edit.ts";
import type { App } from "./app.ts";

export interface BudgetChange {
  scope: BudgetScope;
  target: string | null;
  limits: readonly TypedLimit[];
  /** Undefined leaves it as it is. */
  enforce?: boolean | undefined;
}

/** Returns the file that was edited; comments in it stay. @throws BobaError BOBA-BUD-4 for a profile that is not there, BOBA-CFG-* for a file that is not valid. */
export async function setBudget(app: App, { scope, target, limits, enforce }: BudgetChange): Promise<string> {
  const file = scope === "profile" ? app.paths.profiles : app.paths.settings;
  if (scope === "profile") await refuseUnknown(app, target ?? "");
  else await (await import("../config/settings.ts")).loadSettings(app.paths);
  const path = pathOf(scope, target);
  const edits: ValueEdit[] = limits.map(({ period, usd, days }) => {
    if (period !== "rolling") return { path: [...path, `${period}_usd`], value: usd ?? undefined };
    return { path: [...path, "hard_cap"], value: usd === null ? undefined : { usd, period_days: days } };
  });
  if (enforce !== undefined) edits.push({ path: [...path, "enforce"], value: enforce });
  const planned = await planEdit(file, edits);
  await checkText(file, planned.after, scope === "profile" ? "profiles" : "settings");
  writePlanned(planned);
  return file;
}

/** What is written must be what is read. @throws BobaError BOBA-CFG-3 and -4. */
export async function checkText(file: string, text: string, kind: "settings" | "profiles" | "routes"): Promise<void> {
  if (kind === "settings") await (await import("../config/settings.ts")).parseSettings(file, text);
  else if (kind === "profiles") await (await import("../config/profiles.ts")).parseProfiles(file, text);
  else await (await import("../config/routes.ts")).parseRoutes(file, text);
}

async function refuseUnknown(app: App, name: string): Promise<void> {
  const names = (await (await import("../config/profiles.ts")).loadProfiles(app.paths)).map((profile) => profile.name);
  if (names.includes(name)) return;
  const known = names.length === 0 ? `define it first, in ${app.paths.profiles}` : `there are: ${names.slice(0, 10).join(", ")}`;
  throw new BobaError("BOBA-BUD-4", EXIT.usage, `there is no profile ${JSON.stringify(name.slice(0, 60))}`, known);
}
