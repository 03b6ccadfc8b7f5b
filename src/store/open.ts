/** Opens the ledger: creates or upgrades it, refuses one that is newer than this program. */
import { chmodSync, existsSync, mkdirSync } from "node:fs";
import { dirname, sep } from "node:path";
import { BobaError, EXIT } from "../core/errors.ts";
import { type Db, noteEdition, openDatabase, transaction } from "../platform/sqlite.ts";
import { MIGRATIONS } from "./migrations.ts";
import { copyBeforeUpgrade } from "./upgrade-copy.ts";

/**
 * Opens the ledger at `path`, migrating it first if an older boba wrote it.
 * @throws BobaError BOBA-DB-1 newer than this program (file untouched), BOBA-DB-2 not a database or damaged, BOBA-DB-3 full disk,
 *   BOBA-DB-4 not writable, BOBA-DB-5 locked for longer than the time-out, BOBA-DB-30 the disk refused.
 */
export function openLedger(path: string, options: { readonly?: boolean } = {}): Db {
  try {
    if (!options.readonly) mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const fresh = !existsSync(path);
    const db = openDatabase(path, options);
    if (fresh) chmodSync(path, 0o600);
    try {
      upgrade(db, path);
      noteEdition(db);
    } catch (error) {
      db.close();
      throw error;
    }
    return db;
  } catch (error) {
    throw explainDatabaseError(error, path);
  }
}

const NEWER_HINT =
  "upgrade boba: npm i -g bobamixer@latest, or go back to what this one knows: boba restore --replace-newer <backup> (see boba backup list)";

function upgrade(db: Db, path: string): void {
  const found = db.pragma("user_version", { simple: true }) as number;
  if (found === MIGRATIONS.length) return;
  if (found > MIGRATIONS.length) {
    throw new BobaError(
      "BOBA-DB-1",
      EXIT.database,
      `${path} was written by a newer boba (schema ${found}, this program knows ${MIGRATIONS.length})`,
      `${NEWER_HINT} (the file was not touched)`,
    );
  }
  // All steps in one transaction: a second process sees the old schema or the new one, never one that it would take for an older ledger.
  transaction(db, () => {
    // Another process may have upgraded while this one waited for the lock.
    const first = db.pragma("user_version", { simple: true }) as number;
    if (first > 0 && first < MIGRATIONS.length) copyBeforeUpgrade(path, first);
    for (let version = first; version < MIGRATIONS.length; version++) {
      db.exec(MIGRATIONS[version] as string);
      db.pragma(`user_version = ${version + 1}`);
    }
  });
}

/** No space, a used-up quota, a limit on the size of files. */
const FULL: ReadonlySet<string> = new Set(["SQLITE_FULL", "ENOSPC", "EDQUOT", "EFBIG"]);

/** Whether the error is about the ledger at `path`: SQLite's own, or the system's about its file, its log or a folder that it is in. */
function isAbout(path: string, error: Error & { code: unknown }): boolean {
  if (String(error.code).startsWith("SQLITE_")) return true;
  const named = "path" in error ? String(error.path) : null;
  return named !== null && ([path, `${path}-wal`, `${path}-shm`].includes(named) || path.startsWith(`${named}${sep}`));
}

/** Turns what SQLite says, and the file system of the ledger, into what to do about it; all other errors pass. */
export function explainDatabaseError(error: unknown, path: string): unknown {
  if (error instanceof BobaError || !(error instanceof Error && "code" in error) || !isAbout(path, error)) return error;
  const code = String(error.code);
  if (code === "SQLITE_NOTADB" || code.startsWith("SQLITE_CORRUPT")) {
    return new BobaError(
      "BOBA-DB-2",
      EXIT.database,
      `${path} is damaged or not a database`,
      "go back to a backup (boba backup list), or save what can be read: boba db recover",
      error,
    );
  }
  if (FULL.has(code)) {
    return new BobaError(
      "BOBA-DB-3",
      EXIT.database,
      `no space left to write ${path}`,
      "free some disk space and run the same command again: nothing that was stored is lost",
      error,
    );
  }
  if (code.startsWith("SQLITE_READONLY") || code === "EACCES" || code === "EPERM" || code === "EROFS") {
    return new BobaError(
      "BOBA-DB-4",
      EXIT.permission,
      `${path} cannot be written`,
      `give yourself the right to write there: chmod -R u+rwX ${dirname(path)}`,
      error,
    );
  }
  if (code.startsWith("SQLITE_CANTOPEN") || code === "ENOTDIR" || code === "EEXIST") {
    return new BobaError(
      "BOBA-DB-4",
      EXIT.permission,
      `${path} cannot be opened`,
      `check that ${dirname(path)} is a folder that you may write to`,
      error,
    );
  }
  if (code.startsWith("SQLITE_BUSY") || code.startsWith("SQLITE_LOCKED")) {
    return new BobaError(
      "BOBA-DB-5",
      EXIT.database,
      `${path} stayed locked by another process`,
      "run the same command again; see who holds it with: boba doctor --verbose",
      error,
    );
  }
  if (code.startsWith("SQLITE_IOERR")) {
    return new BobaError(
      "BOBA-DB-30",
      EXIT.database,
      `the disk refused to read or write ${path} (${code})`,
      "look whether the disk is failing, or a quota or a limit on file sizes is reached; then: boba db check",
      error,
    );
  }
  return error;
}
