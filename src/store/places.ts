/** Repositories and worktrees the ledger has seen, those that are gone included. */
import { type Db, transaction } from "../platform/sqlite.ts";
import { NOTABLE } from "./commits.ts";

export interface RepoRow {
  id: number;
  commonDir: string;
  remote: string | null;
  name: string;
  cloneId: string | null;
  /** What refs and claims looked like when reachability was last worked out. */
  refsDigest: string | null;
  /** What refs pointed to then. */
  seenTips: string[];
}

export interface WorktreeRow {
  id: number;
  /** Null outside any repository: then `root` is the folder as it was logged. */
  repo: number | null;
  root: string;
  gitDir: string | null;
}

const REPO =
  "SELECT id, common_dir AS commonDir, remote, name, clone_id AS cloneId, refs_digest AS refsDigest, seen_tips AS seenTips FROM repos";
const WORKTREE = "SELECT id, repo, root, git_dir AS gitDir FROM worktrees";

export function allRepos(db: Db): RepoRow[] {
  return (db.prepare(`${REPO} ORDER BY id`).all() as StoredRepo[]).map(toRepo);
}

type StoredRepo = Omit<RepoRow, "seenTips"> & { seenTips: string };

const toRepo = (row: StoredRepo): RepoRow => ({ ...row, seenTips: row.seenTips === "" ? [] : row.seenTips.split(" ") });

export function repoByCommonDir(db: Db, commonDir: string): RepoRow | undefined {
  const row = db.prepare(`${REPO} WHERE common_dir = ?`).get(commonDir) as StoredRepo | undefined;
  return row === undefined ? undefined : toRepo(row);
}

/** Repositories with commits whose note is out of date and worth writing. */
export function dirtyRepos(db: Db): RepoRow[] {
  const dirty = "EXISTS (SELECT 1 FROM commits WHERE repo = repos.id AND note_dirty = 1 AND reachable = 1)";
  return (db.prepare(`${REPO} WHERE ${dirty} ORDER BY id`).all() as StoredRepo[]).map(toRepo);
}

export function allWorktrees(db: Db): WorktreeRow[] {
  return db.prepare(`${WORKTREE} ORDER BY id`).all() as WorktreeRow[];
}

/** Adds a repository, or brings its names up to date; returns its id. */
export function saveRepo(db: Db, repo: { commonDir: string; remote: string | null; name: string }): number {
  const row = db
    .prepare(
      `INSERT INTO repos (common_dir, remote, name) VALUES (:commonDir, :remote, :name)
       ON CONFLICT (common_dir) DO UPDATE SET remote = excluded.remote, name = excluded.name RETURNING id`,
    )
    .get(repo) as { id: number };
  return row.id;
}

/** Adds a worktree (or a folder outside any repository) and returns its id; the same place is one row for ever. */
export function saveWorktree(db: Db, worktree: { repo: number | null; root: string; gitDir: string | null }): number {
  const known = db
    .prepare("SELECT id FROM worktrees WHERE root = :root AND git_dir IS :gitDir")
    .get({ root: worktree.root, gitDir: worktree.gitDir });
  if (known !== undefined) {
    const { id } = known as { id: number };
    db.prepare("UPDATE worktrees SET repo = ? WHERE id = ? AND repo IS NOT ?").run(worktree.repo, id, worktree.repo);
    return id;
  }
  return Number(db.prepare("INSERT INTO worktrees (repo, root, git_dir) VALUES (:repo, :root, :gitDir)").run(worktree).lastInsertRowid);
}

/** More tips than this are not worth remembering: the next look goes by date instead. */
const MAX_TIPS = 5000;

export function setRefsSeen(db: Db, repo: number, digest: string, tips: readonly string[]): void {
  const seen = tips.length > MAX_TIPS ? "" : tips.join(" ");
  db.prepare("UPDATE repos SET refs_digest = ?, seen_tips = ? WHERE id = ?").run(digest, seen, repo);
}

/** Repositories that have written notes, each with the id it wrote them under. */
export function notingRepos(db: Db): { id: number; commonDir: string; cloneId: string }[] {
  const rows = db.prepare("SELECT id, common_dir AS commonDir, clone_id AS cloneId FROM repos WHERE clone_id IS NOT NULL ORDER BY id");
  return rows.all() as { id: number; commonDir: string; cloneId: string }[];
}

/** The id that a repository's notes are written under from now on. In place of another one: then all its notes are to be written again. */
export function setCloneId(db: Db, repo: number, cloneId: string): void {
  const stored = db.prepare("SELECT clone_id FROM repos WHERE id = ?").pluck();
  if (stored.get(repo) === cloneId) return;
  transaction(db, () => {
    const before = stored.get(repo);
    db.prepare("UPDATE repos SET clone_id = ? WHERE id = ?").run(cloneId, repo);
    // Under its first id they are due anyway.
    if (before === null || before === cloneId) return;
    db.prepare(`UPDATE commits SET note_dirty = 1 WHERE repo = :repo AND note_dirty = 0 AND ${NOTABLE}`).run({ repo });
  });
}
