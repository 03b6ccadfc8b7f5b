/** `boba use`: which profile serves where nothing else decides. */
import { editSettings } from "../config/settings-edit.ts";
import { loadSettings } from "../config/settings.ts";
import type { App } from "./app.ts";
import { profileNamed } from "./profiles.ts";

export interface InUse {
  /** Null: none. */
  profile: string | null;
  /** Whether it is defined: the file may have changed since it was chosen. */
  isDefined: boolean;
}

/** Makes a profile the active one; comments in settings.yaml stay. @throws BobaError BOBA-USE-60 for one that is not defined. */
export async function useProfile(app: App, name: string): Promise<void> {
  await profileNamed(app, name);
  await editSettings(app.paths, ["profile"], name);
}

export async function useNone(app: App): Promise<void> {
  await editSettings(app.paths, ["profile"], undefined);
}

export async function inUse(app: App): Promise<InUse> {
  const { profile } = await loadSettings(app.paths);
  if (profile === null) return { profile, isDefined: false };
  const { loadProfiles } = await import("../config/profiles.ts");
  return { profile, isDefined: (await loadProfiles(app.paths)).some(({ name }) => name === profile) };
}
