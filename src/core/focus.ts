/** Usage as FOCUS wants it (FinOps Open Cost and Usage Specification 1.2): one charge an hour, session, model, kind of token and place. */
import type { ExportedRecord } from "./export.ts";
import { BILLED, type Rates } from "./price.ts";

export type Meter = (typeof BILLED)[number];

export interface FocusCharge {
  /** Unix milliseconds, a whole hour. */
  hourMs: number;
  meter: Meter;
  quantity: number;
  /** Null when any of it has no price. */
  listNanoUsd: number | null;
  /** Of the first record: all of a charge agree in what is printed of it. */
  record: ExportedRecord;
}

const HOUR_MS = 3_600_000;

/**
 * The charges of records that come oldest first, an hour at a time. `ratesOf` says what a record's cost was made of; the stored cost is divided
 * in that proportion, to the nano-dollar, so that the charges add up to the ledger.
 */
export function* focusCharges(
  records: Iterable<ExportedRecord>,
  ratesOf: (record: ExportedRecord) => Rates | null,
): Generator<FocusCharge> {
  let hour = new Map<string, FocusCharge>();
  let hourMs = Number.NaN;
  for (const record of records) {
    const at = Math.floor(record.atMs / HOUR_MS) * HOUR_MS;
    if (at !== hourMs) {
      yield* hour.values();
      hour = new Map();
      hourMs = at;
    }
    const costs = divide(record, ratesOf(record));
    const key = [record.sessionId, record.tool, record.provider, record.model, record.repo, record.branch, record.commit, record.project];
    for (const [nth, meter] of BILLED.entries()) {
      const quantity = record[meter];
      if (quantity === 0) continue;
      const name = [...key, meter].join("\0");
      const listNanoUsd = costs?.[nth] ?? null;
      const known = hour.get(name);
      if (known === undefined) hour.set(name, { hourMs, meter, quantity, listNanoUsd, record });
      else {
        known.quantity += quantity;
        known.listNanoUsd = known.listNanoUsd === null || listNanoUsd === null ? null : known.listNanoUsd + listNanoUsd;
      }
    }
  }
  yield* hour.values();
}

/** A record's cost by meter, in whole nano-dollars that add up to it; null when it has none. What is left over by rounding goes to the largest remainders. */
function divide(record: ExportedRecord, rates: Rates | null): number[] | null {
  const { costNanoUsd } = record;
  if (costNanoUsd === null) return null;
  const priced = BILLED.map((meter) => record[meter] * (rates?.[meter] ?? 0));
  const weights = priced.some((weight) => weight > 0) ? priced : BILLED.map((meter) => record[meter]);
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  if (whole === 0) return BILLED.map(() => 0);
  const shares = weights.map((weight) => (costNanoUsd * weight) / whole);
  const parts = shares.map(Math.floor);
  let left = costNanoUsd - parts.reduce((sum, part) => sum + part, 0);
  const byRemainder = [...shares.keys()].sort((a, b) => ((shares[b] as number) % 1) - ((shares[a] as number) % 1));
  for (const nth of byRemainder) {
    if (left === 0) break;
    if (weights[nth] === 0) continue;
    parts[nth] = (parts[nth] as number) + 1;
    left--;
  }
  // More than one each can be left over only by the rounding of very large products.
  const largest = weights.indexOf(Math.max(...weights));
  parts[largest] = (parts[largest] as number) + left;
  return parts;
}
