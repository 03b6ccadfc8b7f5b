/** `boba restore`: puts a backup in the ledger's place. What was there is kept; other processes may go on. */
import { existsSync, mkdirSync, renameSync } from "node:fs";
import { dirname, join } from "node:path";
import type { LedgerSums } from "../core/backup.ts";
import { BobaError } from "../core/errors.ts";
import { writeFileAtomic } from "../platform/fs.ts";
import { sync } from "../platform/pack.ts";
import { type Db, openDatabase } from "../platform/sqlite.ts";
import { explainDatabaseError, openLedger } from "../store/open.ts";
import { copyInto, faultOf, ledgerSchema, replaceContent, sumsOf } from "../store/snapshot.ts";
import type { App } from "./app.ts";
import { removeLeftovers } from "./backup-folder.ts";
import { withUnpacked } from "./backup-unpack.ts";

export interface RestoreRequest {
  file: string;
  dryRun: boolean;
  identity?: string | undefined;
  /** Also put back the configuration files that are in it. */
  config: boolean;
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

const DAY_MS = 86_400_000;

/** @throws BobaError BOBA-DB-7 when the backup is damaged, BOBA-DB-1 when it is newer than this program; the ledger is then as it was. */
export async function restore(app: App, request: RestoreRequest): Promise<Restored> {
  const { db: ledger, backups } = app.paths;
  // On the ledger's own file system, so that it can take its name in one step.
  const folder = dirname(ledger);
  for (const needed of [folder, backups]) mkdirSync(needed, { recursive: true, mode: 0o700 });
  removeLeftovers(folder, app.now() - DAY_MS);
  return withUnpacked(app, request.file, { folder, full: true, identity: request.identity }, async (unpacked) => {
    const config = unpacked.config.map(({ name }) => name);
    const live = openLive(ledger);
    try {
      const before = live === null ? null : sumsOf(live);
      if (request.dryRun) return { before, after: unpacked.sums, kept: null, config, dryRun: true };
      upgrade(unpacked.path);
      const kept = live === null ? moveIn(app, unpacked.path) : replace(app, live, unpacked.path);
      if (request.config) for (const { name, data } of unpacked.config) writeFileAtomic(join(app.paths.home, name), data, 0o600);
      app.log.write("info", "restored", { rows: unpacked.sums.rows["usage_records"] ?? 0 });
      return { before, after: unpacked.sums, kept, config, dryRun: false };
    } catch (error) {
      throw explainDatabaseError(error, ledger);
    } finally {
      live?.close();
    }
  });
}

/** The ledger that is there, of this version and sound; null when there is none that could be trusted with a transaction. */
function openLive(path: string): Db | null {
  if (!existsSync(path)) return null;
  try {
    const db = openLedger(path);
    if (faultOf(db, false) === null && ledgerSchema(db) !== null) return db;
    db.close();
    return null;
  } catch (error) {
    // Damaged: it is moved aside. Locked, closed or newer: that must be said.
    if (error instanceof BobaError && error.code === "BOBA-DB-2") return null;
    throw error;
  }
}

/** In one transaction of the ledger itself: nobody loses a connection, and a kill leaves the one or the other. */
function replace(app: App, live: Db, from: string): string {
  const kept = asideFor(app, "replaced");
  app.progress("restoring");
  replaceContent(live, from, () => {
    const reader = openDatabase(app.paths.db, { readonly: true });
    try {
      copyInto(reader, kept);
    } finally {
      reader.close();
    }
    sync(kept);
  });
  return kept;
}

/** Nothing is there, or nothing that can be read: it goes aside, with what belongs to it, and the copy takes its name. */
function moveIn(app: App, from: string): string | null {
  const ledger = app.paths.db;
  const kept = existsSync(ledger) ? asideFor(app, "damaged") : null;
  if (kept !== null) for (const end of ["-wal", "-shm", ""]) if (existsSync(ledger + end)) renameSync(ledger + end, kept + end);
  sync(from);
  renameSync(from, ledger);
  sync(dirname(ledger));
  return kept;
}

function asideFor(app: App, what: "replaced" | "damaged"): string {
  return join(app.paths.backups, `${what}-${new Date(app.now()).toISOString().replace(/[-:.]/g, "")}.db`);
}

/** Brings the copy up to this version, and closes it into one file. */
function upgrade(path: string): void {
  const db = openLedger(path);
  db.pragma("journal_mode = DELETE");
  db.close();
}
