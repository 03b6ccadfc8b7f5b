/** Walks folders for log files: never fails for one bad entry, never walks a folder twice, never opens what is not a file. */
import { type Dirent, readdirSync, type Stats, statSync } from "node:fs";
import { basename, join, normalize, sep } from "node:path";
import { hasCode } from "../platform/fs.ts";
import type { Discovery, SourceFile } from "./source.ts";

/** Says yes to the name of a file or folder; `depth` is 0 for what lies directly in a root. */
export type Choice = (name: string, depth: number) => boolean;

/**
 * Regular files below `roots` (links followed) whose name `wanted` accepts, in folders whose name `enters` accepts. A root may be a
 * single file; one that is missing is no error.
 */
export function findFiles(roots: readonly string[], wanted: Choice, enters: Choice = () => true): Discovery {
  const found: Discovery = { files: [], unreadable: [] };
  const seen = new Set<string>();
  const stat = (path: string): Stats | null => {
    try {
      // What is gone since it was listed, or a link to nothing, is no file, so nothing is missed; most agents are not installed.
      return statSync(path, { throwIfNoEntry: false }) ?? null;
    } catch (error) {
      found.unreadable.push({ path, reason: describe(error) });
      return null;
    }
  };
  const walk = (dir: string, stats: Stats, depth: number) => {
    const identity = `${stats.dev}:${stats.ino}`;
    if (seen.has(identity)) return;
    seen.add(identity);
    for (const entry of list(dir, found)) {
      // Not `join`, which looks for `..` in every path anew.
      const path = dir.endsWith(sep) ? dir + entry.name : dir + sep + entry.name;
      const mayEnter = !entry.isFile() && enters(entry.name, depth);
      const mayTake = !entry.isDirectory() && wanted(entry.name, depth);
      if ((entry.isDirectory() && mayEnter) || (entry.isSymbolicLink() && (mayEnter || mayTake)) || (entry.isFile() && mayTake)) {
        const at = stat(path);
        if (at?.isDirectory() && mayEnter) walk(path, at, depth + 1);
        else if (at?.isFile() && mayTake) {
          found.files.push(asFile(path, at));
        }
      }
    }
  };
  for (const given of roots) {
    const root = normalize(given);
    const at = stat(root);
    if (at?.isDirectory()) walk(root, at, 0);
    else if (at?.isFile() && wanted(basename(root), 0)) found.files.push(asFile(root, at));
  }
  return found;
}

function asFile(path: string, at: Stats): SourceFile {
  return { path, size: at.size, mtimeMs: at.mtimeMs, inode: at.ino, birthtimeMs: at.birthtimeMs };
}

function list(dir: string, found: Discovery): Dirent[] {
  try {
    return readdirSync(dir, { withFileTypes: true });
  } catch (error) {
    if (!hasCode(error, "ENOENT", "ENOTDIR")) found.unreadable.push({ path: dir, reason: describe(error) });
    return [];
  }
}

/** False only where there surely is nothing: what may not be looked at is still to be named as such. */
export function mayExist(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return true; // told when it is searched
  }
}

/** Folders directly below `folder`; none when it is missing or closed. */
export function findFolders(folder: string): string[] {
  return list(folder, { files: [], unreadable: [] })
    .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
    .map((entry) => join(folder, entry.name));
}

/** `cannot be read (EACCES)`: the system's code only, since messages repeat the path. */
export function describe(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
  return `cannot be read (${code})`;
}
