/** The door to SQLite: opens a file with the settings every connection needs. SQL itself lives in `store`. */
import { closeSync, openSync, readFileSync, readSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import Database from "better-sqlite3";
import { BobaError, EXIT } from "../core/errors.ts";
import { pause } from "./pause.ts";

export type Db = Database.Database;

/** The compiled part of the package, which is not in the bundle. */
const nativeBinding = createRequire(import.meta.url).resolve("better-sqlite3/build/Release/better_sqlite3.node");

/** Opens (and creates) the database at `path` in WAL mode; waits up to 15 s for a lock held by another process. */
export function openDatabase(path: string, options: { readonly?: boolean } = {}): Db {
  const db = new Database(path, { timeout: 15_000, readonly: options.readonly ?? false, nativeBinding });
  if (!options.readonly) useLog(db);
  db.pragma("synchronous = NORMAL");
  db.pragma("foreign_keys = ON");
  db.pragma("mmap_size = 1073741824");
  db.pragma("cache_size = -16000");
  return db;
}

/** Opens a database without changing how it is kept, for a look that may not wait: `waitMs` for a lock held by another process. */
export function openAsItIs(path: string, waitMs: number): Db {
  return new Database(path, { timeout: waitMs, fileMustExist: true, nativeBinding });
}

const LOG_TRIES = 200;
const LOG_PAUSE_MS = 25;

/** Two processes that make the same database meet here, and SQLite does not wait for this lock to be free: so we do. */
function useLog(db: Db): void {
  for (let tries = 1; ; tries++) {
    try {
      db.pragma("journal_mode = WAL");
      return;
    } catch (error) {
      const busy = error instanceof Database.SqliteError && error.code.startsWith("SQLITE_BUSY");
      if (!busy || tries === LOG_TRIES) throw error;
      pause(LOG_PAUSE_MS);
    }
  }
}

/**
 * Runs `work` in one write transaction, taking the write lock at the start so that it cannot fail half-way on it.
 * @throws BobaError BOBA-DB-32 when the content was replaced since `noteEdition`: row ids that were read before may be other rows' now.
 */
export function transaction<T>(db: Db, work: () => T): T {
  return db
    .transaction(() => {
      const noted = editions.get(db);
      if (noted !== undefined && noted !== editionOf(db)) throw replaced(db.name);
      return work();
    })
    .immediate();
}

/** The same for rows that no other row refers to and that mean the same in any ledger: leases, times of runs. */
export function transactionInAny<T>(db: Db, work: () => T): T {
  return db.transaction(work).immediate();
}

/** SQLite's own limit, and one that is kept to while much is written: 4 and 40 MiB. */
const CHECKPOINT_PAGES = 1000;
const CHECKPOINT_PAGES_IN_BULK = 10_000;

/**
 * Runs `work`, which writes many transactions, with a log that may grow longer before it is copied into the database. Ids are random, so that each
 * transaction touches most pages of their index: they are copied once for ten times, with one wait for the disk instead of ten. The next
 * transaction after it copies the rest.
 */
export async function inBulk<T>(db: Db, work: () => Promise<T>): Promise<T> {
  db.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES_IN_BULK}`);
  try {
    return await work();
  } finally {
    db.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  }
}

/** Runs `work`, which may read for as long as it likes, on the database as it is at one moment: what others write meanwhile is not seen. */
export function atOneMoment<T>(db: Db, work: () => T): T {
  return db.transaction(work).deferred();
}

/** Another number whenever another connection has written since (https://sqlite.org/pragma.html#pragma_data_version); one's own writes do not show. */
export function versionSeen(db: Db): number {
  return Number(db.pragma("data_version", { simple: true }));
}

/** The edition each connection works on. */
const editions = new WeakMap<Db, number>();

/** A number in the header that SQLite leaves to the program (https://sqlite.org/pragma.html#pragma_application_id): counts restores. */
const editionOf = (db: Db): number => Number(db.pragma("application_id", { simple: true }));

/** From here on, what is read on this connection is of the ledger as it is now. */
export function noteEdition(db: Db): void {
  editions.set(db, editionOf(db));
}

/** Says that everything in the ledger is other rows now. To be called in the transaction that replaces them. */
export function nextEdition(db: Db): void {
  const edition = (editionOf(db) + 1) % 2 ** 31;
  db.pragma(`application_id = ${edition}`);
  if (editions.has(db)) editions.set(db, edition);
}

const REPLACED = "BOBA-DB-32";

const replaced = (path: string) =>
  new BobaError(
    REPLACED,
    EXIT.database,
    `${path} was replaced by a restore while this command was at work`,
    "run the same command again: nothing is counted twice",
  );

export const isReplaced = (error: unknown): boolean => error instanceof BobaError && error.code === REPLACED;

/** How long another program may keep its database locked before it is left for the next time. */
const FOREIGN_TIMEOUT_MS = 500;

/**
 * Opens another program's database to read it: nothing is changed, nothing is waited for long. A database in WAL mode that nobody has open is
 * read from a copy in memory: opening it in place would leave a log and an index beside it, and fails where the folder may not be written.
 */
export function openForeign(path: string): Db {
  const copy = copyAtRest(path);
  return new Database(copy ?? path, { readonly: true, fileMustExist: copy === null, timeout: FOREIGN_TIMEOUT_MS, nativeBinding });
}

/** A larger one is opened in place: memory is worth more than two empty files. */
const MAX_COPY_BYTES = 32 * 1024 * 1024;
/** Bytes 18 and 19 of the header say how the file is written and read: 1 with a rollback journal, 2 with a log (sqlite.org/fileformat2.html). */
const MODE_AT = 18;
const WITH_JOURNAL = 1;
const WITH_LOG = 2;
const HEADER_BYTES = 100;

/** The bytes of a database whose log is empty, marked as one without a log; null when it is anything else or was written meanwhile. */
function copyAtRest(path: string): Buffer | null {
  const before = statSync(path, { throwIfNoEntry: false });
  if (before?.isFile() !== true || before.size > MAX_COPY_BYTES || before.size < HEADER_BYTES) return null;
  if (modeOf(path) !== WITH_LOG || hasLog(path)) return null;
  const bytes = readFileSync(path);
  const after = statSync(path, { throwIfNoEntry: false });
  if (hasLog(path) || after?.mtimeMs !== before.mtimeMs || after.size !== bytes.length || after.ino !== before.ino) return null;
  bytes.fill(WITH_JOURNAL, MODE_AT, MODE_AT + 2);
  return bytes;
}

function hasLog(path: string): boolean {
  return (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;
}

function modeOf(path: string): number | undefined {
  const header = Buffer.alloc(HEADER_BYTES);
  const fd = openSync(path, "r");
  try {
    readSync(fd, header, 0, HEADER_BYTES, 0);
  } finally {
    closeSync(fd);
  }
  return header.toString("latin1", 0, 15) === "SQLite format 3" ? header[MODE_AT] : undefined;
}

/** Says whether SQLite itself raised the error (locked, damaged, no such table), which is about the file and not about the program. */
export function isDatabaseError(error: unknown): boolean {
  return error instanceof Database.SqliteError;
}
