/** Walks folders for log files: never fails for one bad entry, never walks a folder twice, never opens what is not a file. */
import { type Dirent, readdirSync, type Stats, statSync } from "node:fs";
import { join } from "node:path";
import { hasCode } from "../platform/fs.ts";
import type { Discovery } from "./source.ts";

/** Regular files below `roots` (links followed) whose name `wanted` accepts. A root that is missing is no error. */
export function findFiles(roots: readonly string[], wanted: (name: string) => boolean): Discovery {
  const found: Discovery = { files: [], unreadable: [] };
  const seen = new Set<string>();
  const stat = (path: string): Stats | null => {
    try {
      return statSync(path);
    } catch (error) {
      // Gone since it was listed, or a link to nothing: there is no file, so nothing is missed.
      if (!hasCode(error, "ENOENT", "ENOTDIR")) found.unreadable.push({ path, reason: describe(error) });
      return null;
    }
  };
  const walk = (dir: string, stats: Stats) => {
    const identity = `${stats.dev}:${stats.ino}`;
    if (seen.has(identity)) return;
    seen.add(identity);
    for (const entry of list(dir, found)) {
      const path = join(dir, entry.name);
      if (entry.isDirectory() || entry.isSymbolicLink() || (entry.isFile() && wanted(entry.name))) {
        const at = stat(path);
        if (at?.isDirectory()) walk(path, at);
        else if (at?.isFile() && wanted(entry.name)) {
          found.files.push({ path, size: at.size, mtimeMs: at.mtimeMs, inode: at.ino, birthtimeMs: at.birthtimeMs });
        }
      }
    }
  };
  for (const root of roots) {
    const at = stat(root);
    if (at?.isDirectory()) walk(root, at);
  }
  return found;
}

function list(dir: string, found: Discovery): Dirent[] {
  try {
    return readdirSync(dir, { withFileTypes: true });
  } catch (error) {
    if (!hasCode(error, "ENOENT", "ENOTDIR")) found.unreadable.push({ path: dir, reason: describe(error) });
    return [];
  }
}

/** `cannot be read (EACCES)`: the system's code only, since messages repeat the path. */
export function describe(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
  return `cannot be read (${code})`;
}
