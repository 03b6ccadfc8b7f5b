/** What a hook starts in the background: everything new is collected, booked and noted; one drain at a time. */
import { statSync } from "node:fs";
import { parseHookRuns, withRun } from "../core/hook-runs.ts";
import { type Db, transaction } from "../platform/sqlite.ts";
import { isAlive, pid } from "../platform/self.ts";
import { releaseLease, takeLease } from "../store/lease.ts";
import { getMeta, setMeta } from "../store/meta.ts";
import { openLedger } from "../store/open.ts";
import type { App } from "./app.ts";
import { raiseBudgetAlerts } from "./budget-alerts.ts";
import { refresh } from "./refresh.ts";
import { shareNotes } from "./share.ts";

const LEASE = "drain";
/** A spool that cannot be taken (no right to rename it) must not keep a drain going for ever. */
const MAX_ROUNDS = 5;

/** Runs until the spool is empty. Returns false when another drain was at work: it will find what this one was started for. */
export async function drain(app: App): Promise<boolean> {
  const db = openLedger(app.paths.db);
  try {
    for (let round = 0; round < MAX_ROUNDS; round++) {
      if (!takeLease(db, LEASE, pid, app.now(), isAlive)) return false;
      try {
        await timed(app, db);
      } finally {
        releaseLease(db, LEASE, pid);
      }
      // A hook may have spooled after the spool was taken, and its drain have found the lease held.
      if (!spooled(app)) break;
    }
    // Outside the lease: a slow remote must not keep the next commit waiting to be booked.
    await shareNotes(app, db);
    return true;
  } finally {
    db.close();
  }
}

/** Where it is kept how runs went, for `boba metrics`. */
export const HOOK_RUNS = "hooks.runs";

async function timed(app: App, db: Db): Promise<void> {
  const startedAtMs = app.now();
  let ok = false;
  try {
    await refresh(app, db);
    await raiseBudgetAlerts(app, db);
    ok = true;
  } finally {
    const durationMs = app.now() - startedAtMs;
    keepRun(app, db, { ok, durationMs });
    if (ok) app.log.write("info", "drained", { durationMs });
  }
}

function keepRun(app: App, db: Db, run: { ok: boolean; durationMs: number }): void {
  try {
    transaction(db, () => setMeta(db, HOOK_RUNS, JSON.stringify(withRun(parseHookRuns(getMeta(db, HOOK_RUNS)), run))));
  } catch (error) {
    // A count for a monitor: it must not hide why the run failed (a full disk), nor fail one that did not.
    app.log.write("debug", "run not counted", { reason: error instanceof Error ? error.name : "unknown" });
  }
}

function spooled(app: App): boolean {
  return (statSync(app.paths.spool, { throwIfNoEntry: false })?.size ?? 0) > 0;
}
