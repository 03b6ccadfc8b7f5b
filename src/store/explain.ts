/** The rows behind `boba audit <what>`: one record, or the records of a commit or a branch, with every claim on them. */
import type { ExplainedRow } from "../core/explain.ts";
import type { Db } from "../platform/sqlite.ts";

/** A record as `boba audit` explains it, with what only the ledger needs to know. */
export interface ExplainedRecord extends Omit<ExplainedRow, "why"> {
  seq: number;
  repoId: number | null;
}

type ExplainedClaim = ExplainedRow["claims"][number];

const RECORD = `SELECT seq, usage_records.id AS id, ts_ms AS atMs, session_id AS session, tool, model, cost_nanousd AS costNanoUsd,
  repos.name AS repo, usage_records.repo AS repoId, worktrees.root AS worktree, branch, commit_sha AS home FROM usage_records
  LEFT JOIN repos ON repos.id = usage_records.repo LEFT JOIN worktrees ON worktrees.id = usage_records.worktree`;

const BY = {
  record: "WHERE usage_records.id LIKE :what || '%'",
  commit: "WHERE seq IN (SELECT record_seq FROM claims JOIN commits ON commits.id = commit_id WHERE sha LIKE :what || '%')",
  commits:
    "WHERE seq IN (SELECT record_seq FROM claims JOIN commits ON commits.id = commit_id WHERE sha IN (SELECT value FROM json_each(:what)))",
  branch: "WHERE branch = :what",
  pending: "WHERE commit_sha IS NULL AND usage_records.repo IS NOT NULL AND :what = ''",
} as const;

/** At most `limit` records, oldest first, and how many there are. `what` of `commits` is a JSON array of full ids. */
export function explainedRecords(db: Db, by: keyof typeof BY, what: string, limit: number): { records: ExplainedRecord[]; total: number } {
  const rows = db.prepare(`${RECORD} ${BY[by]} ORDER BY ts_ms, seq LIMIT :limit`).all({ what, limit }) as Omit<ExplainedRecord, "claims">[];
  const total = Number(db.prepare(`SELECT count(*) FROM usage_records ${BY[by]}`).pluck().get({ what }));
  const claims = db.prepare(
    `SELECT sha AS "commit", subject, reachable, via, evidence, first FROM claims JOIN commits ON commits.id = commit_id
     WHERE record_seq = ? ORDER BY first DESC, committed_at, commits.id`,
  );
  const records = rows.map((row) => ({
    ...row,
    claims: (claims.all(row.seq) as (Omit<ExplainedClaim, "reachable" | "first"> & { reachable: number; first: number })[]).map(
      (claim) => ({
        ...claim,
        reachable: claim.reachable === 1,
        first: claim.first === 1,
      }),
    ),
  }));
  return { records, total };
}
