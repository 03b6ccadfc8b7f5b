/** Agents that keep their usage in an SQLite database of their own: read in place, never written, never waited for long. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { hasCode } from "../platform/fs.ts";
import { type Db, openForeign } from "../platform/sqlite.ts";
import { describe } from "./find-files.ts";
import type { Discovery, SourceFile } from "./source.ts";

/** Databases that lie directly in `folders` and whose name `wanted` accepts. What is written to the log beside one counts as a change of it. */
export function findDatabases(folders: readonly string[], wanted: (name: string) => boolean): Discovery {
  const found: Discovery = { files: [], unreadable: [] };
  for (const folder of new Set(folders)) {
    try {
      for (const name of readdirSync(folder)) {
        const file = wanted(name) ? asFile(join(folder, name)) : null;
        if (file !== null) found.files.push(file);
      }
    } catch (error) {
      if (!hasCode(error, "ENOENT", "ENOTDIR")) found.unreadable.push({ path: folder, reason: describe(error) });
    }
  }
  return found;
}

function asFile(path: string): SourceFile | null {
  const at = statSync(path, { throwIfNoEntry: false });
  if (at?.isFile() !== true) return null;
  const log = statSync(`${path}-wal`, { throwIfNoEntry: false });
  return {
    path,
    size: at.size + (log?.size ?? 0),
    mtimeMs: Math.max(at.mtimeMs, log?.mtimeMs ?? 0),
    inode: at.ino,
    birthtimeMs: at.birthtimeMs,
  };
}

/** Runs `read` on the open database. Throws what SQLite throws: the file is then left for the next run, and reported. */
export function withDatabase<T>(file: SourceFile, read: (db: Db) => T): T {
  const db = openForeign(file.path);
  try {
    return read(db);
  } finally {
    db.close();
  }
}

/** Which of `columns` the table has: agents add columns from version to version. An empty set: no such table. */
export function columnsOf(db: Db, table: string): ReadonlySet<string> {
  const rows = db.prepare<[string], { name: string }>("SELECT name FROM pragma_table_info(?)").all(table);
  return new Set(rows.map(({ name }) => name));
}
