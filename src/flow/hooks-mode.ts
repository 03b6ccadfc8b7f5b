/** Which mode the hooks run in: what was typed, else what was chosen before, else in the background. */
import type { HookMode } from "../core/hooks.ts";
import type { Manifest } from "./hooks-manifest.ts";

export function chosenMode(typed: HookMode | null, manifest: Manifest | null): HookMode {
  return typed ?? manifest?.mode ?? "background";
}
