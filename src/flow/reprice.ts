/** `boba pricing reprice`: prices stored records again, at the price in force at each record's time. The only way that history moves. */
import { settlePrice } from "../core/price.ts";
import { parseRange } from "../core/range.ts";
import { newPrice, type RepriceSummary, RepriceTally } from "../core/reprice.ts";
import { transaction } from "../platform/sqlite.ts";
import { lastReprice, priceReplacer, recordsAfter, type RepriceFilter, undoSome } from "../store/reprice.ts";
import type { App } from "./app.ts";
import { clockOf } from "./filter.ts";
import { withLedger } from "./ledger.ts";
import { loadPrices } from "./prices.ts";
import { createPricer } from "../core/pricer.ts";

export interface RepriceOptions {
  since?: string | undefined;
  until?: string | undefined;
  model?: string | undefined;
  /** False: only tell what would change. */
  write: boolean;
}

export interface Repriced extends RepriceSummary {
  written: boolean;
  /** The price list that was used. */
  source: string;
}

/** Short enough that hooks and reports do not wait. */
const BATCH = 2000;

/**
 * Each batch is read, priced and written in one transaction: whatever else writes, and whenever it is killed, every record has either price, the old
 * one is kept with the change, and a second run does what is left.
 */
export async function reprice(app: App, options: RepriceOptions): Promise<Repriced> {
  const filter: RepriceFilter = { ...parseRange(options, clockOf(app)), model: options.model ?? null };
  const { overrides, catalogue } = await loadPrices(app);
  const price = createPricer(overrides, catalogue);
  return withLedger(app, (db) => {
    const tally = new RepriceTally();
    const replace = priceReplacer(db, app.now());
    let done = 0;
    for (let afterSeq: number | null = 0; afterSeq !== null;) {
      const from: number = afterSeq;
      const step = (): number | null => {
        const records = recordsAfter(db, filter, from, BATCH);
        for (const record of records) {
          const listed = price(record.provider, record.model, record.tsMs, record, record.fast === 1);
          const now = settlePrice(listed, { reportedNanoUsd: record.reportedNanoUsd, approximate: record.approximate === 1 });
          const change = newPrice(record, now);
          if (change !== null && options.write) replace(record, change);
          tally.add(record, record, now, change);
        }
        done += records.length;
        return records.length < BATCH ? null : (records.at(-1)?.seq ?? null);
      };
      afterSeq = options.write ? transaction(db, step) : step();
      app.progress(`pricing: ${done} records`);
    }
    app.progress(null);
    return { ...tally.summary(), written: options.write, source: catalogue.source };
  });
}

export interface Undone {
  /** When the run that was taken back began, Unix ms; null when there was none. */
  changedAtMs: number | null;
  restored: number;
  /** Records that have been priced anew since. */
  left: number;
}

/** Takes the last `reprice` back. */
export async function undoReprice(app: App): Promise<Undone> {
  return withLedger(app, (db) => {
    const undone: Undone = { changedAtMs: lastReprice(db), restored: 0, left: 0 };
    const { changedAtMs } = undone;
    if (changedAtMs === null) return undone;
    for (;;) {
      const { found, restored } = transaction(db, () => undoSome(db, changedAtMs, BATCH));
      if (found === 0) break;
      undone.restored += restored;
      undone.left += found - restored;
      app.progress(`restoring: ${undone.restored} records`);
    }
    app.progress(null);
    return undone;
  });
}
