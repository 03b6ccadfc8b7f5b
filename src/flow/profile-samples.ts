/** How much is known of each profile. */
import type { Profile } from "../core/profile.ts";
import { requestsByProfile } from "../store/profile-samples.ts";
import type { App } from "./app.ts";
import { inLedgerIfThere } from "./ledger.ts";

/** Requests that each profile has served. Looks only: a ledger that is not there is not made. */
export function profileSamples(app: App, profiles: readonly Pick<Profile, "name">[]): ReadonlyMap<string, number> {
  return profiles.length === 0 ? new Map() : inLedgerIfThere(app, new Map(), requestsByProfile);
}
