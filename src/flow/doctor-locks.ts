/** Who keeps others from the ledger: a writer that does not end, a log that is not merged, a run that died with its lease. */
import { existsSync, statSync } from "node:fs";
import { fault, type Finding } from "../core/finding.ts";
import { byteSize } from "../core/text.ts";
import type { LockHolder } from "../platform/locks.ts";
import { isAlive } from "../platform/self.ts";
import type { Db } from "../platform/sqlite.ts";
import { leaseHolder, releaseLease } from "../store/lease.ts";
import { lockState, usersOf, writersOf } from "../store/lock.ts";
import { type UnfinishedPrune, unfinishedPrune } from "../store/prune.ts";
import { mergeLog } from "../store/upkeep.ts";
import type { App } from "./app.ts";
import { drain } from "./drain.ts";
import { withLedger } from "./ledger.ts";
import { type Diagnosis, type Remedy, withRemedy } from "./doctor-remedy.ts";

/** Every write of boba's is shorter. */
const PATIENCE_MS = 400;

/** Null when the ledger may be written; `level` is an error when it cannot even be read. */
export function checkLock(path: string): Finding | null {
  const state = existsSync(path) ? lockState(path, PATIENCE_MS) : "free";
  if (state === "free") return null;
  const holders = writersOf(path);
  const first = holders[0];
  const who = holders.length === 0 ? "another process" : namesOf(holders);
  return fault(state === "closed" ? "error" : "warn", "lock", {
    what: `${who} holds ${path} locked${state === "closed" ? ", even for reading" : ""}`,
    why:
      state === "closed" ? "no command of boba's can read or write it meanwhile" : "what agents log waits until it ends; nothing is lost",
    mend:
      first === undefined
        ? `wait, or see who it is: lsof ${path}`
        : `wait, or if it hangs end it: kill ${first.pid} (never remove -wal or -shm)`,
  });
}

const namesOf = (holders: readonly LockHolder[]): string =>
  holders.map(({ pid, program }) => `process ${pid}${program === null ? "" : ` (${program})`}`).join(", ");

const LARGE_LOG_BYTES = 16 * 1024 * 1024;
const OLD_LOG_MS = 10 * 60_000;

/** To be called with the ledger closed: SQLite merges the log when the last one leaves, so a large one is kept by somebody. */
export function checkWal(app: App): Diagnosis[] {
  const { db: path } = app.paths;
  const log = statSync(`${path}-wal`, { throwIfNoEntry: false });
  if (log === undefined || log.size < LARGE_LOG_BYTES || log.mtimeMs > app.now() - OLD_LOG_MS) return [];
  const users = usersOf(path);
  const finding = fault("warn", "wal", {
    what: `${path}-wal has grown to ${byteSize(log.size)} and was last written ${minutesAgo(app, log.mtimeMs)} ago`,
    why: `a program keeps the ledger open${users.length === 0 ? "" : `, ${namesOf(users)}`}; reading gets slower and the disk fuller`,
    mend: "boba db vacuum, which empties it too (never remove it: it holds what was written last)",
    details: users.map(({ pid, program }) => `open in process ${pid} ${program ?? ""}`),
  });
  const apply = () => (withLedger(app, mergeLog) ? null : "a program is reading from it just now");
  return [withRemedy(finding, { key: "wal", does: "merges it into the ledger (a checkpoint)", apply })];
}

export const minutesAgo = (app: App, atMs: number): string => {
  const minutes = Math.floor((app.now() - atMs) / 60_000);
  if (minutes < 120) return `${minutes} minutes`;
  return minutes < 2 * 24 * 60 ? `${Math.floor(minutes / 60)} hours` : `${Math.floor(minutes / 60 / 24)} days`;
};

/** Runs of which there is one at a time, by the name of their lease. */
const RUNS = [
  ["drain", "a background run", "what it had not booked yet waits for the next run; nothing is lost", "boba drain"],
  ["maintenance", "a maintenance run", "its other tasks were not done", "boba maintenance run --due"],
  ["share", "a run that pushes notes", "notes wait for the next push; nothing is lost", "boba drain"],
  ["otlp", "an export to a collector", "what it had not sent yet waits for the next one", "boba export --otlp, with the address it had"],
  ["prune", "a prune", "old records that it had not deleted are still in the ledger", "boba db prune, with the options it had"],
] as const;

/** A lease of a process that is gone is taken over by the next run; told because something ended that run. */
export function checkLeases(app: App, db: Db): Diagnosis[] {
  const unfinished = unfinishedPrune(db);
  return RUNS.flatMap(([name, title, why, mend]) => {
    const holder = leaseHolder(db, name);
    if (name === "prune" && unfinished !== null && (holder === null || !isAlive(holder.pid))) return halfPruned(app, unfinished);
    if (holder === null || isAlive(holder.pid)) return [];
    const since = new Date(holder.sinceMs).toISOString();
    const what = `${title} (process ${holder.pid}) ended before it was done, at or after ${since}`;
    return withRemedy(fault("warn", name, { what, why, mend }), name === "drain" ? drained(app) : released(app, name, holder.pid));
  });
}

const DAY_MS = 86_400_000;

/** Nothing is deleted unasked: the command is the user's to type. It goes no further than the prune that ended. */
function halfPruned(app: App, { archive, beforeS }: UnfinishedPrune): Finding {
  const days = Math.max(1, Math.ceil((app.now() - beforeS * 1000) / DAY_MS));
  return fault("warn", "prune", {
    what: `a prune ended before it had deleted all that it wrote to ${archive}`,
    why: "the rest is both in the archive and in the ledger; the next prune goes on with it first",
    mend: `boba db prune --older-than ${days}d`,
  });
}

function released(app: App, name: string, dead: number): Remedy {
  const apply = () => {
    withLedger(app, (db) => (isAlive(dead) ? undefined : releaseLease(db, name, dead)));
    return null;
  };
  return { key: `lease ${name}`, does: "takes its lock away", apply };
}

/** What a hook would have started: collects, books, writes notes. */
export function drained(app: App): Remedy {
  const apply = async () => ((await drain(app)) ? null : "a background run is at it just now");
  return { key: "drain", does: "collects and books what waits (boba drain)", apply };
}
