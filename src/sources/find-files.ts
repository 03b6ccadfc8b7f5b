/** Walks folders for log files: never fails for one bad entry, never walks a folder twice, never opens what is not a file. */
import { type Dirent, readdirSync, realpathSync, type Stats, statSync } from "node:fs";
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
  /** `real` is where `dir` lies without any link: only a link can lead to a folder that was walked. */
  const walk = (dir: string, real: string, depth: number) => {
    if (seen.has(real)) return;
    seen.add(real);
    const [prefix, realPrefix] = [slashed(dir), slashed(real)];
    for (const entry of entriesIn(dir, found)) {
      const { name } = entry;
      // Not `join`, which looks for `..` in every path anew.
      const path = prefix + name;
      if (entry.isDirectory()) {
        if (enters(name, depth)) walk(path, realPrefix + name, depth + 1);
      } else if (entry.isFile() ? wanted(name, depth) : entry.isSymbolicLink() && (wanted(name, depth) || enters(name, depth))) {
        visit(path, name, depth);
      }
    }
  };
  /** A file, or what a link leads to. */
  const visit = (path: string, name: string, depth: number, isRoot = false) => {
    const at = stat(path);
    if (at?.isFile() && wanted(name, depth)) found.files.push(asFile(path, at));
    else if (at?.isDirectory() && (isRoot || enters(name, depth))) walk(path, realOf(path), isRoot ? 0 : depth + 1);
  };
  for (const root of roots) {
    // Most agents are not installed: asked before anything is done about its path.
    if (mayExist(root)) visit(normalize(root), basename(root), 0, true);
  }
  return found;
}

const slashed = (dir: string): string => (dir.endsWith(sep) ? dir : dir + sep);

function realOf(dir: string): string {
  try {
    return realpathSync.native(dir);
  } catch {
    return dir; // gone meanwhile: nothing will be found in it
  }
}

function asFile(path: string, at: Stats): SourceFile {
  return { path, size: at.size, mtimeMs: at.mtimeMs, inode: at.ino, birthtimeMs: at.birthtimeMs };
}

/** The coarsest step in which a file system keeps times: FAT's. */
const TIME_STEP_MS = 2000;

/**
 * Whether what was last written at `mtimeMs` may be written again and keep that time (https://git-scm.com/docs/racy-git). To be asked where a
 * change need not show in the size, or where the time is the latest of several files': a file may get the very time that another one got
 * before it, even in nanoseconds (https://docs.kernel.org/filesystems/multigrain-ts.html).
 */
export const isRacy = (mtimeMs: number): boolean => mtimeMs > Date.now() - TIME_STEP_MS;

/** What lies directly in `dir`; a folder that may not be read is noted as such. */
export function entriesIn(dir: string, found: Discovery): Dirent[] {
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
  return entriesIn(folder, { files: [], unreadable: [] })
    .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
    .map((entry) => join(folder, entry.name));
}

/** `cannot be read (EACCES)`: the system's code only, since messages repeat the path. */
export function describe(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
  return `cannot be read (${code})`;
}
