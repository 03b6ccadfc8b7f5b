/** Whether the ledger is sound, and what is in it. */
import type { Db } from "../platform/sqlite.ts";

/** Null when SQLite finds the file sound, else the first thing it found. */
export function unsoundness(db: Db): string | null {
  const verdict = String(db.pragma("quick_check(1)", { simple: true }));
  return verdict === "ok" ? null : verdict;
}

export interface LedgerFacts {
  schema: number;
  records: number;
  commits: number;
  events: number;
  /** Unix milliseconds; null when there is none. */
  newestRecordMs: number | null;
}

export function ledgerFacts(db: Db): LedgerFacts {
  const row = db
    .prepare<[], Omit<LedgerFacts, "schema">>(
      `SELECT (SELECT count(*) FROM usage_records) AS records, (SELECT count(*) FROM commits) AS commits,
       (SELECT count(*) FROM git_events) AS events, (SELECT max(ts_ms) FROM usage_records) AS newestRecordMs`,
    )
    .get();
  return { schema: Number(db.pragma("user_version", { simple: true })), records: 0, commits: 0, events: 0, newestRecordMs: null, ...row };
}
