/** The ledger's cells: what a commit's note should say. */
import { type Cell, cellId } from "../core/cell.ts";
import type { Db } from "../platform/sqlite.ts";

interface CellRow {
  sha: string;
  session: string;
  model: string;
  first_sha: string;
  tool: string;
  branch: string | null;
  requests: number;
  input: number;
  output: number;
  cache_read: number;
  cache_write: number;
  nano_usd: number | null;
  unpriced: number;
  from_s: number;
  to_s: number;
}

/** Row id of the repository with this common directory, or null when the ledger does not know it. */
export function repoIdOf(db: Db, commonDir: string): number | null {
  const row = db.prepare("SELECT id FROM repos WHERE common_dir = ?").get(commonDir) as { id: number } | undefined;
  return row?.id ?? null;
}

/** The cells of each commit that holds any, by commit id; of all commits of the repository when `shas` is left out. */
export function cellsOfCommits(db: Db, repoId: number, shas?: readonly string[]): Map<string, Cell[]> {
  // Commits are named once a cell, not once a record.
  const rows = db
    .prepare(
      `SELECT (SELECT sha FROM commits WHERE id = held.commit_id) AS sha, r.session_id AS session, r.model,
         (SELECT sha FROM commits WHERE id = origin.commit_id) AS first_sha, min(r.tool) AS tool, max(r.branch) AS branch,
         count(*) AS requests, sum(r.input_tokens) AS input, sum(r.output_tokens) AS output, sum(r.cache_read_tokens) AS cache_read,
         sum(r.cache_write_5m_tokens + r.cache_write_1h_tokens) AS cache_write,
         sum(r.cost_nanousd) AS nano_usd, sum(r.cost_nanousd IS NULL) AS unpriced, min(r.ts) AS from_s, max(r.ts) AS to_s
       FROM claims held
       JOIN usage_records r ON r.seq = held.record_seq
       JOIN claims origin ON origin.record_seq = r.seq AND origin.first = 1
       WHERE held.commit_id IN
         (SELECT id FROM commits WHERE repo = ? ${shas === undefined ? "" : "AND sha IN (SELECT value FROM json_each(?))"})
       GROUP BY held.commit_id, r.session_id, r.model, origin.commit_id
       ORDER BY held.commit_id, from_s`,
    )
    .all(...(shas === undefined ? [repoId] : [repoId, JSON.stringify(shas)])) as CellRow[];
  const cells = new Map<string, Cell[]>();
  for (const row of rows) {
    const list = cells.get(row.sha);
    if (list === undefined) cells.set(row.sha, [toCell(row)]);
    else list.push(toCell(row));
  }
  return cells;
}

/** Commits that some ref reaches and whose note is out of date. */
export function dirtyCommits(db: Db, repoId: number): { id: number; sha: string }[] {
  return db.prepare("SELECT id, sha FROM commits WHERE repo = ? AND note_dirty = 1 AND reachable = 1 ORDER BY id").all(repoId) as {
    id: number;
    sha: string;
  }[];
}

/** Records that the notes of these commits are up to date. */
export function markNoted(db: Db, ids: readonly number[]): void {
  db.prepare("UPDATE commits SET note_dirty = 0 WHERE id IN (SELECT value FROM json_each(?))").run(JSON.stringify(ids));
}

function toCell(row: CellRow): Cell {
  return {
    id: cellId(row.session, row.model, row.first_sha),
    tool: row.tool,
    model: row.model,
    branch: row.branch,
    requests: row.requests,
    input: row.input,
    output: row.output,
    cacheRead: row.cache_read,
    cacheWrite: row.cache_write,
    nanoUsd: row.nano_usd,
    unpriced: row.unpriced,
    fromS: row.from_s,
    toS: row.to_s,
  };
}
