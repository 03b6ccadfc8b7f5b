/** The records of one run of an agent: of the sessions that were at work in its folder while it ran. */
import type { Counts } from "../core/summary.ts";
import type { Db } from "../platform/sqlite.ts";
import { COUNTS, toCounts } from "./report.ts";

export interface RunSpan {
  /** Id of the source that reads the agent's logs; null: any. */
  tool: string | null;
  worktree: number;
  /** Unix milliseconds, both included. */
  fromMs: number;
  toMs: number;
}

/** A session edits files in other worktrees too: it is found by its place, its records by the session. */
const OF_THE_RUN = `
  ts >= :fromS AND ts_ms BETWEEN :fromMs AND :toMs AND tool IS NOT 'boba' AND (:tool IS NULL OR tool = :tool)
  AND (tool, session_id) IN (
    SELECT tool, session_id FROM usage_records WHERE ts >= :fromS AND ts_ms BETWEEN :fromMs AND :toMs AND worktree = :worktree)`;

export function runCounts(db: Db, span: RunSpan): Counts {
  return toCounts(db.prepare(`SELECT ${COUNTS} FROM usage_records WHERE ${OF_THE_RUN}`).raw().get(bound(span)) as number[], 0);
}

/** Says which profile served the run's records, where nothing says so yet. */
export function nameProfile(db: Db, span: RunSpan, profile: string): void {
  db.prepare(`UPDATE usage_records SET profile = :profile WHERE profile IS NULL AND ${OF_THE_RUN}`).run({ ...bound(span), profile });
}

const bound = (span: RunSpan) => ({ ...span, fromS: Math.floor(span.fromMs / 1000) });
