/** A real ledger filled by hand: rows with just the columns a test is about. Test-only; the program writes through `src/store`. */
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import type { Db } from "../../src/platform/sqlite.ts";
import { openLedger } from "../../src/store/open.ts";

export interface RecordRow {
  /** Unix seconds. */
  ts?: number;
  session?: string;
  tool?: string;
  model?: string;
  input?: number;
  output?: number;
  cacheRead?: number;
  write5m?: number;
  write1h?: number;
  /** Null: no price. */
  costNanoUsd?: number | null;
  project?: string | null;
  /** Null: outside any repository. */
  repo?: number | null;
  worktree?: number | null;
  branch?: string | null;
  commit?: string | null;
  /** Null: not known. */
  latencyMs?: number | null;
  /** How sure the price is. */
  estimate?: string;
}

export interface Ledger {
  db: Db;
  /** Adds a repository with a worktree; returns its id. */
  repo(name: string, root?: string): number;
  commit(repo: number, sha: string, facts?: { author?: string; subject?: string; reachable?: boolean }): string;
  record(row: RecordRow): void;
  skip(path: string, line: number, reason: string): void;
  close(): void;
}

/** Opens (and makes) the ledger at `path`. */
export function ledgerAt(path: string): Ledger {
  mkdirSync(dirname(path), { recursive: true });
  const db = openLedger(path);
  let records = (db.prepare("SELECT COALESCE(MAX(seq), 0) FROM usage_records").pluck().get() as number) + 1;
  const insert = db.prepare(
    `INSERT INTO usage_records (id, ts, ts_ms, session_id, tool, provider, model, input_tokens, output_tokens, cache_read_tokens,
       cache_write_5m_tokens, cache_write_1h_tokens, cost_nanousd, project, repo, worktree, branch, commit_sha, latency_ms, estimate_level)
     VALUES (:id, :ts, :tsMs, :session, :tool, 'anthropic', :model, :input, :output, :cacheRead, :write5m, :write1h, :costNanoUsd, :project,
       :repo, :worktree, :branch, :commit, :latencyMs, :estimate)`,
  );
  return {
    db,
    repo(name, root = `/src/${name}`) {
      const id = Number(db.prepare("INSERT INTO repos (common_dir, name) VALUES (?, ?)").run(`${root}/.git`, name).lastInsertRowid);
      db.prepare("INSERT INTO worktrees (repo, root, git_dir) VALUES (?, ?, ?)").run(id, root, `${root}/.git`);
      return id;
    },
    commit(repo, sha, { author = "Ada", subject = "Change", reachable = true } = {}) {
      db.prepare("INSERT INTO commits (repo, sha, author, subject, reachable) VALUES (?, ?, ?, ?, ?)").run(
        repo,
        sha,
        author,
        subject,
        reachable ? 1 : 0,
      );
      return sha;
    },
    record(row) {
      const ts = row.ts ?? 1_790_000_000;
      insert.run({
        id: (records++).toString(16).padStart(32, "0"),
        ts,
        tsMs: ts * 1000,
        session: row.session ?? "session-1",
        tool: row.tool ?? "claude-code",
        model: row.model ?? "claude-sonnet-4-5",
        input: row.input ?? 0,
        output: row.output ?? 0,
        cacheRead: row.cacheRead ?? 0,
        write5m: row.write5m ?? 0,
        write1h: row.write1h ?? 0,
        costNanoUsd: row.costNanoUsd === undefined ? 0 : row.costNanoUsd,
        project: row.project ?? null,
        repo: row.repo ?? null,
        worktree: row.worktree ?? null,
        branch: row.branch ?? null,
        commit: row.commit ?? null,
        latencyMs: row.latencyMs ?? null,
        estimate: row.estimate ?? "exact",
      });
    },
    skip: (file, line, reason) => void db.prepare("INSERT INTO skipped (path, line, reason) VALUES (?, ?, ?)").run(file, line, reason),
    close: () => db.close(),
  };
}
