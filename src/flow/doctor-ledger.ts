/** Is the ledger sound, complete and up to date? */
import { statSync } from "node:fs";
import { fault, type Finding, fine } from "../core/finding.ts";
import { byteSize } from "../core/text.ts";
import type { Db } from "../platform/sqlite.ts";
import { countFuture, faultOf, ledgerFacts } from "../store/health.ts";
import { logState, type LogState } from "../store/log-check.ts";
import { explainDatabaseError, openLedger } from "../store/open.ts";
import { countSkipped, listSkipped } from "../store/skipped.ts";
import { unpricedModels } from "../store/unpriced.ts";
import { toTaskRun } from "../core/maintenance.ts";
import { counted } from "../core/money.ts";
import { getMeta } from "../store/meta.ts";
import type { App } from "./app.ts";
import { checkStray } from "./doctor-environment.ts";
import { checkLeases, checkLock, checkWal } from "./doctor-locks.ts";
import { checkClock } from "./doctor-program.ts";
import type { Diagnosis } from "./doctor-remedy.ts";
import { checkSpool, checkSweep } from "./doctor-sweep.ts";
import { checkBackups, checkMaintenance } from "./doctor-upkeep.ts";
import { keyOf } from "./maintenance.ts";
import { dayOf } from "./prices.ts";
import { shareTroubles } from "./share.ts";
import { shareWarning } from "./share-status.ts";

const MAX_DETAILS = 10;
const DAY_MS = 86_400_000;

export async function checkLedger(app: App, verbose: boolean): Promise<Diagnosis[]> {
  const { db: path } = app.paths;
  // Before anything opens the ledger: that would make the log fit.
  const log = logState(path);
  const lock = checkLock(path);
  if (lock?.level === "error") return [lock];
  const found = await checkOpen(app, path, verbose);
  return [...(lock === null ? [] : [lock]), ...found, ...checkLog(path, log), ...checkWal(app)];
}

async function checkOpen(app: App, path: string, verbose: boolean): Promise<Diagnosis[]> {
  const db = openLedger(path);
  try {
    const isChecked = verbose || !isLarge(path);
    const damage = isChecked ? faultOf(db, false) : null;
    if (damage !== null) return [damaged(path, damage)];
    const { schema, records, commits, events, newestRecordMs, freeBytes, prunedRecords } = ledgerFacts(db);
    const bytes = statSync(path).size;
    const unchecked = isChecked ? [] : checkAge(app, db, path);
    const state = isChecked ? "sound" : unchecked.length > 0 ? "not checked" : "found sound by boba maintenance";
    return [
      fine("ledger", `${path}: ${state}, ${counted(records, "record")}, ${byteSize(bytes)}`, [
        `schema ${schema}, ${counted(commits, "commit")}, ${counted(events, "git event")}, ${byteSize(freeBytes)} of free pages`,
        `newest record ${newestRecordMs === null ? "none" : new Date(newestRecordMs).toISOString()}`,
        ...(prunedRecords === 0 ? [] : [`${prunedRecords} older records were pruned: their sums by day are in every report`]),
        ...(isChecked ? [] : ["it is large, so the check of every page is left to boba db check, or to --verbose"]),
      ]),
      ...unchecked,
      ...checkStray(app, records),
      ...checkFree(path, bytes, freeBytes),
      ...checkFuture(app, db),
      ...checkPrices(db),
      ...checkSkipped(db),
      ...checkLeases(app, db),
      ...checkSweep(app, db),
      ...(await checkSpool(app, db)),
      ...checkShares(db),
      ...checkBackups(app, records),
      ...(await checkMaintenance(app, db)),
    ];
  } catch (error) {
    throw explainDatabaseError(error, path);
  } finally {
    db.close();
  }
}

/** Up to here every page is read in less than half a second. */
const LARGE_BYTES = 256 * 1024 * 1024;

const isLarge = (path: string): boolean => statSync(path).size > LARGE_BYTES;

/** `boba maintenance` checks every week; a day more, since it may have been off when that was due. */
const CHECK_DAYS = 8;

/** A large ledger is not read whole each time somebody asks how things are: told when it was not read for long. */
function checkAge(app: App, db: Db, path: string): Finding[] {
  const last = toTaskRun(getMeta(db, keyOf("check")));
  if (last !== null && last.ok && app.now() - last.startedAtMs < CHECK_DAYS * DAY_MS) return [];
  const since = last === null ? "was never checked" : last.ok ? "was not checked since" : "was not found sound on";
  return [
    fault("warn", "ledger", {
      what: `${path} ${since}${last === null ? "" : ` ${new Date(last.startedAtMs).toISOString().slice(0, 10)}`}`,
      why: "it is too large to read every page now, and damage is better found while there are backups from before it",
      mend: "boba maintenance run --task check (every week by itself: boba maintenance start), or once: boba db check",
    }),
  ];
}

function damaged(path: string, damage: string): Finding {
  return fault("error", "ledger", {
    what: `${path} is damaged: ${damage.split("\n", 1)[0] ?? ""}`,
    why: "figures from it cannot be trusted",
    mend: "boba db recover, or go back to a backup: boba backup list",
  });
}

const MANY_FREE_BYTES = 8 * 1024 * 1024;

function checkFree(path: string, bytes: number, freeBytes: number): Finding[] {
  if (freeBytes < MANY_FREE_BYTES || freeBytes < bytes / 2) return [];
  return [
    fault("warn", "free-pages", {
      what: `${byteSize(freeBytes)} of the ${byteSize(bytes)} of ${path} are free pages`,
      why: "the disk could have them back",
      mend: "boba db vacuum",
    }),
  ];
}

function checkFuture(app: App, db: Db): Finding[] {
  const { records, newestMs } = countFuture(db, app.now() + DAY_MS);
  // With a clock that is wrong itself nothing can be said of theirs.
  if (records === 0 || newestMs === null || checkClock(app).length > 0) return [];
  return [
    fault("warn", "clock", {
      what: `${counted(records, "record")} dated more than a day in the future, up to ${new Date(newestMs).toISOString()}`,
      why: "a clock was wrong, here or where they were logged: no commit holds them before that day comes",
      mend: `check the clock (date); see which they are: boba report --by day --since ${dayOf(app.now() + DAY_MS)}`,
    }),
  ];
}

/** What SQLite cannot read of its log it passes over; records and how far logs were read go together, so that those are read again. */
function checkLog(path: string, log: LogState | null): Finding[] {
  if (log === null || log.unreadable === 0) return [];
  return [
    fault("error", "wal", {
      what: `${path}-wal was damaged: ${log.unreadable} of its ${log.pages} pages could not be read`,
      why: "what was stored last is gone from the ledger",
      mend: "boba import, which reads again what agents' logs still hold; then look at the disk",
    }),
  ];
}

function checkPrices(db: Db): Finding[] {
  const models = unpricedModels(db, null);
  if (models.length === 0) return [];
  const records = models.reduce((sum, model) => sum + model.records, 0);
  return [
    fault("warn", "prices", {
      what: `${counted(records, "record")} of ${models.length === 1 ? (models[0]?.model ?? "") : `${models.length} models`} without a price`,
      why: "totals that hold them are shown as a floor (>=)",
      mend: "boba doctor --pricing, which says what to add",
      details: models.slice(0, MAX_DETAILS).map((model) => `${model.model}: ${counted(model.records, "record")}`),
    }),
  ];
}

function checkSkipped(db: Db): Finding[] {
  const { lines, files } = countSkipped(db);
  if (lines + files === 0) return [];
  return [
    fault("warn", "skipped", {
      what: `${counted(lines, "line")} and ${counted(files, "file")} of agents' logs could not be read`,
      why: "what they held is in no figure; --verbose names them",
      mend: "boba import, once the files can be read",
      details: listSkipped(db, MAX_DETAILS).map(({ path, line, reason }) => `${path}${line > 0 ? `:${line}` : ""}  ${reason}`),
    }),
  ];
}

/** Remotes that notes did not reach: told here, never at a push. */
function checkShares(db: Db): Finding[] {
  return shareTroubles(db).map((trouble) =>
    fault("warn", "notes", {
      what: `${trouble.repo}: ${shareWarning(trouble)}`,
      why: trouble.refused ? "pipelines and colleagues do not see what these commits cost" : "it is tried again by itself",
      mend: trouble.refused ? "ask for the right to push refs/notes/*, then: boba notes push" : "boba notes push",
    }),
  );
}
