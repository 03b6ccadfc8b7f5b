/** A ledger and a repository that are put back as they were before every fault. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { type Sandbox, sandboxIn } from "../helpers/sandbox.ts";
import { removeFolder } from "../helpers/remove.ts";

export interface Stage {
  box: Sandbox;
  /** Puts everything a command may change back to what it was when the stage was kept. */
  reset(): void;
  /** From now on this is what `reset` goes back to. */
  keep(): void;
  remove(): Promise<void>;
}

/** Paths below the sandbox that commands change; the agents' logs are only read. */
const CHANGED = [join("home", ".boba"), "repo", "out"];

/** Paths stay the same from round to round, since ledgers and git name absolute ones. */
export function stage(build: (box: Sandbox) => void): Stage {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "boba-faults-")));
  const live = join(root, "live");
  const kept = join(root, "kept");
  const box = sandboxIn(live);
  const copy = (from: string, to: string) => {
    for (const name of CHANGED) {
      rmSync(join(to, name), { recursive: true, force: true });
      if (existsSync(join(from, name)))
        cpSync(join(from, name), join(to, name), { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
    }
  };
  mkdirSync(join(live, "out"), { recursive: true });
  const self: Stage = {
    box,
    keep: () => copy(live, kept),
    reset: () => copy(kept, live),
    remove: () => removeFolder(root),
  };
  build(box);
  self.keep();
  return self;
}

/** Runs `work` on the database at `path`, read-only unless told otherwise. */
export function withDb<T>(path: string, work: (db: Database.Database) => T, readonly = true): T {
  const db = new Database(path, { readonly, timeout: 2000 });
  try {
    return work(db);
  } catch (error) {
    // What was killed while it made the file left a journal, which only who may write can take back (sqlite.org/rescode.html#readonly_rollback).
    if (!readonly || !(error instanceof Database.SqliteError) || !error.code.startsWith("SQLITE_READONLY")) throw error;
  } finally {
    db.close();
  }
  return withDb(path, work, false);
}

/** The log is taken into the file, so that the file alone is the ledger. */
export function intoOneFile(path: string): void {
  withDb(path, (db) => void db.pragma("wal_checkpoint(TRUNCATE)"), false);
}

export interface Filling {
  records: number;
  /** Unix seconds of the first record, and how far apart they are. */
  fromS: number;
  stepS: number;
  /** Added to every cost, so that two ledgers differ. */
  nano?: number;
}

/**
 * Fills a ledger of any schema by hand: a tenth of the records lie in a repository, half of those are claimed by a commit. The cost of the i-th is
 * 1,000 i + 7 (+ `nano`) nano-dollars; every 13th has none.
 */
export function fill(path: string, { records, fromS, stepS, nano = 0 }: Filling): void {
  withDb(
    path,
    (db) => {
      db.pragma("foreign_keys = ON");
      db.exec(`INSERT OR IGNORE INTO repos (id, common_dir, name) VALUES (1, '/gone/shop/.git', 'shop');
        INSERT OR IGNORE INTO worktrees (id, repo, root, git_dir) VALUES (1, 1, '/gone/shop', '/gone/shop/.git');
        INSERT OR IGNORE INTO commits (id, repo, sha, author, subject) VALUES (1, 1, '${"c".repeat(40)}', 'Ada', 'Change')`);
      db.prepare(
        `INSERT INTO usage_records (id, ts, ts_ms, session_id, tool, provider, model, input_tokens, output_tokens, cost_nanousd, repo, worktree, commit_sha)
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < @records)
         SELECT printf('%032x', i * 7919), @fromS + i * @stepS, (@fromS + i * @stepS) * 1000, 'session-' || (i % 97), 'claude-code', 'anthropic',
           'claude-sonnet-4-5', i % 1000, 1 + i % 4000, iif(i % 13 = 0, NULL, i * 1000 + 7 + @nano), iif(i % 10 = 0, 1, NULL), iif(i % 10 = 0, 1, NULL),
           iif(i % 20 = 0, '${"c".repeat(40)}', NULL) FROM n`,
      ).run({ records, fromS, stepS, nano });
      db.exec(`INSERT INTO claims (record_seq, commit_id, via, evidence, first)
        SELECT seq, 1, 'commit', 'time', 1 FROM usage_records WHERE commit_sha IS NOT NULL`);
    },
    false,
  );
}
