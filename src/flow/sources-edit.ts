/** Switches sources on and off and adds folders to them, in `settings.yaml`. */
import { statSync } from "node:fs";
import { resolve } from "node:path";
import { editSettings } from "../config/settings-edit.ts";
import { loadSettings } from "../config/settings.ts";
import { BobaError, EXIT } from "../core/errors.ts";
import type { App } from "./app.ts";
import { knownSource } from "./known-source.ts";
import { homeOf } from "./source-context.ts";

/** @throws BobaError BOBA-USE-11 for a source nobody knows; BOBA-CFG-* for settings that are not valid. */
export async function switchSource(app: App, id: string, enabled: boolean): Promise<void> {
  await editSettings(app.paths, ["sources", knownSource(id).id, "enabled"], enabled);
}

/** Adds a folder to read; it is stored absolute. @throws BobaError BOBA-FS-4 when it is no folder. */
export async function addSourcePath(app: App, id: string, path: string): Promise<string> {
  const source = knownSource(id);
  const folder = absolute(app, path);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new BobaError("BOBA-FS-4", EXIT.usage, `${folder} is no folder`, `name the folder that ${source.name} writes its logs to`);
  }
  const paths = await pathsOf(app, id);
  if (!paths.some((known) => absolute(app, known) === folder)) await editSettings(app.paths, ["sources", id, "paths"], [...paths, folder]);
  return folder;
}

/** @throws BobaError BOBA-USE-32 when it is not in the list. */
export async function removeSourcePath(app: App, id: string, path: string): Promise<string> {
  knownSource(id);
  const folder = absolute(app, path);
  const paths = await pathsOf(app, id);
  const rest = paths.filter((known) => absolute(app, known) !== folder);
  if (rest.length === paths.length) {
    const hint = paths.length === 0 ? `no folder was added to ${id}` : `added are: ${paths.join(", ")}`;
    throw new BobaError("BOBA-USE-32", EXIT.usage, `${folder} is not among the added folders of ${id}`, hint);
  }
  await editSettings(app.paths, ["sources", id, "paths"], rest.length === 0 ? undefined : rest);
  return folder;
}

async function pathsOf(app: App, id: string): Promise<readonly string[]> {
  return (await loadSettings(app.paths)).sources[id]?.paths ?? [];
}

/** As the settings mean it: `~/` is the home folder; what is typed may also be relative. */
function absolute(app: App, path: string): string {
  return path.startsWith("~/") ? resolve(homeOf(app), path.slice(2)) : resolve(app.cwd, path);
}
