/** Sums for monitoring systems. */
import type { UsageSum } from "../core/metrics.ts";
import type { Db } from "../platform/sqlite.ts";

/** Sums by repository (its id), tool, provider and model; costs as they were when collected. */
export function usageSums(db: Db): (Omit<UsageSum, "repo"> & { repo: number | null })[] {
  return db
    .prepare<[], Omit<UsageSum, "repo"> & { repo: number | null }>(
      `SELECT repo, tool, provider, model, SUM(requests) AS requests, COALESCE(SUM(cost_nanousd), 0) AS costNanoUsd, SUM(input_tokens) AS input,
         SUM(output_tokens) AS output, SUM(reasoning_tokens) AS reasoning, SUM(cache_read_tokens) AS cacheRead,
         SUM(cache_write_tokens) AS cacheWrite
       FROM (SELECT repo, tool, provider, model, 1 AS requests, cost_nanousd, input_tokens, output_tokens, reasoning_tokens, cache_read_tokens,
               cache_write_5m_tokens + cache_write_1h_tokens AS cache_write_tokens FROM usage_records
             UNION ALL
             SELECT repo, tool, provider, model, requests, cost_nanousd, input_tokens, output_tokens, reasoning_tokens, cache_read_tokens,
               cache_write_tokens FROM pruned_sums)
       GROUP BY repo, tool, provider, model ORDER BY repo, tool, provider, model`,
    )
    .all();
}

/** What repricing changed, by the same columns: the cost now less the cost when collected. Of pruned records too. */
export function repricedSums(db: Db): { repo: number | null; tool: string; provider: string; model: string; deltaNanoUsd: number }[] {
  return db
    .prepare<[], { repo: number | null; tool: string; provider: string; model: string; deltaNanoUsd: number }>(
      `SELECT repo, tool, provider, model, SUM(change) AS deltaNanoUsd
       FROM (SELECT repo, tool, provider, model, COALESCE(cost_nanousd, 0) - COALESCE(old_nanousd, 0) AS change
             FROM usage_records JOIN price_history AS first ON record_seq = seq
             WHERE first.id = (SELECT MIN(id) FROM price_history WHERE record_seq = seq)
             UNION ALL
             SELECT repo, tool, provider, model, repriced_nanousd FROM pruned_sums WHERE repriced_nanousd <> 0)
       GROUP BY repo, tool, provider, model`,
    )
    .all();
}

/** Commits by repository: those that hold a record, or did before it was pruned, and the others. */
export function commitCounts(db: Db): { repo: number; attributed: number; others: number }[] {
  return db
    .prepare<[], { repo: number; attributed: number; others: number }>(
      `SELECT repo, SUM(held) AS attributed, SUM(1 - held) AS others
       FROM (SELECT repo, EXISTS (SELECT 1 FROM claims WHERE commit_id = commits.id)
                      OR (repo, sha) IN (SELECT repo, commit_sha FROM pruned_sums WHERE repo IS NOT NULL AND commit_sha IS NOT NULL) AS held
             FROM commits)
       GROUP BY repo ORDER BY repo`,
    )
    .all();
}

export function pendingSums(db: Db): { repo: number; costNanoUsd: number }[] {
  return db
    .prepare<[], { repo: number; costNanoUsd: number }>(
      `SELECT repo, COALESCE(SUM(cost_nanousd), 0) AS costNanoUsd FROM usage_records WHERE commit_sha IS NULL AND repo IS NOT NULL GROUP BY repo ORDER BY repo`,
    )
    .all();
}

/** What is on its way: records of commits whose notes are not written yet, in clones that write notes, and pushes that wait. */
export function outboxOf(db: Db): { records: number; pushes: number } {
  return db
    .prepare(
      `SELECT (SELECT COUNT(DISTINCT record_seq) FROM claims JOIN commits ON commits.id = commit_id JOIN repos ON repos.id = commits.repo
               WHERE note_dirty = 1 AND reachable = 1 AND clone_id IS NOT NULL) AS records,
              (SELECT COUNT(*) FROM shares WHERE wanted > 0) AS pushes`,
    )
    .get() as { records: number; pushes: number };
}
