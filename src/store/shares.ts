/** Which clones' notes are to follow a push, where to, and what the last try came to. */
import type { Db } from "../platform/sqlite.ts";
import { setMeta } from "./meta.ts";

export interface Share {
  repo: number;
  /** The remote's name, or the address that was typed. */
  remote: string;
  /** Where the push was made: addresses may be relative to it. */
  cwd: string;
  /** How many pushes it stands for: one made while it is tried is not lost. */
  wanted: number;
  /** Tries in a row that failed. */
  failures: number;
  /** Unix milliseconds; null when the last try did not fail. */
  failedAtMs: number | null;
  /** Whether the remote itself said no. */
  refused: number;
  /** Why the last try failed, one line of git's. */
  reason: string | null;
}

const SHARE = "SELECT repo, remote, cwd, wanted, failures, failed_at_ms AS failedAtMs, refused, reason FROM shares";

/** Someone pushed to `remote`: the notes are to follow. What is known of failed tries stays. */
export function wantShare(db: Db, repo: number, remote: string, cwd: string): void {
  db.prepare(
    `INSERT INTO shares (repo, remote, cwd) VALUES (?, ?, ?)
     ON CONFLICT (repo, remote) DO UPDATE SET cwd = excluded.cwd, wanted = wanted + 1`,
  ).run(repo, remote, cwd);
}

/** What waits to be pushed. */
export function wantedShares(db: Db): Share[] {
  return db.prepare(`${SHARE} WHERE wanted > 0 ORDER BY repo, remote`).all() as Share[];
}

/** What waits to be pushed from one repository. */
export function sharesOf(db: Db, repo: number): Share[] {
  return db.prepare(`${SHARE} WHERE repo = ? AND wanted > 0 ORDER BY remote`).all(repo) as Share[];
}

/** It arrived, or there is nothing to push: nothing is left to tell, but for pushes made since it was read. */
export function shareDone(db: Db, { repo, remote, wanted }: Share): void {
  db.prepare("DELETE FROM shares WHERE repo = ? AND remote = ? AND wanted = ?").run(repo, remote, wanted);
  db.prepare("UPDATE shares SET failures = 0, failed_at_ms = NULL, refused = 0, reason = NULL WHERE repo = ? AND remote = ?").run(
    repo,
    remote,
  );
}

/** It did not arrive, and stays wanted. */
export function shareFailed(db: Db, { repo, remote }: Share, why: { reason: string; refused: boolean; nowMs: number }): void {
  db.prepare("UPDATE shares SET failures = failures + 1, failed_at_ms = ?, refused = ?, reason = ? WHERE repo = ? AND remote = ?").run(
    why.nowMs,
    why.refused ? 1 : 0,
    why.reason,
    repo,
    remote,
  );
}

const PUSHED = "pushed.";

/** Notes arrived at `target` (a remote's name, or an address without secrets) at `nowMs`. */
export function rememberPush(db: Db, target: string, nowMs: number): void {
  setMeta(db, `${PUSHED}${target}`, String(nowMs));
}

/** When notes last arrived at each target, Unix milliseconds. */
export function pushTimes(db: Db): { target: string; atMs: number }[] {
  return db
    .prepare<[{ prefix: string }], { target: string; atMs: number }>(
      `SELECT substr(key, length(@prefix) + 1) AS target, CAST(value AS INTEGER) AS atMs FROM meta
       WHERE substr(key, 1, length(@prefix)) = @prefix ORDER BY key LIMIT 100`,
    )
    .all({ prefix: PUSHED });
}
