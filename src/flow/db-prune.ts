/** `boba db prune`: archives old records, then takes them out of the ledger; their sums by day stay in every report. */
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { BobaError, EXIT } from "../core/errors.ts";
import type { ExportedRecord } from "../core/export.ts";
import { localMidnightMs, localPeriod } from "../core/range.ts";
import { inBlocks } from "../core/text.ts";
import { writeChunksAtomic } from "../platform/fs.ts";
import { pack, sync, unpack } from "../platform/pack.ts";
import type { Db } from "../platform/sqlite.ts";
import { usageCsv } from "../report/usage-lines.ts";
import { exportRecords } from "../store/export.ts";
import { explainDatabaseError, openLedger } from "../store/open.ts";
import { pruneFacts, pruneSlice } from "../store/prune.ts";
import type { App } from "./app.ts";
import { clockOf, everything } from "./filter.ts";

export interface PruneRequest {
  /** E.g. `90d`, `12w`. */
  olderThan: string;
  /** Where the archive goes; null: none is made. */
  archive: string | null;
  dryRun: boolean;
}

export interface Pruned {
  /** First second that stays, Unix seconds: a local midnight, so that whole days go. */
  beforeS: number;
  records: number;
  costNanoUsd: number;
  archive: string | null;
  dryRun: boolean;
}

/** Short enough that hooks and reports do not wait. */
const SLICE = 2000;
const UNIT_DAYS: Readonly<Record<string, number>> = { d: 1, w: 7 };
const DAY_MS = 86_400_000;

/** @throws BobaError BOBA-USE-45 for an age that is none, BOBA-FS-8 when the archive is not what was written; nothing is deleted then. */
export async function prune(app: App, request: PruneRequest): Promise<Pruned> {
  const beforeS = cutoff(app, request.olderThan);
  const db = openLedger(app.paths.db);
  try {
    const { records, costNanoUsd, lastSeq } = pruneFacts(db, beforeS);
    const told = { beforeS, records, costNanoUsd, dryRun: request.dryRun };
    if (request.dryRun || records === 0) return { ...told, archive: null };
    const archive = request.archive === null ? null : await writeArchive(app, db, request.archive, beforeS, records);
    const clock = clockOf(app);
    const dayOf = (ts: number) => localMidnightMs(localPeriod(ts * 1000, "day", clock), 0, clock) / 1000;
    let gone = 0;
    for (let slice = -1; slice !== 0; gone += slice) {
      slice = pruneSlice(db, { beforeS, lastSeq }, SLICE, dayOf);
      app.progress(`pruning: ${gone + slice} of ${records}`);
    }
    app.log.write("info", "pruned", { records: gone, before: new Date(beforeS * 1000).toISOString() });
    return { ...told, records: gone, archive };
  } catch (error) {
    throw explainDatabaseError(error, app.paths.db);
  } finally {
    app.progress(null);
    db.close();
  }
}

function cutoff(app: App, typed: string): number {
  const [, count, unit] = /^(\d{1,4})([dw])$/.exec(typed) ?? [];
  const days = Number(count) * (UNIT_DAYS[unit ?? ""] ?? Number.NaN);
  if (Number.isNaN(days) || days < 1)
    throw new BobaError("BOBA-USE-45", EXIT.usage, "--older-than takes a number of days or weeks", "e.g. --older-than 90d");
  const clock = clockOf(app);
  return localMidnightMs(localPeriod(app.now() - days * DAY_MS, "day", clock), 0, clock) / 1000;
}

/** Writes the records as gzipped CSV, reads the archive back and compares; only then it gets its name. */
async function writeArchive(app: App, db: Db, folder: string, beforeS: number, records: number): Promise<string> {
  const target = resolve(app.cwd, folder);
  try {
    mkdirSync(target, { recursive: true, mode: 0o700 });
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
    throw new BobaError(
      "BOBA-FS-3",
      EXIT.failed,
      `${target} cannot be made a folder (${reason})`,
      "name another one: --archive DIR",
      error,
    );
  }
  const stamp = new Date(app.now()).toISOString().replace(/[-:.]/g, "");
  const path = join(target, `usage-before-${localPeriod(beforeS * 1000, "day", clockOf(app))}-${stamp}.csv.gz`);
  const work = mkdtempSync(join(target, ".boba-work-"));
  try {
    app.progress("archiving");
    let written = 0;
    const counted = function* (all: Iterable<ExportedRecord>): Generator<ExportedRecord> {
      for (const record of all) {
        written++;
        yield record;
      }
    };
    const plain = join(work, "usage.csv");
    writeChunksAtomic(plain, inBlocks(usageCsv(counted(exportRecords(db, everything({ fromS: null, toS: beforeS }))))), 0o600);
    const packed = join(work, basename(path));
    const sizes = await pack(plain, packed, []);
    const read = await unpack(packed, join(work, "read.csv"), { encrypted: false, gzipped: true }, []);
    if (read.plainSha256 !== sizes.plainSha256 || written < records || existsSync(path)) {
      throw new BobaError(
        "BOBA-FS-8",
        EXIT.failed,
        `${path} does not hold what was written to it`,
        "nothing was deleted; check the disk and try again",
      );
    }
    renameSync(packed, path);
    sync(target);
    return path;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
