/** `boba hooks uninstall`: cuts boba's own lines out of every file and leaves each byte and mode as it was. */
import { existsSync, lstatSync, rmdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ALL_HOOK_EVENTS, type UninstallReport } from "../core/hooks.ts";
import { hasCode } from "../platform/fs.ts";
import { cutCloneId } from "../git/clone-id.ts";
import { cutSection } from "../git/config-lines.ts";
import { cutBlock, NEW_HOOK } from "../git/hook-block.ts";
import { editConfigFile, modeOf, peekBytes, replaceFile } from "../git/hook-file.ts";
import { askPlace, effectiveHooksPath, globalConfigFile, isEmptyFolder, siblingsOf } from "../git/hook-place.ts";
import { includePath, scriptPath, writeInclude } from "../git/hook-scripts.ts";
import { deleteNotesRefs } from "../git/notes-refs.ts";
import type { App } from "./app.ts";
import { emptyManifest, isAnyShared, type Manifest, readManifest, repoEntry, type RepoEntry, updateManifest } from "./hooks-manifest.ts";
import { spoolIn, takenFrom } from "./spool-files.ts";

export interface UninstallOptions {
  global: boolean;
  /** Every repository of the manifest, and the global configuration. */
  all: boolean;
  /** Also the undelivered hints and this repository's notes. */
  purge: boolean;
}

interface Work {
  restored: { path: string; removed: boolean }[];
  failed: string[];
  purged: string[];
}

/** @throws BobaError BOBA-HOOK-1 outside a repository, unless `global` or `all`. */
export async function uninstallHooks(app: App, options: UninstallOptions): Promise<UninstallReport> {
  const manifest = readManifest(app.paths.hooksManifest) ?? emptyManifest();
  const work: Work = { restored: [], failed: [], purged: [] };
  const served = await reposToServe(app, manifest, options);
  for (const { repo, hooksDirs } of served) {
    cutHooks(repo, hooksDirs, work);
    // With the global installation goes the id that sharing gave a clone; the one of its own installation stays.
    const config = join(repo.commonDir, "config");
    const keepsOwn = options.global && !options.all && repo.files.some(({ path }) => path === config);
    if (!keepsOwn) cutConfig(app, config, true, work);
    removeFolders(repo.folders);
    if (options.purge) await purge(app, repo.commonDir, work);
  }
  if (options.global || options.all) {
    const file = manifest.global?.file.path ?? globalConfigFile(app.env);
    if (file !== null) cutConfig(app, file, manifest.global?.file.existed ?? true, work);
  }
  forget(
    app,
    served.map(({ repo }) => repo.commonDir),
    options,
    work,
  );
  for (const { path, removed } of work.restored) app.log.write("info", "hooks.uninstalled", { file: path, removed });
  return work;
}

/** The repositories to clean, each with the hooks folders to look through. */
async function reposToServe(app: App, manifest: Manifest, options: UninstallOptions): Promise<{ repo: RepoEntry; hooksDirs: string[] }[]> {
  const known = manifest.repos.filter((repo) => options.all || (options.global && !repo.include));
  const served = known
    .filter((repo) => existsSync(repo.commonDir))
    .map((repo) => ({ repo, hooksDirs: [join(repo.commonDir, "hooks"), ...repo.seen.flatMap((seen) => seen.hooksDir ?? [])] }));
  if (options.all || options.global) return served;
  const place = await askPlace(app.cwd, app.env);
  const repo = repoEntry(structuredClone(manifest), place.commonDir);
  const hooks = place.bare ? null : (await effectiveHooksPath(place.root, app.env)).dir;
  const dirs = [join(place.commonDir, "hooks"), ...(hooks === null ? [] : [hooks]), ...repo.seen.flatMap((seen) => seen.hooksDir ?? [])];
  return [{ repo, hooksDirs: dirs }];
}

function cutHooks(repo: RepoEntry, hooksDirs: readonly string[], work: Work): void {
  const inFolders = hooksDirs.flatMap((dir) => ALL_HOOK_EVENTS.map((event) => join(dir, event)));
  const recorded = repo.files.map((file) => file.path).filter((path) => path !== join(repo.commonDir, "config"));
  for (const hook of new Set([...recorded, ...inFolders])) {
    const entry = repo.files.find((file) => file.path === hook);
    cutHook(hook, entry === undefined || !entry.existed, work);
    for (const path of siblingsOf(hook)) cutHook(path, entry === undefined || entry.made, work);
  }
}

/** A file that boba made (`ours`) and nobody added to goes away; in every other only the marked lines do. */
function cutHook(path: string, ours: boolean, work: Work): void {
  const text = peekBytes(path);
  if (text === null || !lstatSync(path).isFile()) return;
  const rest = cutBlock(text);
  if (rest === text) return;
  const removed = ours && rest === NEW_HOOK;
  attempt(path, work, () => {
    if (removed) rmSync(path);
    else replaceFile(path, rest, modeOf(path) ?? 0o755);
    work.restored.push({ path, removed });
  });
}

function cutConfig(app: App, file: string, existed: boolean, work: Work): void {
  attempt(file, work, () => {
    const include = includePath(app.paths);
    if (!existsSync(file) || !editConfigFile(file, (text) => cutCloneId(cutSection(text, "include", "path", include)))) return;
    const removed = !existed && peekBytes(file) === "";
    if (removed) rmSync(file);
    work.restored.push({ path: file, removed });
  });
}

function attempt(path: string, work: Work, step: () => void): void {
  try {
    step();
  } catch (error) {
    if (!hasCode(error, "EACCES", "EPERM", "EROFS", "EEXIST", "ENOSPC")) throw error;
    work.failed.push(path);
  }
}

function removeFolders(folders: readonly string[]): void {
  for (const folder of folders.toReversed()) if (isEmptyFolder(folder)) rmdirSync(folder);
}

async function purge(app: App, commonDir: string, work: Work): Promise<void> {
  const spool = spoolIn(commonDir);
  for (const path of [...(existsSync(spool) ? [spool] : []), ...takenFrom(spool)]) {
    rmSync(path, { force: true });
    work.purged.push(path);
  }
  work.purged.push(...(await deleteNotesRefs(commonDir, app.env)));
}

/** Drops the manifest's entries; with the last one the scripts go as well. What could not be cut stays known, for another try. */
function forget(app: App, commonDirs: readonly string[], options: UninstallOptions, work: Work): void {
  if (!existsSync(app.paths.gitHooks)) return;
  let empty = false;
  let share = false;
  updateManifest(app.paths.hooksManifest, (manifest) => {
    if (work.failed.length > 0) return;
    manifest.repos = manifest.repos.filter((repo) => !commonDirs.includes(repo.commonDir) && (!options.all || existsSync(repo.commonDir)));
    if (options.global || options.all) manifest.global = null;
    empty = manifest.repos.length === 0 && manifest.global === null;
    share = isAnyShared(manifest);
  });
  if (!empty) {
    // Those that stay need no hook before a push on account of one that is gone.
    if (!share && work.failed.length === 0) writeInclude(app.paths, false);
    return;
  }
  const { hooksManifest, spool } = app.paths;
  const ours = [scriptPath(app.paths), includePath(app.paths), hooksManifest, ...(options.purge ? [spool, ...takenFrom(spool)] : [])];
  for (const path of ours) rmSync(path, { force: true });
  if (isEmptyFolder(app.paths.gitHooks)) rmdirSync(app.paths.gitHooks);
}
