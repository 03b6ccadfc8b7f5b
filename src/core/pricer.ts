/** Prices records: what holds for a model is resolved once per model and day, never per record. */
import { createResolver, type Catalogue, type PriceOverride, type Resolved } from "./catalogue.ts";
import { levelOf, priceRecord, type Pricer, type RateSheet } from "./price.ts";

const DAY_MS = 86_400_000;
/** A hostile log may name a new model in every line: then the oldest answers are forgotten. */
const MAX_SHEETS = 20_000;

/** The rates that hold for a model at a time (Unix milliseconds); null when nobody says what it costs. */
export type Sheets = (provider: string, model: string, atMs: number) => RateSheet | null;

export function createSheets(overrides: readonly PriceOverride[], catalogue: Catalogue): Sheets {
  const resolve = createResolver(overrides, catalogue);
  const sheets = new Map<string, RateSheet | null>();
  const hourly = new Set<string>();
  /** A log names the same model again and again. */
  let last: { provider: string; model: string; day: number; sheet: RateSheet | null } | null = null;
  return (provider, model, atMs) => {
    const day = Math.floor(atMs / DAY_MS);
    if (last !== null && last.model === model && last.day === day && last.provider === provider) return last.sheet;
    const name = `${provider}\0${model}`;
    if (hourly.has(name)) return resolve(provider, model, atMs)?.sheet ?? null;
    const key = `${name}\0${day}`;
    let sheet = sheets.get(key);
    if (sheet === undefined) {
      const found: Resolved | null = resolve(provider, model, atMs);
      sheet = found?.sheet ?? null;
      if (found?.byHour === true) {
        hourly.add(name);
        return sheet;
      }
      if (sheets.size >= MAX_SHEETS) sheets.clear();
      sheets.set(key, sheet);
    }
    last = { provider, model, day, sheet };
    return sheet;
  };
}

/** A model that neither the user's prices nor the catalogue know costs null. */
export function createPricer(overrides: readonly PriceOverride[], catalogue: Catalogue): Pricer {
  const sheetFor = createSheets(overrides, catalogue);
  return (provider, model, atMs, counters, fast) => {
    const sheet = sheetFor(provider, model, atMs);
    if (sheet === null) return { costNanoUsd: null, source: null, level: "exact" };
    return { costNanoUsd: priceRecord(counters, fast, sheet), source: sheet.source, level: levelOf(counters, sheet) };
  };
}
