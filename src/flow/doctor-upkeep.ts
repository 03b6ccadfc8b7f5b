/** Is the ledger backed up, are backups tried out, and does regular maintenance run? */
import { existsSync } from "node:fs";
import { fault, type Finding, fine } from "../core/finding.ts";
import { TASKS, toTaskRun } from "../core/maintenance.ts";
import { counted } from "../core/money.ts";
import { byteSize, shellQuote } from "../core/text.ts";
import type { Db } from "../platform/sqlite.ts";
import { getMeta } from "../store/meta.ts";
import type { App } from "./app.ts";
import { backupsIn, setAsideIn } from "./backup-folder.ts";
import { keyOf } from "./maintenance.ts";
import { leftoversIn, removeLeftovers } from "./work-folder.ts";
import { type Diagnosis, withRemedy } from "./doctor-remedy.ts";

const DAY_MS = 86_400_000;
/** A smaller ledger is read again from the agents' logs for the most part. */
const WORTH_BACKING_UP = 1000;
const BACKUP_DAYS = 7;
const DRILL_DAYS = 30;
const SET_ASIDE_DAYS = 30;

export function checkBackups(app: App, records: number): Diagnosis[] {
  const stored = backupsIn(app.paths.backups);
  const found: Diagnosis[] = [...checkLeftovers(app), ...checkSetAside(app)];
  const [oldest, newest] = [stored[0], stored.at(-1)];
  const ageDays = (atMs: number) => Math.floor((app.now() - atMs) / DAY_MS);
  const mend = "boba backup, or every day by itself: boba maintenance start";
  if (newest === undefined || oldest === undefined) {
    if (records > WORTH_BACKING_UP) {
      const why = "if this disk fails, what agents no longer log is gone";
      found.push(fault("warn", "backups", { what: `there is no backup of ${records} records`, why, mend }));
    }
    return found;
  }
  const age = ageDays(newest.manifest.createdAtMs);
  const what = `the newest backup is ${age} days old (${newest.manifest.file})`;
  if (age > BACKUP_DAYS && records > WORTH_BACKING_UP)
    found.push(fault("warn", "backups", { what, why: "what was booked since is only in the ledger itself", mend }));
  else found.push(fine("backups", `${stored.length} in ${app.paths.backups}, the newest of ${dateOf(newest.manifest.createdAtMs)}`));
  const drilled = Math.max(...stored.map(({ manifest }) => manifest.drilledAtMs ?? 0));
  if (ageDays(oldest.manifest.createdAtMs) > DRILL_DAYS && ageDays(drilled) > DRILL_DAYS)
    found.push(
      fault("warn", "drill", {
        what: drilled === 0 ? "no backup was ever tried out" : `the last backup was tried out ${ageDays(drilled)} days ago`,
        why: "a backup that was never restored may turn out not to be one",
        mend: "boba backup verify --drill",
      }),
    );
  return found;
}

/** What runs that were killed left half-made. */
function checkLeftovers(app: App): Diagnosis[] {
  const { backups } = app.paths;
  const old = leftoversIn(backups, app.now());
  if (old.length === 0) return [];
  const finding = fault("warn", "leftovers", {
    what: `${backups} holds ${counted(old.length, "half-made backup")} of runs that were killed`,
    why: "they take up the disk and are of no use",
    mend: "boba backup, which removes them",
    details: old.slice(0, 10),
  });
  const apply = () => {
    removeLeftovers(backups, app.now());
    return null;
  };
  return [withRemedy(finding, { key: "leftovers", does: "removes them; backups stay", apply })];
}

/** What restores kept of the ledgers they replaced, which nobody but the user may throw away. Copies made before upgrades go by themselves. */
function checkSetAside(app: App): Finding[] {
  const oldestMs = app.now() - SET_ASIDE_DAYS * DAY_MS;
  const old = setAsideIn(app.paths.backups).filter(({ kind, setAsideAtMs }) => kind !== "before-upgrade" && setAsideAtMs < oldestMs);
  if (old.length === 0) return [];
  const bytes = old.reduce((sum, one) => sum + one.bytes, 0);
  const files = old.slice(0, 10).flatMap(({ path }) => [path, `${path}-wal`].filter((file) => existsSync(file)));
  const finding = fault("warn", "set aside", {
    what: `${app.paths.backups} holds ${counted(old.length, "ledger")} (${byteSize(bytes)}) that restores replaced more than ${SET_ASIDE_DAYS} days ago`,
    why: "they take up the disk, and nothing removes them by itself",
    mend: `if you miss nothing that is only in them (boba backup list): rm ${files.map(shellQuote).join(" ")}`,
    details: old.map(({ path, bytes: size }) => `${path}: ${byteSize(size)}`),
  });
  return [finding];
}

/** A timer fires every hour; a machine that was off for the weekend catches up. */
const SILENT_DAYS = 3;

/** Tasks whose last run failed, and a schedule that nothing comes of. */
export async function checkMaintenance(app: App, db: Db): Promise<Finding[]> {
  const runs = TASKS.map(({ id }) => ({ id, last: toTaskRun(getMeta(db, keyOf(id))) }));
  const found = runs.flatMap(({ id, last }) => {
    if (last === null || last.ok) return [];
    return fault("warn", "maintenance", {
      what: `the last run of ${id} failed (${dateOf(last.startedAtMs)}): ${last.told}`,
      why: "it is tried again with the next round, if one is scheduled",
      mend: `boba maintenance run --task ${id}`,
    });
  });
  const latestMs = Math.max(0, ...runs.map(({ last }) => last?.startedAtMs ?? 0));
  // Asking the scheduler takes a process: only where there is a reason to.
  if (latestMs === 0 || latestMs > app.now() - SILENT_DAYS * DAY_MS) return found;
  const scheduler = await (await import("./schedule.ts")).scheduledBy(app);
  if (scheduler === null) return found;
  if (scheduler === "unknown") {
    const unread = fault("warn", "maintenance", {
      what: `maintenance has not run since ${dateOf(latestMs)}, and whether it is registered is unknown: the crontab cannot be read`,
      why: "backups, checks and prices get old",
      mend: "crontab -l, which says why; then: boba maintenance start",
    });
    return [...found, unread];
  }
  const silent = fault("warn", "maintenance", {
    what: `maintenance is registered with ${scheduler} and has not run since ${dateOf(latestMs)}`,
    why: "backups, checks and prices get old",
    mend: "boba maintenance start, which registers it anew; what went wrong: boba logs --level warn",
  });
  return [...found, silent];
}

const dateOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10);
