/** Puts back what a hook manager wiped, for the repository at hand. Part of every run of boba, so it must cost next to nothing. */
import { dirname, join } from "node:path";
import type { Healed } from "../core/hooks.ts";
import { BobaError } from "../core/errors.ts";
import { hasCode } from "../platform/fs.ts";
import { blockText } from "../git/hook-block.ts";
import { peekBytes } from "../git/hook-file.ts";
import { wipeCause } from "../git/hook-managers.ts";
import { configSignature, findPlace, isSharedRepository, type Place } from "../git/hook-place.ts";
import { includePath, isScriptStale, scriptPath, writeScripts } from "../git/hook-scripts.ts";
import { hookEvents } from "../core/hooks.ts";
import type { App } from "./app.ts";
import { addInclude, includesOurs } from "./hooks-include.ts";
import { installBlocks, isCi } from "./hooks-install.ts";
import { isAnyShared, isShared, type Manifest, readManifest, type RepoEntry } from "./hooks-manifest.ts";
import { chosenMode } from "./hooks-mode.ts";

/**
 * Heals the hooks of the repository around `cwd` if boba was installed there (or globally): reads a handful of small files, and
 * starts git only when the configuration or a hook file changed. Never throws for what it may not write; logs what it mended.
 */
export async function healHooks(app: App, cwd: string): Promise<Healed[]> {
  try {
    const manifest = readManifest(app.paths.hooksManifest);
    const place = manifest === null ? null : findPlace(cwd);
    if (manifest === null || place === null || isCi(app.env)) return [];
    const entry = manifest.repos.find((repo) => repo.commonDir === place.commonDir);
    if (entry === undefined && manifest.global === null) return [];
    const healed = [
      ...(await healScripts(app, manifest)),
      ...healInclude(app, manifest, entry, place),
      ...(await healBlocks(app, manifest, entry, place)),
    ];
    for (const { file, what, cause } of healed) app.log.write("info", "hooks.healed", { file, what, cause });
    return healed;
  } catch (error) {
    // Healing is a favour on the side of another command: what it cannot do, `boba hooks status` explains.
    if (!(error instanceof BobaError) && !hasCode(error, "EACCES", "EPERM", "EROFS", "EEXIST", "ENOENT", "ENOTDIR", "ENOSPC")) throw error;
    app.log.write("warn", "hooks.heal-failed", { message: error instanceof Error ? error.message : "" });
    return [];
  }
}

async function healScripts(app: App, manifest: Manifest): Promise<Healed[]> {
  const mode = await chosenMode(app, null, manifest);
  const share = isAnyShared(manifest);
  if (!isScriptStale(app.paths, mode, share)) return [];
  return writeScripts(app.paths, mode, share).map((file) => ({
    file,
    what: "script",
    cause: "the script was removed, or boba or Node.js moved",
  }));
}

function healInclude(app: App, manifest: Manifest, entry: RepoEntry | undefined, place: Place): Healed[] {
  const files = [
    ...(entry?.include ? [join(place.commonDir, "config")] : []),
    ...(manifest.global === null ? [] : [manifest.global.file.path]),
  ];
  const include = includePath(app.paths);
  return files.flatMap((file): Healed[] => {
    if (includesOurs(file, include) || (file !== manifest.global?.file.path && isSharedRepository(place.commonDir))) return [];
    return addInclude(file, include).state === "added" ? [{ file, what: "include", cause: "the configuration was rewritten" }] : [];
  });
}

async function healBlocks(app: App, manifest: Manifest, entry: RepoEntry | undefined, place: Place): Promise<Healed[]> {
  if (!(entry?.blocks ?? manifest.global?.blocks ?? false)) return [];
  const seen = entry?.seen.find((known) => known.root === place.root);
  const moved = seen?.signature !== configSignature(place, app.env);
  const wiped = missingBlocks(app, entry, seen?.hooksDir ?? null, isShared(manifest, place.commonDir));
  if (!moved && wiped.length === 0) return [];
  // Asked before anything is written: the block's absence is part of the evidence.
  const causes = new Map(wiped.map((file) => [file, wipeCause(place, file)]));
  const done = await installBlocks(app, place, false, true);
  return done.written.map((file) => ({ file, what: "block", cause: causes.get(file) ?? newFileCause(seen, done.hooks, place, file) }));
}

/** Files of the hooks folder last seen that held the block and do no more. */
export function missingBlocks(app: App, entry: RepoEntry | undefined, hooksDir: string | null, share: boolean): string[] {
  const script = scriptPath(app.paths);
  return hookEvents(share).flatMap((event) => {
    const file = entry?.files.find((known) => hooksDir !== null && known.path === join(hooksDir, event));
    return file === undefined || (peekBytes(file.path) ?? "").includes(blockText(event, script)) ? [] : [file.path];
  });
}

function newFileCause(
  seen: { hooksDir: string | null } | undefined,
  hooks: { dir: string | null; value: string | null; scope: string | null },
  place: Place,
  file: string,
): string {
  if (seen === undefined) return "first run of boba in this worktree";
  if (seen.hooksDir === hooks.dir) return wipeCause(place, file);
  const set = hooks.value === null ? "core.hooksPath is no longer set" : `core.hooksPath is now ${hooks.value} (${hooks.scope ?? "?"})`;
  return dirname(file).endsWith(join(".husky", "_")) ? `${set}: set by husky` : set;
}
