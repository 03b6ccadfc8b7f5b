/** Whether other processes keep the ledger from being written, and who they are. */
import { type LockHolder, lockHolders } from "../platform/locks.ts";
import { type Db, openAsItIs } from "../platform/sqlite.ts";

/** `writing`: somebody writes and may be read meanwhile; `closed`: not even reading is possible. */
export type LockState = "free" | "writing" | "closed";

/** Tries for `waitMs` to begin writing, and writes nothing. What is wrong with the file in other ways is `free`. */
export function lockState(path: string, waitMs: number): LockState {
  let db: Db | null = null;
  let state: LockState = "closed";
  try {
    db = openAsItIs(path, waitMs);
    db.pragma("user_version");
    state = "writing";
    db.exec("BEGIN IMMEDIATE; ROLLBACK");
    return "free";
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    // Damage, a foreign file, no right to write: opening the ledger properly says so better.
    return code.startsWith("SQLITE_BUSY") || code.startsWith("SQLITE_LOCKED") ? state : "free";
  } finally {
    db?.close();
  }
}

/** In WAL mode the writer holds this byte of the `-shm` file (WAL_WRITE_LOCK of SQLite's wal.c and os_unix.c). */
const WRITE_BYTE = 120;

/** Who writes (or closes) the ledger at `path`; empty where the system does not tell. */
export function writersOf(path: string): LockHolder[] {
  const viaLog = lockHolders(`${path}-shm`).filter(({ exclusive }) =>
    exclusive.some(({ from, to }) => from <= WRITE_BYTE && WRITE_BYTE <= to),
  );
  const viaFile = lockHolders(path).filter(({ exclusive }) => exclusive.length > 0);
  return [...viaFile, ...viaLog.filter((one) => viaFile.every(({ pid }) => pid !== one.pid))];
}

/** Who has the ledger open. */
export function usersOf(path: string): LockHolder[] {
  return lockHolders(`${path}-shm`);
}
