/** Which mode the hooks run in: what settings.yaml says, else what install was told, else what it was told before, else the background. */
import { loadSettings } from "../config/settings.ts";
import { BobaError, EXIT } from "../core/errors.ts";
import type { HookMode } from "../core/hooks.ts";
import type { App } from "./app.ts";
import type { Manifest } from "./hooks-manifest.ts";

/** @throws BobaError BOBA-HOOK-7 when what was typed contradicts settings.yaml: the next run would undo it. */
export async function chosenMode(app: App, typed: HookMode | null, manifest: Manifest | null): Promise<HookMode> {
  const { mode } = (await loadSettings(app.paths)).hooks;
  if (mode !== null && typed !== null && typed !== mode) {
    throw new BobaError(
      "BOBA-HOOK-7",
      EXIT.usage,
      `hooks.mode is ${mode} in ${app.paths.settings}`,
      `change or remove it there, or leave out --mode ${typed}`,
    );
  }
  return mode ?? typed ?? manifest?.mode ?? "background";
}
