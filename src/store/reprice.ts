/** Stored prices read and replaced, with what they were. */
import type { Price } from "../core/price.ts";
import type { Counters } from "../core/record.ts";
import type { Range } from "../core/range.ts";
import type { Db } from "../platform/sqlite.ts";

export interface RepriceFilter extends Range {
  /** A model's name, or its beginning with `*` behind it; null: all. */
  model: string | null;
}

export interface PricedRecord extends Counters, Price {
  seq: number;
  provider: string;
  model: string;
  tsMs: number;
  fast: number;
  approximate: number;
  reportedNanoUsd: number | null;
}

/** Up to `limit` records after `afterSeq`, by `seq`. */
export function recordsAfter(db: Db, filter: RepriceFilter, afterSeq: number, limit: number): PricedRecord[] {
  const isPrefix = filter.model?.endsWith("*") ?? false;
  return db
    .prepare<[Record<string, string | number | null>], PricedRecord>(
      `SELECT seq, provider, model, ts_ms AS tsMs, fast, approximate, reported_nanousd AS reportedNanoUsd, cost_nanousd AS costNanoUsd,
         price_source AS source, estimate_level AS level, input_tokens AS input, output_tokens AS output, reasoning_tokens AS reasoning,
         cache_read_tokens AS cacheRead, cache_write_5m_tokens AS cacheWrite5m, cache_write_1h_tokens AS cacheWrite1h,
         web_searches AS webSearches
       FROM usage_records
       WHERE seq > @afterSeq AND (@fromS IS NULL OR ts >= @fromS) AND (@toS IS NULL OR ts < @toS)
         AND (@model IS NULL OR model = @model) AND (@prefix IS NULL OR substr(model, 1, length(@prefix)) = @prefix)
       ORDER BY seq LIMIT @limit`,
    )
    .all({
      afterSeq,
      limit,
      fromS: filter.fromS,
      toS: filter.toS,
      model: isPrefix ? null : filter.model,
      prefix: isPrefix ? (filter.model ?? "").slice(0, -1) : null,
    });
}

/** Replaces one price, keeps the old one, and has the notes that hold the record written anew. Call it inside a write transaction. */
export function priceReplacer(db: Db, changedAtMs: number): (record: PricedRecord, price: Price) => void {
  const keep = db.prepare(
    `INSERT INTO price_history (record_seq, changed_at_ms, old_nanousd, old_source, old_level, new_nanousd)
     SELECT seq, ?, cost_nanousd, price_source, estimate_level, ? FROM usage_records WHERE seq = ?`,
  );
  const set = setter(db);
  return ({ seq }, price) => {
    keep.run(changedAtMs, price.costNanoUsd, seq);
    set(seq, price);
  };
}

interface Kept extends Price {
  id: number;
  seq: number;
  newNanoUsd: number | null;
  nowNanoUsd: number | null;
}

/** When records were last repriced (Unix ms); null: never, or all of it was undone. */
export function lastReprice(db: Db): number | null {
  return db.prepare<[], number | null>("SELECT max(changed_at_ms) FROM price_history").pluck().get() ?? null;
}

/**
 * Takes back up to `limit` changes of the run at `changedAtMs`. A record that has been priced anew since keeps that. Call it inside a write
 * transaction, until it finds none.
 */
export function undoSome(db: Db, changedAtMs: number, limit: number): { found: number; restored: number } {
  const rows = db
    .prepare<[number, number], Kept>(
      `SELECT history.id, record_seq AS seq, old_nanousd AS costNanoUsd, old_source AS source, old_level AS level,
         new_nanousd AS newNanoUsd, cost_nanousd AS nowNanoUsd
       FROM price_history AS history LEFT JOIN usage_records ON seq = record_seq
       WHERE changed_at_ms = ? ORDER BY history.id DESC LIMIT ?`,
    )
    .all(changedAtMs, limit);
  const forget = db.prepare("DELETE FROM price_history WHERE id = ?");
  const set = setter(db);
  let restored = 0;
  for (const row of rows) {
    if (row.newNanoUsd === row.nowNanoUsd) {
      set(row.seq, row);
      restored++;
    }
    forget.run(row.id);
  }
  return { found: rows.length, restored };
}

function setter(db: Db): (seq: number, price: Price) => void {
  const set = db.prepare("UPDATE usage_records SET cost_nanousd = ?, price_source = ?, estimate_level = ? WHERE seq = ?");
  const dirty = db.prepare("UPDATE commits SET note_dirty = 1 WHERE id IN (SELECT commit_id FROM claims WHERE record_seq = ?)");
  return (seq, price) => {
    set.run(price.costNanoUsd, price.source, price.level, seq);
    dirty.run(seq);
  };
}
