/** Which profile serves a call: the one that was named, the one a rule chooses, the active one. */
import { BobaError, EXIT } from "../core/errors.ts";
import type { Profile } from "../core/profile.ts";
import type { App } from "./app.ts";
import type { CallRequest } from "./call.ts";
import { activeProfile, profileNamed } from "./profiles.ts";

export interface Chosen {
  profile: Profile;
  ruleId: string | null;
  /** In a few words. */
  reason: string;
  explore: boolean;
}

/** @throws BobaError BOBA-USE-61 when nothing decides, BOBA-USE-64 for a profile that runs a program instead. */
export async function chooseProfile(app: App, request: Pick<CallRequest, "profile">): Promise<Chosen> {
  const chosen = await choose(app, request.profile);
  if (chosen.profile.adapter === "http") return chosen;
  throw new BobaError(
    "BOBA-USE-64",
    EXIT.usage,
    `profile ${chosen.profile.name} runs a program`,
    `run it: boba run ${chosen.profile.name}; or name one of the adapter http (boba ls profiles)`,
  );
}

async function choose(app: App, named: string | null): Promise<Chosen> {
  if (named !== null) return { profile: await profileNamed(app, named), ruleId: null, reason: "named", explore: false };
  const active = await activeProfile(app);
  if (active !== null) return { profile: active, ruleId: null, reason: "active", explore: false };
  throw new BobaError(
    "BOBA-USE-61",
    EXIT.usage,
    "no profile was named, and none is active",
    "name one with --profile, or choose one: boba use <profile>",
  );
}
