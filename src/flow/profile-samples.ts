/** How much is known of each profile. */
import { existsSync } from "node:fs";
import type { Profile } from "../core/profile.ts";
import { explainDatabaseError, openLedger } from "../store/open.ts";
import { requestsByProfile } from "../store/profile-samples.ts";
import type { App } from "./app.ts";

/** Requests that each profile has served. Looks only: a ledger that is not there is not made. */
export function profileSamples(app: App, profiles: readonly Pick<Profile, "name">[]): ReadonlyMap<string, number> {
  if (profiles.length === 0 || !existsSync(app.paths.db)) return new Map();
  const db = openLedger(app.paths.db);
  try {
    return requestsByProfile(db);
  } catch (error) {
    throw explainDatabaseError(error, app.paths.db);
  } finally {
    db.close();
  }
}
