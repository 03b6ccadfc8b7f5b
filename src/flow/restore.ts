/** `boba restore`: puts a backup in the ledger's place. What was there is kept; other processes may go on. */
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import type { LedgerSums } from "../core/backup.ts";
import { BobaError } from "../core/errors.ts";
import { sync, writeFileAtomic } from "../platform/fs.ts";
import { type Db, isDatabaseError, openDatabase } from "../platform/sqlite.ts";
import { MIGRATIONS } from "../store/migrations.ts";
import { explainDatabaseError, openLedger } from "../store/open.ts";
import { faultOf } from "../store/health.ts";
import { copyInto, ledgerSchema, replaceAll, replaceContent, sumsOf } from "../store/snapshot.ts";
import type { App } from "./app.ts";
import { withUnpacked } from "./backup-unpack.ts";
import { makeWorkFolder, removeLeftovers } from "./work-folder.ts";

export interface RestoreRequest {
  file: string;
  dryRun: boolean;
  identity?: string | undefined;
  /** Also put back the configuration files that are in it. */
  config: boolean;
  /** Also in place of a ledger that a newer boba wrote. */
  replaceNewer: boolean;
}

export interface Restored {
  /** What the ledger held before; null when there was none, or none that could be read. */
  before: LedgerSums | null;
  after: LedgerSums;
  /** Where what was replaced lies now; null when there was nothing, and in a dry run. */
  kept: string | null;
  /** Configuration files in the backup, and whether they were put back. */
  config: readonly string[];
  dryRun: boolean;
}

/**
 * @throws BobaError BOBA-DB-7 when the backup is damaged, BOBA-DB-1 when it or (unless that is to be replaced) the ledger is newer than this program;
 *   the ledger is then as it was.
 */
export async function restore(app: App, request: RestoreRequest): Promise<Restored> {
  const { db: ledger, backups } = app.paths;
  // On the ledger's own file system, so that it can take its name in one step.
  const folder = dirname(ledger);
  for (const needed of [folder, backups]) mkdirSync(needed, { recursive: true, mode: 0o700 });
  for (const used of [folder, backups]) removeLeftovers(used, app.now());
  return withUnpacked(app, request.file, { folder, full: true, identity: request.identity }, async (unpacked) => {
    const config = unpacked.config.map(({ name }) => name);
    const isFresh = !existsSync(ledger);
    if (isFresh && request.dryRun) return { before: null, after: unpacked.sums, kept: null, config, dryRun: true };
    const live = openLive(ledger, request.replaceNewer);
    try {
      const before = live === null || isFresh ? null : sumsIfKnown(live);
      if (request.dryRun) return { before, after: unpacked.sums, kept: null, config, dryRun: true };
      upgrade(unpacked.path);
      const kept = live === null ? moveIn(app, unpacked.path) : replace(app, live, unpacked.path);
      if (request.config) for (const { name, data } of unpacked.config) writeFileAtomic(join(app.paths.home, name), data, 0o600);
      app.log.write("info", "restored", { rows: unpacked.sums.rows["usage_records"] ?? 0 });
      return { before, after: unpacked.sums, kept, config, dryRun: false };
    } finally {
      live?.close();
    }
  });
}

/**
 * The ledger that is there, of this version and sound; null when it could not be trusted with a transaction. Where there is none one is made, so that
 * a process that comes meanwhile finds it, and does not make another that would be overwritten.
 */
function openLive(path: string, replaceNewer: boolean): Db | null {
  try {
    const db = openLedger(path);
    if (faultOf(db, false) === null && ledgerSchema(db) !== null) return db;
    db.close();
    return null;
  } catch (error) {
    // Damaged: it is moved aside. Locked, closed or newer: that must be said.
    if (error instanceof BobaError && error.code === "BOBA-DB-2") return null;
    if (replaceNewer && error instanceof BobaError && error.code === "BOBA-DB-1") return openNewer(path);
    throw error;
  }
}

/** A ledger of a schema that this program does not know, as it is; null when it is damaged. */
function openNewer(path: string): Db | null {
  const db = openDatabase(path);
  try {
    if (faultOf(db, false) === null) return db;
  } catch (error) {
    db.close();
    const explained = explainDatabaseError(error, path);
    if (explained instanceof BobaError && explained.code === "BOBA-DB-2") return null;
    throw explained;
  }
  db.close();
  return null;
}

const isNewer = (db: Db): boolean => Number(db.pragma("user_version", { simple: true })) > MIGRATIONS.length;

/** Null for a newer ledger whose tables are others. */
function sumsIfKnown(db: Db): LedgerSums | null {
  try {
    return sumsOf(db);
  } catch (error) {
    if (isNewer(db) && isDatabaseError(error)) return null;
    throw error;
  }
}

/** In one transaction of the ledger itself: nobody loses a connection, and a kill leaves the one or the other. */
function replace(app: App, live: Db, from: string): string | null {
  let kept: string | null = null;
  app.progress("restoring");
  const newer = isNewer(live);
  (newer ? replaceAll : replaceContent)(live, from, () => {
    const reader = openDatabase(app.paths.db, { readonly: true });
    try {
      if (newer || !isBlank(sumsOf(reader))) kept = setAside(app, newer ? "newer" : "replaced", (path) => copyInto(reader, path));
    } finally {
      reader.close();
    }
  });
  return kept;
}

/** As it was just made: there is nothing in it to keep. */
const isBlank = ({ rows }: LedgerSums): boolean => Object.values(rows).every((count) => count === 0);

/**
 * What is there cannot be read: a copy of it goes aside with its log, and the new one takes its name. The log goes first: SQLite would play it into
 * whatever file has the name.
 */
function moveIn(app: App, from: string): string {
  const ledger = app.paths.db;
  const kept = setAside(app, "damaged", (path) => {
    for (const end of ["-wal", ""]) if (existsSync(ledger + end)) copyFileSync(ledger + end, path + end);
  });
  sync(from);
  for (const end of ["-wal", "-shm"]) rmSync(ledger + end, { force: true });
  renameSync(from, ledger);
  sync(dirname(ledger));
  return kept;
}

/** Has a file written to a work folder, with its log if it has one, and gives it its name among the backups when it is whole. */
function setAside(app: App, what: "replaced" | "damaged" | "newer", write: (path: string) => void): string {
  const { backups } = app.paths;
  const work = makeWorkFolder(backups);
  try {
    const fresh = join(work, "usage.db");
    write(fresh);
    for (let nth = 1; ; nth++) {
      const stamp = new Date(app.now()).toISOString().replace(/[-:.]/g, "");
      const path = join(backups, `${what}-${stamp}${nth === 1 ? "" : `-${nth}`}.db`);
      if (existsSync(path)) continue;
      for (const end of ["-wal", ""]) {
        if (!existsSync(fresh + end)) continue;
        sync(fresh + end);
        renameSync(fresh + end, path + end);
      }
      sync(backups);
      return path;
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Brings the copy up to this version, and closes it into one file. */
function upgrade(path: string): void {
  const db = openLedger(path);
  db.pragma("journal_mode = DELETE");
  db.close();
}
