/**
 * How far a collector has been told, and what is new since. Pure.
 *
 * Records get growing numbers, so what is new has a number above the cursor. But a record may still grow (an agent writes one response as several
 * lines), so the sums up to the cursor are kept too: what they have grown by is new as well. They never shrink at the collector's end: what was
 * deleted or repriced downwards stays counted there.
 */
import type { OtlpSums } from "./otlp.ts";

/** Sums by series; the key names repository, tool, provider and model. */
export type SumsByKey = ReadonlyMap<string, OtlpSums>;

export interface OtlpCursor {
  /** The highest record number that was told. */
  seq: number;
  /** Until when (Unix ms): where the next interval begins. */
  toMs: number;
  /** The sums up to `seq`, what was pruned included, as they were then. */
  told: SumsByKey;
}

export interface LedgerSums {
  lastSeq: number;
  /** Up to the cursor's number (and pruned ones), and beyond it. */
  known: SumsByKey;
  fresh: SumsByKey;
}

export const SUM_NAMES = ["requests", "unpriced", "costNanoUsd", "input", "output", "reasoning", "cacheRead", "cacheWrite"] as const;

/** What is to be told, and the cursor that holds once it was. */
export function advance(cursor: OtlpCursor, ledger: LedgerSums, toMs: number): { news: SumsByKey; next: OtlpCursor } {
  const news = new Map<string, OtlpSums>();
  const told = new Map<string, OtlpSums>();
  for (const key of new Set([...ledger.known.keys(), ...ledger.fresh.keys()])) {
    const [known, fresh, before] = [ledger.known.get(key), ledger.fresh.get(key), cursor.told.get(key)];
    news.set(
      key,
      combine((name) => Math.max(0, (known?.[name] ?? 0) - (before?.[name] ?? 0)) + (fresh?.[name] ?? 0)),
    );
    told.set(
      key,
      combine((name) => (known?.[name] ?? 0) + (fresh?.[name] ?? 0)),
    );
  }
  return { news, next: { seq: ledger.lastSeq, toMs, told } };
}

function combine(pick: (name: keyof OtlpSums) => number): OtlpSums {
  return Object.fromEntries(SUM_NAMES.map((name) => [name, pick(name)])) as unknown as OtlpSums;
}

export function cursorText({ seq, toMs, told }: OtlpCursor): string {
  return JSON.stringify({ v: 1, seq, toMs, told: [...told].map(([key, sums]) => [key, ...SUM_NAMES.map((name) => sums[name])]) });
}

/** Null for what is none: nothing was told yet. */
export function parseCursor(text: string | null): OtlpCursor | null {
  if (text === null) return null;
  const { seq, toMs, told } = JSON.parse(text) as { seq: number; toMs: number; told: [string, ...number[]][] };
  const sums = ([key, ...values]: [string, ...number[]]) => [key, combine((name) => values[SUM_NAMES.indexOf(name)] ?? 0)] as const;
  return { seq, toMs, told: new Map(told.map(sums)) };
}
