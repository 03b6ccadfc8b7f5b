/** Commits that hold claims or stand for one that does, and whether a ref still reaches them. */
import type { Db } from "../platform/sqlite.ts";

export interface CommitRow {
  sha: string;
  author: string;
  subject: string;
  parents: readonly string[];
  authoredAt: number;
  committedAt: number;
}

/** Adds commits in the order given: a later one is the newer where times are equal. */
export function saveCommits(db: Db, repo: number, commits: Iterable<CommitRow>): void {
  const insert = db.prepare(
    `INSERT INTO commits (repo, sha, author, subject, parents, authored_at, committed_at) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
  );
  for (const { sha, author, subject, parents, authoredAt, committedAt } of commits) {
    insert.run(repo, sha, author, subject, parents.join(" "), authoredAt, committedAt);
  }
}

export interface KnownCommit {
  sha: string;
  author: string;
  subject: string;
  parents: string[];
  authoredAt: number;
  committedAt: number;
  /** Whether it holds claims. */
  claimed: number;
}

/** Every commit known of a repository, by sha, in the order in which they came to be known. */
export function commitsOf(db: Db, repo: number): Map<string, KnownCommit> {
  const rows = db
    .prepare(
      `SELECT sha, author, subject, parents, authored_at AS authoredAt, committed_at AS committedAt,
       EXISTS (SELECT 1 FROM claims WHERE commit_id = commits.id) AS claimed FROM commits WHERE repo = ? ORDER BY id`,
    )
    .all(repo) as (Omit<KnownCommit, "parents"> & { parents: string })[];
  return new Map(rows.map((row) => [row.sha, { ...row, parents: row.parents === "" ? [] : row.parents.split(" ") }]));
}

/** Of a row of `commits` of `:repo`: whether its note may hold something. It holds claims, or stands for a commit of which others may have noted some. */
export const NOTABLE = `(EXISTS (SELECT 1 FROM claims WHERE commit_id = commits.id)
  OR sha IN (SELECT new_sha FROM rewrites WHERE repo = :repo))`;

/** Commits of a repository whose notes may hold something. */
export function notableCommits(db: Db, repo: number): { sha: string; reachable: number }[] {
  return db.prepare(`SELECT sha, reachable FROM commits WHERE repo = :repo AND ${NOTABLE}`).all({ repo }) as {
    sha: string;
    reachable: number;
  }[];
}

/** Commits that hold a record because of an edit of their files. */
export function commitsWithEdits(db: Db, repo: number): Set<string> {
  const rows = db
    .prepare(
      `SELECT sha FROM commits WHERE repo = ? AND EXISTS (
         SELECT 1 FROM claims WHERE commit_id = commits.id AND via = 'commit' AND evidence IN ('files', 'sequence'))`,
    )
    .pluck()
    .all(repo) as string[];
  return new Set(rows);
}

/** Records whether refs reach these commits, and finds their records their home anew. */
export function setReachable(db: Db, repo: number, shas: Iterable<string>, reachable: boolean): void {
  const update = db.prepare("UPDATE commits SET reachable = ? WHERE repo = ? AND sha = ? AND reachable <> ? RETURNING id");
  const rehomeRecords = db.prepare(`${REHOME} WHERE seq IN (SELECT record_seq FROM claims WHERE commit_id = ?)`);
  const flag = reachable ? 1 : 0;
  for (const sha of shas) {
    const row = update.get(flag, repo, sha, flag) as { id: number } | undefined;
    if (row !== undefined) rehomeRecords.run(row.id);
  }
}

/** A record's home: the newest of its commits that a ref reaches, else the newest. */
export const REHOME = `UPDATE usage_records SET commit_sha = (
  SELECT commits.sha FROM claims JOIN commits ON commits.id = claims.commit_id
  WHERE claims.record_seq = usage_records.seq
  ORDER BY commits.reachable DESC, commits.committed_at DESC, commits.id DESC LIMIT 1)`;

/** Finds the home of these records anew. */
export function rehome(db: Db, seqs: Iterable<number>): void {
  const update = db.prepare(`${REHOME} WHERE seq = ?`);
  for (const seq of seqs) update.run(seq);
}
