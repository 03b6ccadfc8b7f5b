/** What boba wrote for git, and what was there before: `~/.boba/git-hooks/manifest.json`. Hashes and modes, never a file's content. */
import { closeSync, mkdirSync, openSync, rmSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { HOOK_MODES, type HookMode } from "../core/hooks.ts";
import { hasCode, readIfThere, writeFileAtomic } from "../platform/fs.ts";
import { pause } from "../platform/pause.ts";

/** A file as it was before boba's lines went in. */
export interface FileEntry {
  path: string;
  existed: boolean;
  /** Whether boba ever made a file of this name: a manager may have moved that one aside and put its own in place. */
  made: boolean;
  /** Permission bits; of the new file when there was none. */
  mode: number;
  /** SHA-256 in hex of the bytes before; empty when there was no file. */
  shaBefore: string;
}

/** The hooks folder found for a worktree, and the state of the configuration it was found in. */
export interface SeenEntry {
  root: string;
  signature: string;
  hooksDir: string | null;
}

export interface RepoEntry {
  commonDir: string;
  /** Whether the include line is in this repository's own config (not the global one). */
  include: boolean;
  /** Whether a git older than 2.54 may run here, so that hook files carry the block. */
  blocks: boolean;
  /** Whether this clone's notes follow a push (`--share`). */
  share: boolean;
  files: FileEntry[];
  /** Folders that boba made, to be removed when empty. */
  folders: string[];
  seen: SeenEntry[];
}

export interface Manifest {
  mode: HookMode | null;
  /** The global installation: its configuration file, and whether older gits were found. */
  global: { file: FileEntry; blocks: boolean; share: boolean } | null;
  repos: RepoEntry[];
}

/** Worktrees come and go: only this many are remembered a repository. */
const MAX_SEEN = 200;

export function emptyManifest(): Manifest {
  return { mode: null, global: null, repos: [] };
}

/** The manifest, or null when there is none or it is not one of ours (then uninstalling goes by the marks alone). */
export function readManifest(path: string): Manifest | null {
  const bytes = readIfThere(path);
  if (bytes === null) return null;
  try {
    return parseManifest(JSON.parse(bytes.toString("utf8")));
  } catch {
    // Damaged by hand or by a full disk: the marks in the files say the same.
    return null;
  }
}

/** Changes the manifest under a lock, so that two runs of boba keep each other's entries. Writes only when something changed. */
export function updateManifest(path: string, change: (manifest: Manifest) => void): void {
  const release = lock(`${path}.lock`);
  try {
    const manifest = readManifest(path) ?? emptyManifest();
    const before = JSON.stringify(manifest);
    change(manifest);
    for (const repo of manifest.repos) repo.seen = repo.seen.slice(-MAX_SEEN);
    if (JSON.stringify(manifest) === before) return;
    writeFileAtomic(path, `${JSON.stringify({ version: 1, ...manifest }, null, 1)}\n`, 0o600);
  } finally {
    release();
  }
}

export function repoEntry(manifest: Manifest, commonDir: string): RepoEntry {
  const found = manifest.repos.find((repo) => repo.commonDir === commonDir);
  if (found !== undefined) return found;
  const made: RepoEntry = { commonDir, include: false, blocks: false, share: false, files: [], folders: [], seen: [] };
  manifest.repos.push(made);
  return made;
}

/** Whether the notes of this repository follow a push: by its own installation, or the global one. */
export function isShared(manifest: Manifest | null, commonDir: string): boolean {
  return manifest?.global?.share === true || manifest?.repos.some((repo) => repo.commonDir === commonDir && repo.share) === true;
}

/** Whether any repository shares: the one file that all of them include then lists the push. */
export function isAnyShared(manifest: Manifest | null): boolean {
  return manifest?.global?.share === true || manifest?.repos.some(({ share }) => share) === true;
}

const WAIT_MS = 20;
const TRIES = 100;
const STALE_MS = 10_000;

function lock(path: string): () => void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  for (let n = 0; n < TRIES; n++) {
    try {
      closeSync(openSync(path, "wx", 0o600));
      return () => rmSync(path, { force: true });
    } catch (error) {
      if (!hasCode(error, "EEXIST")) throw error;
      const stat = statSync(path, { throwIfNoEntry: false });
      // Left behind by a run that was killed: the file is held for milliseconds only.
      if (stat !== undefined && Date.now() - stat.mtimeMs > STALE_MS) rmSync(path, { force: true });
      pause(WAIT_MS);
    }
  }
  // A lost entry costs a re-scan when uninstalling; waiting longer would hold up the user.
  return () => undefined;
}

type Json = Readonly<Record<string, unknown>>;

function parseManifest(json: unknown): Manifest | null {
  if (!isObject(json) || json["version"] !== 1) return null;
  const global = json["global"];
  const mode = HOOK_MODES.find((name) => name === json["mode"]) ?? null;
  const file = isObject(global) ? parseFile(global["file"]) : null;
  return {
    mode,
    global: isObject(global) && file !== null ? { file, blocks: global["blocks"] === true, share: global["share"] === true } : null,
    repos: list(json["repos"]).flatMap((repo) => parseRepo(repo)),
  };
}

function parseRepo(json: unknown): RepoEntry[] {
  if (!isObject(json) || typeof json["commonDir"] !== "string") return [];
  const files = list(json["files"]).map(parseFile);
  const seen = list(json["seen"]).flatMap((item): SeenEntry[] => {
    if (!isObject(item) || typeof item["root"] !== "string" || typeof item["signature"] !== "string") return [];
    return [{ root: item["root"], signature: item["signature"], hooksDir: typeof item["hooksDir"] === "string" ? item["hooksDir"] : null }];
  });
  return [
    {
      commonDir: json["commonDir"],
      include: json["include"] === true,
      blocks: json["blocks"] === true,
      share: json["share"] === true,
      files: files.filter((file) => file !== null),
      folders: list(json["folders"]).filter((path) => typeof path === "string"),
      seen,
    },
  ];
}

function parseFile(json: unknown): FileEntry | null {
  if (!isObject(json) || typeof json["path"] !== "string" || typeof json["mode"] !== "number") return null;
  return {
    path: json["path"],
    existed: json["existed"] !== false,
    made: json["made"] === true,
    mode: json["mode"] & 0o7777,
    shaBefore: typeof json["shaBefore"] === "string" ? json["shaBefore"] : "",
  };
}

function isObject(json: unknown): json is Json {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}

function list(json: unknown): unknown[] {
  return Array.isArray(json) ? json : [];
}
