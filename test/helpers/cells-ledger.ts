/** Puts records and claims straight into a ledger, so that notes can be tested without collecting or attributing. */
import { openLedger } from "../../src/store/open.ts";
import type { Db } from "../../src/platform/sqlite.ts";

export interface LedgerRecord {
  session?: string;
  tool?: string;
  model?: string;
  branch?: string | null;
  input?: number;
  output?: number;
  cacheRead?: number;
  write5m?: number;
  write1h?: number;
  /** Null: no known price. */
  nanoUsd?: number | null;
  /** Unix seconds. */
  ts?: number;
  /** Commits that hold it, first claim first. */
  commits: readonly string[];
}

export interface CellsLedger {
  db: Db;
  repoId: number;
  add(record: LedgerRecord): void;
}

let counter = 0;

/** Opens the ledger at `path` with one repository in it. Commits become dirty as records are added to them. */
export function cellsLedger(path: string, commonDir: string): CellsLedger {
  const db = openLedger(path);
  db.prepare("INSERT OR IGNORE INTO repos (common_dir, name) VALUES (?, 'repo')").run(commonDir);
  const { id: repoId } = db.prepare("SELECT id FROM repos WHERE common_dir = ?").get(commonDir) as { id: number };
  const commitId = (sha: string): number => {
    db.prepare("INSERT INTO commits (repo, sha, note_dirty) VALUES (?, ?, 1) ON CONFLICT (repo, sha) DO UPDATE SET note_dirty = 1").run(
      repoId,
      sha,
    );
    return (db.prepare("SELECT id FROM commits WHERE repo = ? AND sha = ?").get(repoId, sha) as { id: number }).id;
  };
  return {
    db,
    repoId,
    add(record) {
      const ts = record.ts ?? 1_700_000_000;
      const { lastInsertRowid } = db
        .prepare(
          `INSERT INTO usage_records (id, ts, ts_ms, session_id, tool, provider, model, input_tokens, output_tokens, cache_read_tokens,
             cache_write_5m_tokens, cache_write_1h_tokens, cost_nanousd, repo, branch)
           VALUES (?, ?, ?, ?, ?, 'anthropic', ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        )
        .run(
          `${process.pid}-${++counter}`,
          ts,
          ts * 1000,
          record.session ?? "s1",
          record.tool ?? "claude-code",
          record.model ?? "model-a",
          record.input ?? 0,
          record.output ?? 0,
          record.cacheRead ?? 0,
          record.write5m ?? 0,
          record.write1h ?? 0,
          record.nanoUsd === undefined ? 0 : record.nanoUsd,
          repoId,
          record.branch === undefined ? "main" : record.branch,
        );
      for (const [at, sha] of record.commits.entries()) {
        db.prepare("INSERT INTO claims (record_seq, commit_id, via, evidence, first) VALUES (?, ?, 'commit', 'time', ?)").run(
          lastInsertRowid,
          commitId(sha),
          at === 0 ? 1 : 0,
        );
      }
    },
  };
}
