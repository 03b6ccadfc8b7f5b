/** What each tool has in the ledger. */
import type { Db } from "../platform/sqlite.ts";

export interface ToolCount {
  tool: string;
  records: number;
  /** Unix milliseconds. */
  lastRecordMs: number;
}

export function countTools(db: Db): ToolCount[] {
  return db
    .prepare<[], ToolCount>("SELECT tool, COUNT(*) AS records, MAX(ts_ms) AS lastRecordMs FROM usage_records GROUP BY tool ORDER BY tool")
    .all();
}
