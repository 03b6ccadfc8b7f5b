/** Why records are where they are, in numbers. */
import type { Counts, EvidenceShares, Reason } from "../core/summary.ts";
import type { Standing } from "../core/state.ts";
import type { Db } from "../platform/sqlite.ts";
import { conditions, COUNTS, type Filter, toCounts } from "./report.ts";

/** On what evidence the records that pass were first claimed; those that no commit holds are not in it. */
export function evidenceShares(db: Db, filter: Filter): EvidenceShares {
  const { where, values } = conditions(filter);
  const shares: EvidenceShares = {
    files: { requests: 0, costNanoUsd: 0 },
    sequence: { requests: 0, costNanoUsd: 0 },
    time: { requests: 0, costNanoUsd: 0 },
  };
  const rows = db
    .prepare(
      `SELECT evidence, COUNT(*), COALESCE(SUM(cost_nanousd), 0) FROM usage_records CROSS JOIN claims ON record_seq = seq AND first = 1
       ${where} GROUP BY evidence`,
    )
    .raw()
    .all(values) as [keyof EvidenceShares, number, number][];
  for (const [evidence, requests, costNanoUsd] of rows) if (evidence in shares) shares[evidence] = { requests, costNanoUsd };
  return shares;
}

export interface HomeReason extends Reason {
  repo: number;
  commit: string;
}

/** Why each home commit holds its records, over the records that pass: fresh claims before carried ones. */
export function reasonsByHome(db: Db, filter: Filter): HomeReason[] {
  const { where, values } = conditions(filter);
  return db
    .prepare(
      `SELECT commits.repo AS repo, commits.sha AS "commit", via, evidence, COUNT(*) AS requests
       FROM (SELECT seq, repo, commit_sha FROM usage_records ${where}) AS r
       JOIN commits ON commits.repo = r.repo AND commits.sha = r.commit_sha
       JOIN claims ON record_seq = r.seq AND commit_id = commits.id GROUP BY commits.id, via, evidence ${ORDER}`,
    )
    .all(values) as HomeReason[];
}

/** Why each of these commits holds what it holds, by commit. */
export function reasonsOfCommits(db: Db, repo: number, shas: readonly string[]): Map<string, Reason[]> {
  const rows = db
    .prepare(
      `SELECT sha, via, evidence, COUNT(*) AS requests FROM commits JOIN claims ON commit_id = commits.id
       WHERE repo = ? AND sha IN (SELECT value FROM json_each(?)) GROUP BY commits.id, via, evidence ${ORDER}`,
    )
    .all(repo, JSON.stringify(shas)) as (Reason & { sha: string })[];
  const found = new Map<string, Reason[]>();
  for (const { sha, ...reason } of rows) found.set(sha, [...(found.get(sha) ?? []), reason]);
  return found;
}

/** The sum of all that a commit claims, carried claims included. */
export function heldBy(db: Db, repo: number, sha: string): Counts {
  const row = db
    .prepare(
      `SELECT ${COUNTS} FROM usage_records WHERE seq IN (
         SELECT record_seq FROM claims JOIN commits ON commits.id = commit_id WHERE commits.repo = ? AND sha = ?)`,
    )
    .raw()
    .get(repo, sha);
  return toCounts(row as number[], 0);
}

/** Every commit of a repository that stands for another. */
export function standingsOf(db: Db, repo: number): Standing[] {
  return db
    .prepare("SELECT old_sha AS oldSha, new_sha AS newSha, via FROM rewrites WHERE repo = ? ORDER BY old_sha, new_sha")
    .all(repo) as Standing[];
}

/** When the oldest of a repository's commits with claims was committed, in Unix seconds; 0 when that is not known. */
export function oldestClaimed(db: Db, repo: number): number {
  const at = db
    .prepare(
      "SELECT MIN(COALESCE(committed_at, 0)) FROM commits WHERE repo = ? AND EXISTS (SELECT 1 FROM claims WHERE commit_id = commits.id)",
    )
    .pluck()
    .get(repo) as number | null;
  return at ?? 0;
}

const ORDER = "ORDER BY via <> 'commit', via, evidence";
