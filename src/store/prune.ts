/** Takes old records out of the ledger and leaves their sums. */
import { type Db, transaction } from "../platform/sqlite.ts";
import { deleteMeta, getMeta, setMeta } from "./meta.ts";

/** Which records: made before `beforeS` (Unix seconds), and there when it was looked. */
export interface PruneRange {
  beforeS: number;
  lastSeq: number;
}

export interface PruneFacts {
  records: number;
  costNanoUsd: number;
  lastSeq: number;
}

export function pruneFacts(db: Db, beforeS: number): PruneFacts {
  return db
    .prepare(
      "SELECT COUNT(*) AS records, COALESCE(SUM(cost_nanousd), 0) AS costNanoUsd, COALESCE(MAX(seq), 0) AS lastSeq FROM usage_records WHERE ts < ?",
    )
    .get(beforeS) as PruneFacts;
}

/** A prune whose archive is written and that has not deleted everything in it yet. */
export interface UnfinishedPrune extends PruneRange {
  /** Absolute. */
  archive: string;
  /** SHA-256 of the archive, hex. */
  sha256: string;
}

const UNFINISHED = "prune.unfinished";

/** To be told before the archive gets its name, so that a killed prune is gone on with, and no record is archived twice. */
export function setUnfinishedPrune(db: Db, prune: UnfinishedPrune): void {
  transaction(db, () => setMeta(db, UNFINISHED, JSON.stringify(prune)));
}

export function unfinishedPrune(db: Db): UnfinishedPrune | null {
  const text = getMeta(db, UNFINISHED);
  return text === null ? null : (JSON.parse(text) as UnfinishedPrune);
}

export function forgetUnfinishedPrune(db: Db): void {
  transaction(db, () => deleteMeta(db, UNFINISHED));
}

/**
 * Removes at most `limit` of the records (and one more), oldest first, in one transaction: they are gone, their sums and ids are kept, or nothing
 * happened. `dayOf` gives the first second of the day that a time belongs to. The last slice also ends an unfinished prune. Returns how many went,
 * and whether that was all.
 */
export function pruneSlice(
  db: Db,
  { beforeS, lastSeq }: PruneRange,
  limit: number,
  dayOf: (ts: number) => number,
): { gone: number; isLast: boolean } {
  return transaction(db, () => {
    const select = db.prepare("SELECT seq, ts FROM usage_records WHERE ts < ? AND seq < ? ORDER BY ts, seq LIMIT ?").raw();
    const rows = select.all(beforeS, lastSeq, limit) as [seq: number, ts: number][];
    const isLast = rows.length < limit;
    // The highest number goes last: while it is there, no record that comes meanwhile gets a number from the range.
    if (isLast)
      rows.push(...(db.prepare("SELECT seq, ts FROM usage_records WHERE seq = ? AND ts < ?").raw().all(lastSeq, beforeS) as typeof rows));
    if (isLast) deleteMeta(db, UNFINISHED);
    if (rows.length === 0) return { gone: 0, isLast };
    const days = JSON.stringify(rows.map(([seq, ts]) => [seq, dayOf(ts)]));
    const among = "SELECT json_extract(value, '$[0]') AS seq, json_extract(value, '$[1]') AS day FROM json_each(?)";
    db.prepare(
      `INSERT INTO pruned_sums (ts, repo, project, branch, commit_sha, tool, provider, model, requests, priced, input_tokens, output_tokens,
         reasoning_tokens, cache_read_tokens, cache_write_tokens, cost_nanousd, repriced_nanousd)
       SELECT day, repo, project, branch, commit_sha, tool, provider, model, COUNT(*), COUNT(cost_nanousd), SUM(input_tokens), SUM(output_tokens),
         SUM(reasoning_tokens), SUM(cache_read_tokens), SUM(cache_write_5m_tokens + cache_write_1h_tokens), SUM(cost_nanousd),
         SUM(COALESCE((SELECT COALESCE(cost_nanousd, 0) - COALESCE(old_nanousd, 0) FROM price_history
                       WHERE record_seq = usage_records.seq ORDER BY price_history.id LIMIT 1), 0))
       FROM (${among}) JOIN usage_records USING (seq) GROUP BY day, repo, project, branch, commit_sha, tool, provider, model`,
    ).run(days);
    db.prepare(`INSERT OR IGNORE INTO pruned_ids (id) SELECT unhex(id) FROM (${among}) JOIN usage_records USING (seq)`).run(days);
    db.prepare(`DELETE FROM usage_records WHERE seq IN (SELECT seq FROM (${among}))`).run(days);
    return { gone: rows.length, isLast };
  });
}

/** Whether a record with this id (32 hex) was pruned; null when nothing ever was, so that nobody needs to ask. */
export function prunedIds(db: Db): ((id: string) => boolean) | null {
  if (db.prepare("SELECT EXISTS (SELECT 1 FROM pruned_ids)").pluck().get() === 0) return null;
  const find = db.prepare("SELECT 1 FROM pruned_ids WHERE id = ?").pluck();
  return (id) => find.get(Buffer.from(id, "hex")) !== undefined;
}
