/** Agents that keep their usage in an SQLite database of their own: read in place, never written, never waited for long. */
import { statSync } from "node:fs";
import { join } from "node:path";
import { hasCode } from "../platform/fs.ts";
import { type Db, openForeign } from "../platform/sqlite.ts";
import { describe, entriesIn, isRacy } from "./find-files.ts";
import type { Discovery, Position, Sink, SourceFile } from "./source.ts";

/** Databases that lie directly in `folders` and whose name `wanted` accepts. What is written to the log beside one counts as a change of it. */
export function findDatabases(folders: readonly string[], wanted: (name: string) => boolean): Discovery {
  const found: Discovery = { files: [], unreadable: [] };
  for (const folder of new Set(folders)) {
    for (const { name } of entriesIn(folder, found)) {
      const path = join(folder, name);
      try {
        const file = wanted(name) ? asFile(path) : null;
        if (file !== null) found.files.push(file);
      } catch (error) {
        if (!hasCode(error, "ENOENT", "ENOTDIR")) found.unreadable.push({ path, reason: describe(error) });
      }
    }
  }
  return found;
}

function asFile(path: string): SourceFile | null {
  const at = statSync(path, { throwIfNoEntry: false });
  if (at?.isFile() !== true) return null;
  const log = statSync(`${path}-wal`, { throwIfNoEntry: false });
  // Whoever reads a database may leave an empty log beside it: that changes nothing.
  const written = log !== undefined && log.size > 0 ? log : null;
  const mtimeMs = Math.max(at.mtimeMs, written?.mtimeMs ?? 0);
  // A log is written from its start again, and keeps its size.
  return { path, size: at.size + (written?.size ?? 0), mtimeMs, inode: at.ino, birthtimeMs: at.birthtimeMs, isRacy: isRacy(mtimeMs) };
}

const IS_DATABASE = /\.(?:db|sqlite3?)$/;

/** Whether a file that was found is a database that its agent keeps locked; asked with the patience of a real reading. */
export function isLockedDatabase(path: string): boolean {
  if (!IS_DATABASE.test(path)) return false;
  try {
    withDatabase(path, (db) => db.pragma("schema_version"));
    return false;
  } catch (error) {
    // Anything but a lock (damage, another format) is told by collecting, as what was skipped.
    return hasCode(error, "SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_BUSY_SNAPSHOT", "SQLITE_BUSY_RECOVERY");
  }
}

/** Runs `read` on the open database. Throws what SQLite throws: the file is then left for the next run, and reported. */
export function withDatabase<T>(path: string, read: (db: Db) => T): T {
  const db = openForeign(path);
  try {
    return read(db);
  } finally {
    db.close();
  }
}

/** The same for a reader that goes through the database in steps. */
export function* readDatabase(path: string, read: (db: Db) => Iterable<Position>): Generator<Position> {
  const db = openForeign(path);
  try {
    yield* read(db);
  } finally {
    db.close();
  }
}

/** For a database whose few rows all are read when it changed. One without `table` or without one of the `needed` columns is skipped as a whole. */
export function readTable(
  path: string,
  { table, needed, sink }: { table: string; needed: readonly string[]; sink: Sink },
  read: (db: Db, columns: ReadonlySet<string>) => void,
): Iterable<Position> {
  return readDatabase(path, function* (db) {
    sink.restart();
    const columns = columnsOf(db, table);
    const missing = missingIn(columns, table, needed);
    if (missing === null) read(db, columns);
    else sink.skip(0, missing);
    yield { offset: 0, anchor: "" };
  });
}

/** Which of `columns` the table has: agents add columns from version to version. An empty set: no such table. */
export function columnsOf(db: Db, table: string): ReadonlySet<string> {
  const rows = db.prepare<[string], { name: string }>("SELECT name FROM pragma_table_info(?)").all(table);
  return new Set(rows.map(({ name }) => name));
}

/** Why a table cannot be read, or null. */
export function missingIn(columns: ReadonlySet<string>, table: string, needed: readonly string[]): string | null {
  if (columns.size === 0) return `no table ${table}`;
  const missing = needed.filter((name) => !columns.has(name));
  return missing.length === 0 ? null : `table ${table} has no ${missing.join(", ")}`;
}

/** A column for a SELECT, or NULL under its name where the table does not have it. */
export function columnOrNull(columns: ReadonlySet<string>, name: string): string {
  return columns.has(name) ? name : `NULL AS ${name}`;
}
