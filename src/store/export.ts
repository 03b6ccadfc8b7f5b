/** Reads records one by one, however many there are. */
import type { ExportedRecord } from "../core/export.ts";
import type { Db } from "../platform/sqlite.ts";
import { conditions, type Filter } from "./report.ts";

/** The records that pass, oldest first. The connection can do nothing else until the last one is read. */
export function* exportRecords(db: Db, filter: Filter): Generator<ExportedRecord> {
  const { where, values } = conditions(filter);
  for (const row of db.prepare(`${SELECT} ${where} ORDER BY ts, seq`).iterate(values)) {
    const { fast, ...record } = row as Omit<ExportedRecord, "fast"> & { fast: number };
    yield { ...record, fast: fast === 1 };
  }
}

const SELECT = `
  SELECT usage_records.id, ts_ms AS atMs, session_id AS sessionId, tool, provider, model, fast, input_tokens AS input, output_tokens AS output,
    reasoning_tokens AS reasoning, cache_read_tokens AS cacheRead, cache_write_5m_tokens AS cacheWrite5m, cache_write_1h_tokens AS cacheWrite1h,
    web_searches AS webSearches, cost_nanousd AS costNanoUsd, price_source AS priceSource, estimate_level AS estimateLevel,
    reported_nanousd AS reportedNanoUsd, project, (SELECT name FROM repos WHERE repos.id = usage_records.repo) AS repo,
    (SELECT root FROM worktrees WHERE worktrees.id = worktree) AS folder, COALESCE(branch, logged_branch) AS branch, commit_sha AS "commit"
  FROM usage_records`;
