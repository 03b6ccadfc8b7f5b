/** The door to SQLite: opens a file with the settings every connection needs. SQL itself lives in `store`. */
import Database from "better-sqlite3";

export type Db = Database.Database;

/** Opens (and creates) the database at `path` in WAL mode; waits up to 15 s for a lock held by another process. */
export function openDatabase(path: string, options: { readonly?: boolean } = {}): Db {
  const db = new Database(path, { timeout: 15_000, readonly: options.readonly ?? false });
  if (!options.readonly) db.pragma("journal_mode = WAL");
  db.pragma("synchronous = NORMAL");
  db.pragma("foreign_keys = ON");
  db.pragma("mmap_size = 1073741824");
  db.pragma("cache_size = -16000");
  return db;
}

/** Runs `work` in one write transaction, taking the write lock at the start so that it cannot fail half-way on it. */
export function transaction<T>(db: Db, work: () => T): T {
  return db.transaction(work).immediate();
}

/** How long another program may keep its database locked before it is left for the next time. */
const FOREIGN_TIMEOUT_MS = 500;

/** Opens another program's database to read it: nothing is created, changed or waited for long. */
export function openForeign(path: string): Db {
  return new Database(path, { readonly: true, fileMustExist: true, timeout: FOREIGN_TIMEOUT_MS });
}

/** Says whether SQLite itself raised the error (locked, damaged, no such table), which is about the file and not about the program. */
export function isDatabaseError(error: unknown): boolean {
  return error instanceof Database.SqliteError;
}
