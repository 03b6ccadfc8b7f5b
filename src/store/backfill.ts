/** How far history reaches, and what waits to be booked. */
import type { Db } from "../platform/sqlite.ts";

/** Records that some commit holds. */
export function countBooked(db: Db): number {
  return db.prepare("SELECT COUNT(*) FROM usage_records WHERE commit_sha IS NOT NULL").pluck().get() as number;
}

/** Records that wait for a commit: in one repository, or (null) in all. Read from the index that holds just these. */
export function countPending(db: Db, repo: number | null): number {
  const places = "worktree IN (SELECT id FROM worktrees WHERE repo = ?)";
  const sql = `SELECT COUNT(*) FROM usage_records INDEXED BY usage_records_pending WHERE commit_sha IS NULL AND repo IS NOT NULL`;
  return db
    .prepare(repo === null ? sql : `${sql} AND ${places}`)
    .pluck()
    .get(...(repo === null ? [] : [repo])) as number;
}

/** The records that wait for a commit, those before `fromS` (Unix seconds) left out. */
export function pendingSince(db: Db, fromS: number): Set<number> {
  const query = db.prepare("SELECT seq FROM usage_records WHERE commit_sha IS NULL AND repo IS NOT NULL AND ts_ms >= ?").pluck();
  return new Set(query.all(fromS * 1000) as number[]);
}

/** Unix milliseconds, null for none. */
export interface HistoryStart {
  reflogFromMs: number | null;
  recordsFromMs: number | null;
  pendingFromMs: number | null;
}

/** By repository: its first event, its first record, and the first one from `fromS` (Unix seconds) on that waits for a commit. */
export function historyStarts(db: Db, fromS: number): Map<number, HistoryStart> {
  const rows = db
    .prepare(
      `SELECT id, (SELECT MIN(ts_ms) FROM git_events WHERE repo = repos.id) AS reflogFromMs, recordsFromMs, pendingFromMs
       FROM repos LEFT JOIN (SELECT repo, MIN(ts_ms) AS recordsFromMs FROM usage_records GROUP BY repo) AS firsts ON firsts.repo = repos.id
       LEFT JOIN (SELECT repo, MIN(ts_ms) AS pendingFromMs FROM usage_records WHERE commit_sha IS NULL AND repo IS NOT NULL AND ts_ms >= ? GROUP BY repo)
         AS waiting ON waiting.repo = repos.id`,
    )
    .all(fromS * 1000) as ({ id: number } & HistoryStart)[];
  return new Map(rows.map(({ id, ...starts }) => [id, starts]));
}
