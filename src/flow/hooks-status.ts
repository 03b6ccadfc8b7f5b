/** `boba hooks status`: how each event reaches boba here, and what stands in the way. Changes nothing. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ALL_HOOK_EVENTS, type GitFound, type HooksStatus } from "../core/hooks.ts";
import { readCloneId } from "../git/clone-id.ts";
import { hasBlock } from "../git/hook-block.ts";
import { peekBytes } from "../git/hook-file.ts";
import { findManagers } from "../git/hook-managers.ts";
import { usesLfs } from "../git/hook-obstacles.ts";
import { askPlace, effectiveHooksPath, findPlace, globalConfigFile, siblingsOf } from "../git/hook-place.ts";
import { includePath, isScriptStale, scriptPath } from "../git/hook-scripts.ts";
import { findGits } from "../git/hook-versions.ts";
import type { App } from "./app.ts";
import { lookAtBlocks } from "./hooks-blocks.ts";
import { includesOurs } from "./hooks-include.ts";
import { isAnyShared, isShared, readManifest } from "./hooks-manifest.ts";
import { chosenMode } from "./hooks-mode.ts";
import { shareWarning, sharingOf } from "./share-status.ts";

/** Works outside a repository too, with the global part alone. `gits`: looked for when not given. */
export async function hooksStatus(app: App, gits?: readonly GitFound[]): Promise<HooksStatus> {
  const found = gits ?? (await findGits(app.env));
  const manifest = readManifest(app.paths.hooksManifest);
  const mode = await chosenMode(app, null, manifest);
  const include = includePath(app.paths);
  const globalFile = globalConfigFile(app.env);
  const global = globalFile !== null && includesOurs(globalFile, include);
  const status: HooksStatus = {
    root: null,
    commonDir: null,
    mode,
    share: manifest?.global?.share === true,
    include: { repository: false, global },
    hooksPath: null,
    events: [],
    gits: found,
    managers: [],
    moved: [],
    lfs: false,
    clone: null,
    warnings: [],
  };
  if (findPlace(app.cwd) === null) return status;
  const place = await askPlace(app.cwd, app.env);
  const hooks = await effectiveHooksPath(place.root, app.env);
  const own = includesOurs(join(place.commonDir, "config"), include);
  const wanted = found.length === 0 || found.some((git) => !git.configHooks);
  const events = await lookAtBlocks({
    place,
    hooks,
    env: app.env,
    script: scriptPath(app.paths),
    include: (own || global) && found.some((git) => git.configHooks),
    wanted,
    share: isShared(manifest, place.commonDir),
  });
  const exists = hooks.dir !== null && existsSync(hooks.dir);
  const installed = own || global || events.some((event) => event.block);
  const warnings: string[] = [];
  if (hooks.value === "")
    warnings.push(`core.hooksPath is empty (${hooks.origin ?? hooks.scope ?? ""}): git runs no hook files, of nobody`);
  if (hooks.value && !exists)
    warnings.push(`core.hooksPath names a folder that does not exist: ${hooks.value} (${hooks.origin ?? hooks.scope ?? ""})`);
  if (hooks.scope === "worktree") warnings.push("core.hooksPath is set for this worktree alone (config.worktree)");
  if (app.env["BOBA_HOOKS"] === "0") warnings.push("BOBA_HOOKS=0 is set here: hooks do nothing");
  if (installed && isScriptStale(app.paths, mode, isAnyShared(manifest)))
    warnings.push("the installed script is gone or out of date: run boba hooks install");
  const share = isShared(manifest, place.commonDir);
  if (share) warnings.push(...(await sharingOf(app, place.commonDir)).map(shareWarning));
  return {
    ...status,
    root: place.root,
    commonDir: place.commonDir,
    share,
    include: { repository: own, global },
    hooksPath: { ...hooks, exists },
    events,
    managers: findManagers(place, hooks.dir),
    moved: ALL_HOOK_EVENTS.flatMap((event) => (hooks.dir === null ? [] : siblingsOf(join(hooks.dir, event)))).filter((path) =>
      hasBlock(peekBytes(path) ?? ""),
    ),
    lfs: usesLfs(place, hooks.dir),
    clone: readCloneId(place.commonDir),
    warnings,
  };
}
