/** `boba db info|check|vacuum|analyze`. */
import { statfsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { BobaError, EXIT } from "../core/errors.ts";
import type { LedgerCheck, LedgerInfo } from "../core/upkeep.ts";
import { atOneMoment, type Db } from "../platform/sqlite.ts";
import { logState } from "../store/log-check.ts";
import { fileFaults } from "../store/health.ts";
import { analyze, impossibleRecords, ledgerInfo, orphanCounts, vacuum } from "../store/upkeep.ts";
import type { App } from "./app.ts";
import { audit } from "./audit.ts";
import { withLedger } from "./ledger.ts";

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

export function dbInfo(app: App): LedgerInfo {
  const { db: path } = app.paths;
  return withLedger(app, (db) => ({ path, fileBytes: sizeOf(path), walBytes: sizeOf(`${path}-wal`), ...ledgerInfo(db) }));
}

/** Reads the whole file; `full` compares every index with its table too. */
export function dbCheck(app: App, full: boolean): LedgerCheck {
  // Before SQLite opens it: that puts the log in order, and what was damaged is then gone.
  const log = logState(app.paths.db);
  const check = (db: Db): LedgerCheck => {
    const file = fileFaults(db, full);
    if (log !== null && log.unreadable > 0)
      file.unshift(`the log (usage.db-wal) is damaged: ${log.unreadable} of ${log.pages} pages, which were written last, cannot be read`);
    if (file.length > 0) return { kind: full ? "full" : "quick", file, orphans: [], balanced: false, faults: [], impossible: 0 };
    const { balanced, faults } = audit(db);
    return { kind: full ? "full" : "quick", file, orphans: orphanCounts(db), balanced, faults, impossible: impossibleRecords(db) };
  };
  return withLedger(app, (db) => atOneMoment(db, () => check(db)));
}

/** Gives free pages back to the disk; sizes in bytes, before and after. @throws BobaError BOBA-FS-5 without room for a second copy. */
export function dbVacuum(app: App): { before: number; after: number } {
  const { db: path } = app.paths;
  return withLedger(app, (db) => {
    const before = sizeOf(path) + sizeOf(`${path}-wal`);
    const { bavail, bsize } = statfsSync(dirname(path));
    if (bavail * bsize < before) {
      const mebibytes = Math.ceil(before / 1024 / 1024);
      throw new BobaError("BOBA-FS-5", EXIT.failed, `a vacuum writes the ledger anew and needs ${mebibytes} MiB`, "free some space first");
    }
    vacuum(db);
    return { before, after: sizeOf(path) + sizeOf(`${path}-wal`) };
  });
}

export function dbAnalyze(app: App): void {
  withLedger(app, analyze);
}
