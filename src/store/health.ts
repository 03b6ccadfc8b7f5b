/** Whether the ledger is sound, and what is in it. */
import { existsSync } from "node:fs";
import { type Db, openAsItIs } from "../platform/sqlite.ts";

const MAX_FAULTS = 20;

/** What SQLite finds wrong; empty when the file is sound. `full` also holds indexes against tables, which takes ten times as long. */
export function fileFaults(db: Db, full: boolean, most = MAX_FAULTS): string[] {
  const rows = db.pragma(`${full ? "integrity_check" : "quick_check"}(${most})`) as Record<string, unknown>[];
  return rows.map((row) => String(Object.values(row)[0])).filter((text) => text !== "ok");
}

/** Null when the file is sound, else the first fault. */
export const faultOf = (db: Db, full: boolean): string | null => fileFaults(db, full, 1)[0] ?? null;

export interface LedgerFacts {
  schema: number;
  records: number;
  commits: number;
  events: number;
  /** Unix milliseconds; null when there is none. */
  newestRecordMs: number | null;
  /** Inside the file; a vacuum gives them back. */
  freeBytes: number;
  /** Requests that `boba db prune` took out. */
  prunedRecords: number;
}

export function ledgerFacts(db: Db): LedgerFacts {
  const pragma = (name: string) => Number(db.pragma(name, { simple: true }));
  const row = db
    .prepare<[], Pick<LedgerFacts, "records" | "commits" | "events" | "newestRecordMs" | "prunedRecords">>(
      `SELECT (SELECT count(*) FROM usage_records) AS records, (SELECT count(*) FROM commits) AS commits,
       (SELECT count(*) FROM git_events) AS events, (SELECT ts_ms FROM usage_records ORDER BY ts DESC LIMIT 1) AS newestRecordMs,
       (SELECT coalesce(sum(requests), 0) FROM pruned_sums) AS prunedRecords`,
    )
    .get();
  const facts = { records: 0, commits: 0, events: 0, newestRecordMs: null, prunedRecords: 0, ...row };
  return { schema: pragma("user_version"), freeBytes: pragma("freelist_count") * pragma("page_size"), ...facts };
}

/** Records dated after a time (Unix milliseconds, to the second), and the newest of them. */
export function countFuture(db: Db, afterMs: number): { records: number; newestMs: number | null } {
  const query = db.prepare<[number], { records: number; newestMs: number | null }>(
    "SELECT count(*) AS records, max(ts) * 1000 AS newestMs FROM usage_records WHERE ts > ?",
  );
  return query.get(Math.floor(afterMs / 1000)) ?? { records: 0, newestMs: null };
}

/** Whether the file at `path` is a ledger with anything in it; false for what cannot be read. */
export function hasRecords(path: string): boolean {
  if (!existsSync(path)) return false;
  let db: Db | null = null;
  try {
    db = openAsItIs(path, 200);
    return db.prepare("SELECT EXISTS (SELECT 1 FROM usage_records)").pluck().get() === 1;
  } catch {
    return false; // locked, damaged, or something else: not the ledger that is missed
  } finally {
    db?.close();
  }
}
