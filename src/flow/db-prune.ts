/** `boba db prune`: archives old records, then takes them out of the ledger; their sums by day stay in every report. */
import { BobaError, EXIT } from "../core/errors.ts";
import { localMidnightMs, localPeriod } from "../core/range.ts";
import { isAlive, pid } from "../platform/self.ts";
import type { Db } from "../platform/sqlite.ts";
import { leaseHolder, releaseLease, takeLease } from "../store/lease.ts";
import { openLedger } from "../store/open.ts";
import { forgetUnfinishedPrune, pruneFacts, type PruneRange, pruneSlice, unfinishedPrune } from "../store/prune.ts";
import type { App } from "./app.ts";
import { clockOf } from "./filter.ts";
import { isStillThere, writeArchive } from "./prune-archive.ts";

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
  /** A prune that had been killed and was finished first; null when there was none. */
  finished: { archive: string; records: number } | null;
  dryRun: boolean;
}

const LEASE = "prune";
/** Short enough that hooks and reports do not wait. */
const SLICE = 2000;
const UNIT_DAYS: Readonly<Record<string, number>> = { d: 1, w: 7 };
const DAY_MS = 86_400_000;

/**
 * One prune at a time; one that was killed is finished first, so that no record is archived twice. @throws BobaError BOBA-USE-45 for an age that is
 * none, BOBA-DB-31 while another prune runs or once it has taken over, BOBA-FS-3 or BOBA-FS-8 for an archive that cannot be written or read back; nothing is deleted then.
 */
export async function prune(app: App, request: PruneRequest): Promise<Pruned> {
  const beforeS = cutoff(app, request.olderThan);
  const db = openLedger(app.paths.db);
  try {
    if (request.dryRun) {
      const { records, costNanoUsd } = pruneFacts(db, beforeS);
      return { beforeS, records, costNanoUsd, archive: null, finished: null, dryRun: true };
    }
    if (!takeLease(db, LEASE, pid, app.now(), isAlive))
      throw new BobaError("BOBA-DB-31", EXIT.database, "another prune is running", "wait until it is done: boba db prune --dry-run");
    try {
      const finished = await finish(app, db);
      const { facts, archive } =
        request.archive === null
          ? { facts: pruneFacts(db, beforeS), archive: null }
          : await writeArchive(app, db, { folder: request.archive, beforeS, renew: () => renew(app, db) });
      const records = deleteAll(app, db, { beforeS, lastSeq: facts.lastSeq }, facts.records);
      return { beforeS, records, costNanoUsd: facts.costNanoUsd, archive, finished, dryRun: false };
    } finally {
      releaseLease(db, LEASE, pid);
    }
  } finally {
    app.progress(null);
    db.close();
  }
}

/** Deletes what a killed prune had archived and not deleted yet. An archive that is gone or changed does not count: its records are archived anew. */
async function finish(app: App, db: Db): Promise<Pruned["finished"]> {
  const unfinished = unfinishedPrune(db);
  if (unfinished === null) return null;
  if (!(await isStillThere(unfinished))) {
    forgetUnfinishedPrune(db);
    return null;
  }
  return { archive: unfinished.archive, records: deleteAll(app, db, unfinished, null) };
}

/** Slice by slice; returns how many went. `expected` is for the progress alone. */
function deleteAll(app: App, db: Db, range: PruneRange, expected: number | null): number {
  const clock = clockOf(app);
  const dayOf = (ts: number) => localMidnightMs(localPeriod(ts * 1000, "day", clock), 0, clock) / 1000;
  let gone = 0;
  for (let isLast = false; !isLast;) {
    renew(app, db);
    const slice = pruneSlice(db, range, SLICE, dayOf);
    gone += slice.gone;
    isLast = slice.isLast;
    app.progress(`pruning: ${gone}${expected === null ? "" : ` of ${expected}`}`);
  }
  if (gone > 0) app.log.write("info", "pruned", { records: gone, before: new Date(range.beforeS * 1000).toISOString() });
  return gone;
}

/** A machine that slept looks dead to others: what one of them began meanwhile is not to be mixed with ours. @throws BobaError BOBA-DB-31. */
function renew(app: App, db: Db): void {
  if (leaseHolder(db, LEASE)?.pid === pid && takeLease(db, LEASE, pid, app.now(), isAlive)) return;
  const hint = "what this one had not deleted yet is still in the ledger; run the same command again once the other is done";
  throw new BobaError("BOBA-DB-31", EXIT.database, "another prune has taken over", hint);
}

function cutoff(app: App, typed: string): number {
  const [, count, unit] = /^(\d{1,4})([dw])$/.exec(typed) ?? [];
  const days = Number(count) * (UNIT_DAYS[unit ?? ""] ?? Number.NaN);
  if (Number.isNaN(days) || days < 1)
    throw new BobaError("BOBA-USE-45", EXIT.usage, "--older-than takes a number of days or weeks", "e.g. --older-than 90d");
  const clock = clockOf(app);
  return localMidnightMs(localPeriod(app.now() - days * DAY_MS, "day", clock), 0, clock) / 1000;
}
