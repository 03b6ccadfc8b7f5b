/** The user's profiles by name, and which one is active. */
import { loadProfiles } from "../config/profiles.ts";
import { loadSettings } from "../config/settings.ts";
import { BobaError, EXIT } from "../core/errors.ts";
import { nearest } from "../core/nearest.ts";
import type { Profile } from "../core/profile.ts";
import type { App } from "./app.ts";

/** @throws BobaError BOBA-USE-60 when there is none of that name. */
export async function profileNamed(app: App, name: string): Promise<Profile> {
  const profiles = await loadProfiles(app.paths);
  const found = profiles.find((profile) => profile.name === name);
  if (found !== undefined) return found;
  throw unknownProfile(name, profiles);
}

export function unknownProfile(name: string, profiles: readonly Profile[]): BobaError {
  const near = nearest(
    name,
    profiles.map((profile) => profile.name),
  );
  const hint =
    profiles.length === 0
      ? "there are no profiles yet: boba edit profiles"
      : near === null
        ? "see what there is: boba ls profiles"
        : `did you mean: ${near}`;
  return new BobaError("BOBA-USE-60", EXIT.usage, `there is no profile ${JSON.stringify(name.slice(0, 64))}`, hint);
}

/** What `boba use` chose; null when it chose nothing, or a profile that is no longer there. */
export async function activeProfile(app: App): Promise<Profile | null> {
  const { profile } = await loadSettings(app.paths);
  return profile === null ? null : ((await loadProfiles(app.paths)).find(({ name }) => name === profile) ?? null);
}
