/** What suggestions are worked out from, and what was done with them. Records that were pruned are in none of it. */
import type { BranchSum } from "../core/suggestions/abandoned.ts";
import type { SeenRecord } from "../core/suggestions/cheaper-model.ts";
import { type Db, transaction } from "../platform/sqlite.ts";

type Window = { fromS: number; toS: number };

/** Each record, by session and model, in order of time. */
export function* seenRecords(db: Db, window: Window): Generator<SeenRecord> {
  const rows = db
    .prepare<[Window], Omit<SeenRecord, "fast"> & { fast: number }>(
      `SELECT ts_ms AS tsMs, session_id AS session, tool, provider, model, fast, cost_nanousd AS costNanoUsd, input_tokens AS input,
         output_tokens AS output, reasoning_tokens AS reasoning, cache_read_tokens AS cacheRead, cache_write_5m_tokens AS cacheWrite5m,
         cache_write_1h_tokens AS cacheWrite1h, web_searches AS webSearches
       FROM usage_records WHERE ts >= :fromS AND ts < :toS ORDER BY tool, session_id, model, ts_ms, seq`,
    )
    .iterate(window);
  for (const row of rows) yield { ...row, fast: row.fast === 1 };
}

export interface SessionSlot {
  /** Unix seconds divided by 900, rounded down. */
  slot: number;
  tool: string;
  session: string;
  requests: number;
  priced: number;
  costNanoUsd: number;
}

/** Sums by session and quarter of an hour. */
export function sessionSlots(db: Db, window: Window): SessionSlot[] {
  return db
    .prepare<[Window], SessionSlot>(
      `SELECT ts / 900 AS slot, tool, session_id AS session, COUNT(*) AS requests, COUNT(cost_nanousd) AS priced,
         COALESCE(SUM(cost_nanousd), 0) AS costNanoUsd
       FROM usage_records WHERE ts >= :fromS AND ts < :toS GROUP BY ts / 900, tool, session_id`,
    )
    .all(window);
}

/** Models by how often they were used, per provider. */
export function usedModels(db: Db, window: Window): { provider: string; model: string; requests: number }[] {
  return db
    .prepare<[Window], { provider: string; model: string; requests: number }>(
      `SELECT provider, model, COUNT(*) AS requests FROM usage_records WHERE ts >= :fromS AND ts < :toS
       GROUP BY provider, model ORDER BY requests DESC, provider, model`,
    )
    .all(window);
}

/** Sums by repository (its id) and branch, with the part whose commit no ref reaches. */
export function branchSums(
  db: Db,
  window: Window,
): (Omit<BranchSum, "repo" | "commits"> & { repo: number; first: string | null; last: string | null })[] {
  const gone = "c.reachable = 0";
  return db
    .prepare<[Window], ReturnType<typeof branchSums>[number]>(
      `SELECT r.repo, r.branch, COUNT(*) AS requests, COALESCE(SUM(cost_nanousd), 0) AS costNanoUsd, COALESCE(SUM(${gone}), 0) AS abandonedRequests,
         COALESCE(SUM(CASE WHEN ${gone} THEN cost_nanousd END), 0) AS abandonedNanoUsd,
         MIN(CASE WHEN ${gone} THEN sha END) AS first, MAX(CASE WHEN ${gone} THEN sha END) AS last
       FROM usage_records r LEFT JOIN commits c ON c.repo = r.repo AND c.sha = r.commit_sha
       WHERE r.ts >= :fromS AND r.ts < :toS AND r.repo IS NOT NULL AND r.branch IS NOT NULL GROUP BY r.repo, r.branch`,
    )
    .all(window);
}

export interface SuggestionState {
  status: "applied" | "dismissed" | "snoozed";
  /** Until when it is snoozed, Unix milliseconds; null for the others. */
  untilMs: number | null;
}

/** By id: what was done with suggestions; one that is not in it is open. */
export function suggestionStates(db: Db): Map<string, SuggestionState> {
  const rows = db.prepare<[], SuggestionState & { id: string }>("SELECT id, status, until_ms AS untilMs FROM suggestions").all();
  return new Map(rows.map(({ id, ...state }) => [id, state]));
}

export function saveState(db: Db, id: string, type: string, { status, untilMs }: SuggestionState, nowMs: number): void {
  db.prepare(
    "INSERT OR REPLACE INTO suggestions (id, type, status, changed_at_ms, until_ms) VALUES (:id, :type, :status, :nowMs, :untilMs)",
  ).run({ id, type, status, nowMs, untilMs });
}

export interface Applied {
  file: string;
  /** Null: there was no file. */
  oldBytes: Buffer | null;
  newSha256: string;
}

/** Marks it as applied together with `write`: both happen or neither. */
export function saveApplied(db: Db, id: string, type: string, applied: Applied, nowMs: number, write: () => void): void {
  transaction(db, () => {
    db.prepare(
      `INSERT OR REPLACE INTO suggestions (id, type, status, changed_at_ms, file, old_bytes, new_sha256)
       VALUES (:id, :type, 'applied', :nowMs, :file, :oldBytes, :newSha256)`,
    ).run({ id, type, nowMs, ...applied });
    write();
  });
}

/** The newest change whose id begins so, with what is needed to take it back. */
export function appliedWith(db: Db, idStart: string): (Applied & { id: string })[] {
  return db
    .prepare<[string, string], Applied & { id: string }>(
      `SELECT id, file, old_bytes AS oldBytes, new_sha256 AS newSha256 FROM suggestions
       WHERE status = 'applied' AND substr(id, 1, length(?)) = ? ORDER BY changed_at_ms DESC LIMIT 2`,
    )
    .all(idStart, idStart);
}

/** Opens it again together with `write`. */
export function forget(db: Db, id: string, write: () => void): void {
  transaction(db, () => {
    db.prepare("DELETE FROM suggestions WHERE id = ?").run(id);
    write();
  });
}
