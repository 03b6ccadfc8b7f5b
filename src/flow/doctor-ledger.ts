/** Is the ledger sound, complete and up to date? */
import { statSync } from "node:fs";
import { fault, type Finding, fine } from "../core/finding.ts";
import { reflogPath } from "../git/reflog.ts";
import type { Db } from "../platform/sqlite.ts";
import { isAlive } from "../platform/self.ts";
import { ledgerFacts, unsoundness } from "../store/health.ts";
import { leaseHolder } from "../store/lease.ts";
import { explainDatabaseError, openLedger } from "../store/open.ts";
import { allWorktrees } from "../store/places.ts";
import { reflogCursor } from "../store/reflog-cursors.ts";
import { countSkipped, listSkipped } from "../store/skipped.ts";
import { unpricedModels } from "../store/unpriced.ts";
import type { App } from "./app.ts";
import { shareTroubles } from "./share.ts";
import { shareWarning } from "./share-status.ts";

const MAX_DETAILS = 10;
/** A background run is done long before. */
const LATE_MS = 10 * 60_000;

export function checkLedger(app: App): Finding[] {
  const { db: path } = app.paths;
  const db = openLedger(path);
  try {
    const damage = unsoundness(db);
    if (damage !== null) return [damaged(path, damage)];
    const { schema, records, commits, events, newestRecordMs } = ledgerFacts(db);
    const megabytes = ((statSync(path).size ?? 0) / 1e6).toFixed(1);
    return [
      fine("ledger", `${path}: sound, ${records} records, ${megabytes} MB`, [
        `schema ${schema}, ${commits} commits, ${events} git events`,
        `newest record ${newestRecordMs === null ? "none" : new Date(newestRecordMs).toISOString()}`,
      ]),
      ...checkPrices(db),
      ...checkSkipped(db),
      ...checkLease(db),
      ...checkSweep(app, db),
      ...checkShares(db),
    ];
  } catch (error) {
    throw explainDatabaseError(error, path);
  } finally {
    db.close();
  }
}

function damaged(path: string, damage: string): Finding {
  return fault("error", "ledger", {
    what: `${path} is damaged: ${damage.split("\n", 1)[0] ?? ""}`,
    why: "figures from it cannot be trusted",
    mend: "boba db recover, or go back to a backup: boba backup list",
  });
}

function checkPrices(db: Db): Finding[] {
  const models = unpricedModels(db);
  if (models.length === 0) return [];
  const records = models.reduce((sum, model) => sum + model.records, 0);
  return [
    fault("warn", "prices", {
      what: `${records} records of ${models.length === 1 ? (models[0]?.model ?? "") : `${models.length} models`} have no price`,
      why: "totals that hold them are shown as a floor (>=)",
      mend: "boba doctor --pricing, which says what to add",
      details: models.slice(0, MAX_DETAILS).map((model) => `${model.model}: ${model.records} records`),
    }),
  ];
}

function checkSkipped(db: Db): Finding[] {
  const { lines, files } = countSkipped(db);
  if (lines + files === 0) return [];
  return [
    fault("warn", "skipped", {
      what: `${lines} lines and ${files} files of agents' logs could not be read`,
      why: "what they held is in no figure; --verbose names them",
      mend: "boba import, once the files can be read",
      details: listSkipped(db, MAX_DETAILS).map(({ path, line, reason }) => `${path}${line > 0 ? `:${line}` : ""}  ${reason}`),
    }),
  ];
}

function checkLease(db: Db): Finding[] {
  const holder = leaseHolder(db, "drain");
  if (holder === null || isAlive(holder.pid)) return [];
  return [
    fault("warn", "drain", {
      what: `a background run (process ${holder.pid}) ended before it was done, at or after ${new Date(holder.sinceMs).toISOString()}`,
      why: "what it had not booked yet waits for the next run; nothing is lost",
      mend: "boba drain",
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

/** Reflogs that git wrote to and boba has not read since. Fresh ones are the business of a run that is under way. */
function checkSweep(app: App, db: Db): Finding[] {
  const worktrees = allWorktrees(db).flatMap(({ root, gitDir }) => (gitDir === null ? [] : [{ root, gitDir }]));
  const late = worktrees.filter(({ gitDir }) => {
    const path = reflogPath(gitDir);
    const written = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
    return written !== undefined && written < app.now() - LATE_MS && reflogCursor(db, path)?.mtimeMs !== written;
  });
  const found: Finding[] = [];
  if (worktrees.length > 0 && late.length === 0) found.push(fine("sweep", `${worktrees.length} worktrees, all read`));
  if (late.length > 0)
    found.push(
      fault("warn", "sweep", {
        what: `git changed ${late.length} worktrees more than 10 minutes ago, and boba has not looked since`,
        why: "their commits carry no cost yet",
        mend: "boba drain",
        details: late.slice(0, MAX_DETAILS).map(({ root }) => root),
      }),
    );
  return found;
}
