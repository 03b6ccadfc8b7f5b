/** What one response costs at list price: exact in integers, rounded once a record. */
import type { Counters } from "./record.ts";

/** Prices in nano-dollars per million units (tokens, or searches): 3 $ per million tokens is 3e9. Null: nobody says what it costs. */
export interface Rates {
  input: number | null;
  output: number | null;
  cacheRead: number | null;
  cacheWrite5m: number | null;
  cacheWrite1h: number | null;
  webSearches: number | null;
}

export interface Tier {
  /** The tier prices the whole request when its prompt (uncached + cache read + cache written) is strictly longer than this. */
  abovePromptTokens: number;
  rates: Rates;
  /** Rates that were derived from another one: a record that uses one is an estimate. */
  derived: readonly (keyof Rates)[];
}

/** `exact`: listed under this name; `mapped`: listed under a name that stands for it; `heuristic`: a rate it used was derived from another. */
export type EstimateLevel = "exact" | "mapped" | "heuristic";

/** All that is needed to price one model in one period. */
export interface RateSheet {
  /** E.g. `genai-prices 0.1.8`, `pricing.yaml`. */
  source: string;
  level: EstimateLevel;
  /** Ascending; the first one starts at -1, so that it holds for every prompt. */
  tiers: readonly Tier[];
  /** Fast mode multiplies the whole bill by this many tenths (25 = x2.5); null: the model has no known fast price. */
  fastTenths: number | null;
  /** The model's name itself says fast mode. */
  isFast: boolean;
}

/** A price as it is stored with a record. */
export interface Price {
  /** Null when there is no known price. */
  costNanoUsd: number | null;
  source: string | null;
  level: EstimateLevel;
}

/**
 * What is stored for a record: the list price, or, where no list names the model, what the agent reported. Reported costs, and any price of a
 * record that is itself approximate, are estimates.
 */
export function settlePrice(listed: Price, record: { reportedNanoUsd: number | null; approximate: boolean }): Price {
  if (listed.costNanoUsd === null && record.reportedNanoUsd !== null)
    return { costNanoUsd: record.reportedNanoUsd, source: "reported", level: "heuristic" };
  return record.approximate ? { ...listed, level: "heuristic" } : listed;
}

/** Prices a response of `model` at `provider`, made at `atMs` (Unix milliseconds). */
export type Pricer = (provider: string, model: string, atMs: number, counters: Counters, fast: boolean) => Price;

/** What is billed separately: reasoning is part of the output. */
export const BILLED = [
  "input",
  "output",
  "cacheRead",
  "cacheWrite5m",
  "cacheWrite1h",
  "webSearches",
] as const satisfies readonly (keyof Rates & keyof Counters)[];
const PER = 1_000_000;
const TENTHS = 10;

/** The cost in whole nano-dollars, half rounded up; null when something that was used has no known price. */
export function priceRecord(counters: Counters, fast: boolean, sheet: RateSheet): number | null {
  const { rates } = tierFor(counters, sheet);
  const factor = fast || sheet.isFast ? sheet.fastTenths : TENTHS;
  if (factor === null) return null;
  let sum = 0;
  for (const name of BILLED) {
    const used = counters[name];
    if (used === 0) continue;
    const rate = rates[name];
    if (rate === null) return null;
    sum += used * rate;
  }
  const product = sum * factor;
  // Below 2^53 the sum of whole numbers is exact; above, it is done again with big integers.
  return product <= Number.MAX_SAFE_INTEGER ? roundHalfUp(product, PER * TENTHS) : priceWithBigInts(counters, rates, factor);
}

/** `exact` and `mapped` hold while every rate that was used is listed. */
export function levelOf(counters: Counters, sheet: RateSheet): EstimateLevel {
  const { derived } = tierFor(counters, sheet);
  return derived.some((name) => counters[name] > 0) ? "heuristic" : sheet.level;
}

/** The tier of a request, by the length of its prompt. */
export function tierFor({ input, cacheRead, cacheWrite5m, cacheWrite1h }: Counters, { tiers }: RateSheet): Tier {
  const promptTokens = input + cacheRead + cacheWrite5m + cacheWrite1h;
  let found = tiers[0] as Tier;
  for (const tier of tiers) if (promptTokens > tier.abovePromptTokens) found = tier;
  return found;
}

function roundHalfUp(value: number, by: number): number {
  const rest = value % by;
  return (value - rest) / by + (rest * 2 >= by ? 1 : 0);
}

function priceWithBigInts(counters: Counters, rates: Rates, factor: number): number {
  let sum = 0n;
  for (const name of BILLED) sum += BigInt(counters[name]) * BigInt(rates[name] ?? 0);
  const by = BigInt(PER * TENTHS);
  return Number((sum * BigInt(factor) * 2n + by) / (by * 2n));
}
