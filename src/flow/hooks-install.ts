/** `boba hooks install`: the include line for git 2.54 and later, the block for older ones, and this clone's id. */
import { join } from "node:path";
import { BobaError, EXIT } from "../core/errors.ts";
import type { GitFound, HookMode, IncludeState, InstallReport, Snippet } from "../core/hooks.ts";
import { hasCode } from "../platform/fs.ts";
import { ensureCloneId } from "../git/clone-id.ts";
import { peekBytes } from "../git/hook-file.ts";
import { snippetFor } from "../git/hook-managers.ts";
import {
  askPlace,
  configSignature,
  effectiveHooksPath,
  findPlace,
  globalConfigFile,
  isSharedRepository,
  type Place,
} from "../git/hook-place.ts";
import { includePath, scriptPath, writeScripts } from "../git/hook-scripts.ts";
import { findGits } from "../git/hook-versions.ts";
import type { App } from "./app.ts";
import { noteBlocks, placeBlocks } from "./hooks-blocks.ts";
import { addInclude, fileEntry, includeLines, includesOurs } from "./hooks-include.ts";
import { isAnyShared, isShared, readManifest, repoEntry, updateManifest } from "./hooks-manifest.ts";
import { chosenMode } from "./hooks-mode.ts";

export interface InstallOptions {
  global: boolean;
  mode: HookMode | null;
  /** Push this clone's notes after a push. Stays on once it was asked for. */
  share?: boolean;
  /** Also in CI and in bare repositories. */
  force: boolean;
  /** The gits that may run here; looked for when not given. */
  gits?: readonly GitFound[];
}

/**
 * Installs for the repository around `app.cwd`, or for all of them. Changes nothing when everything is in place.
 * @throws BobaError BOBA-HOOK-1 outside a repository, BOBA-HOOK-3 while git holds the config's lock, BOBA-HOOK-4 when `~/.boba`
 *   cannot be written.
 */
export async function installHooks(app: App, options: InstallOptions): Promise<InstallReport> {
  const place = options.global && findPlace(app.cwd) === null ? null : await askPlace(app.cwd, app.env);
  const manifestBefore = readManifest(app.paths.hooksManifest);
  const mode = await chosenMode(app, options.mode, manifestBefore);
  const asked = options.share === true;
  const include = includePath(app.paths);
  const file = options.global ? globalFile(app) : join((place as Place).commonDir, "config");
  const report: InstallReport = {
    scope: options.global ? "global" : "repository",
    skipped: null,
    root: place?.root ?? null,
    mode,
    share: asked || (options.global ? manifestBefore?.global?.share === true : isShared(manifestBefore, place?.commonDir ?? "")),
    include: { state: "absent", file, lines: includeLines(include) },
    clone: null,
    events: [],
    written: [],
    snippets: [],
  };
  if (!options.force) {
    if (isCi(app.env)) return { ...report, skipped: "ci" };
    if (!options.global && place?.bare === true) return { ...report, skipped: "bare" };
  }
  const written = prepareHome(app, mode, asked || isAnyShared(manifestBefore));
  const gits = options.gits ?? (await findGits(app.env));
  // An unknown or missing git counts as an old one: a block too many costs nothing, a missing one loses hints.
  const blocks = gits.length === 0 || gits.some((git) => !git.configHooks);
  const configBefore = fileEntry(file);
  const added: { state: IncludeState } =
    !options.global && place !== null && isSharedRepository(place.commonDir) ? { state: "absent" } : addInclude(file, include);
  const clone = place === null || options.global ? null : ensureCloneId(place.commonDir);
  const changed = peekBytes(file) !== null && fileEntry(file).shaBefore !== configBefore.shaBefore;
  if (changed) written.push(file);
  updateManifest(app.paths.hooksManifest, (manifest) => {
    manifest.mode = mode;
    const known = options.global
      ? manifest.global?.file
      : repoEntry(manifest, (place as Place).commonDir).files.find((one) => one.path === file);
    const entry = changed || known === undefined ? configBefore : known;
    if (options.global) manifest.global = { file: entry, blocks, share: report.share };
    else {
      const repo = repoEntry(manifest, (place as Place).commonDir);
      repo.include = added.state === "added" || added.state === "present";
      repo.blocks = blocks;
      repo.share ||= asked;
      if (entry !== known) repo.files = [...repo.files.filter((one) => one !== known), entry];
    }
  });
  const withBlocks =
    place === null || place.bare
      ? null
      : await installBlocks(
          app,
          place,
          gits.some((git) => git.configHooks),
          blocks,
        );
  return {
    ...report,
    include: { ...report.include, state: added.state },
    clone,
    events: withBlocks?.events ?? [],
    written: [...written, ...(withBlocks?.written ?? [])],
    snippets: withBlocks?.snippets ?? [],
  };
}

/** Puts the blocks into the effective hooks folder of one worktree, as far as they are wanted and may go in. */
export async function installBlocks(app: App, place: Place, configHooks: boolean, wanted: boolean) {
  const script = scriptPath(app.paths);
  const hooks = await effectiveHooksPath(place.root, app.env);
  const share = isShared(readManifest(app.paths.hooksManifest), place.commonDir);
  const done = await placeBlocks({ place, hooks, env: app.env, script, include: configHooks && isIncluded(app, place), wanted, share });
  updateManifest(app.paths.hooksManifest, (manifest) => {
    const entry = repoEntry(manifest, place.commonDir);
    entry.blocks = wanted;
    noteBlocks(entry, done, { root: place.root, signature: configSignature(place, app.env), hooksDir: hooks.dir });
  });
  const snippets = done.events.flatMap((event): Snippet[] => {
    const snippet = event.obstacle === null ? null : snippetFor(place, event.event, event.file, event.obstacle, script, app.env["HOME"]);
    return snippet === null ? [] : [snippet];
  });
  return { events: done.events, written: done.written.map((one) => one.path), snippets, hooks };
}

/** Whether git's configuration for this repository includes ours, through its own config or the global one. */
export function isIncluded(app: App, place: Place): boolean {
  const include = includePath(app.paths);
  const global = globalConfigFile(app.env);
  return includesOurs(join(place.commonDir, "config"), include) || (global !== null && includesOurs(global, include));
}

/** CI systems set `CI`; an explicit false is a person's own. */
export function isCi(env: NodeJS.ProcessEnv): boolean {
  return !["", "0", "false"].includes((env["CI"] ?? "").toLowerCase());
}

function globalFile(app: App): string {
  const file = globalConfigFile(app.env);
  if (file !== null) return file;
  throw new BobaError("BOBA-HOOK-5", EXIT.usage, "there is no global git configuration without HOME", "set HOME, or GIT_CONFIG_GLOBAL");
}

function prepareHome(app: App, mode: HookMode, share: boolean): string[] {
  try {
    return writeScripts(app.paths, mode, share);
  } catch (error) {
    if (!hasCode(error, "EACCES", "EPERM", "EROFS", "ENOTDIR", "EEXIST")) throw error;
    throw new BobaError(
      "BOBA-HOOK-4",
      EXIT.permission,
      `${app.paths.gitHooks} cannot be written`,
      `give yourself the right to write there: chmod -R u+rwX ${app.paths.home}`,
      error,
    );
  }
}
