/** Gives a clone its id where the installation is not its own: with a global one, or when sharing begins. */
import { ensureCloneId } from "../git/clone-id.ts";
import type { App } from "./app.ts";
import { repoEntry, updateManifest } from "./hooks-manifest.ts";

/** The id, made if need be; null when the repository's configuration cannot be written. */
export function giveCloneId(app: App, commonDir: string): string | null {
  const id = ensureCloneId(commonDir);
  // So that uninstalling finds the id again, also where nothing else was written.
  if (id !== null) updateManifest(app.paths.hooksManifest, (manifest) => void repoEntry(manifest, commonDir));
  return id;
}
