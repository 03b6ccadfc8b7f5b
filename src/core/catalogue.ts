/** Which prices hold for a model at a time: the user's own first, then the catalogue's. Resolved once per model and day. */
import { fastTenths } from "./fast-mode.ts";
import { priceRecord, type Pricer, type RateSheet } from "./price.ts";
import { type CataloguePrice, toTiers } from "./rates.ts";

/** The version of the price catalogue; a test holds it to the installed package. */
export const CATALOGUE_VERSION = "0.1.8";

/** One entry of `pricing.yaml`, in dollars per million tokens. */
export interface PriceOverride {
  /** A model's id, or its beginning. */
  model: string;
  isPrefix: boolean;
  /** Unix milliseconds; the entry holds from then on (0: always). */
  fromMs: number;
  inputPerMtok: number;
  outputPerMtok: number;
  cacheReadPerMtok?: number | undefined;
  cacheWrite5mPerMtok?: number | undefined;
  cacheWrite1hPerMtok?: number | undefined;
}

/** The part of `@pydantic/genai-prices` that is used; handed in, because loading it takes longer than most commands. */
export type CalcPrice = (
  usage: Record<string, number | undefined>,
  model: string,
  options: { providerId: string; timestamp: Date },
) => {
  model: { id: string; prices: unknown };
  model_price: Record<string, CataloguePrice>;
} | null;

const DAY_MS = 86_400_000;

/** A pricer that asks `calcPrice` once per model and period. A model that neither knows costs null. */
export function createPricer(overrides: readonly PriceOverride[], calcPrice: CalcPrice): Pricer {
  const sheets = new Map<string, RateSheet | null>();
  /** A log names the same model again and again. */
  let last: { provider: string; model: string; day: number; sheet: RateSheet | null } | null = null;
  const hourly = new Set<string>();
  const sheetFor = (provider: string, model: string, atMs: number): RateSheet | null => {
    const day = Math.floor(atMs / DAY_MS);
    if (last !== null && last.model === model && last.day === day && last.provider === provider) return last.sheet;
    const name = `${provider}\0${model}`;
    const period = hourly.has(name) ? atMs : day;
    const key = `${name}\0${period}`;
    let sheet = sheets.get(key);
    if (sheet === undefined) {
      const override = findOverride(overrides, model, atMs);
      sheet =
        override === null ? lookUp(calcPrice, provider, model, atMs, () => hourly.add(name)) : overrideSheet(override, provider, model);
      if (!hourly.has(name)) sheets.set(key, sheet);
    }
    if (!hourly.has(name)) last = { provider, model, day, sheet };
    return sheet;
  };
  return (provider, model, atMs, counters, fast) => {
    const sheet = sheetFor(provider, model, atMs);
    if (sheet === null) return { costNanoUsd: null, source: null, level: "exact" };
    const level = sheet.derived.some((name) => counters[name] > 0) ? "heuristic" : sheet.level;
    return { costNanoUsd: priceRecord(counters, fast, sheet), source: sheet.source, level };
  };
}

/** An exact id beats a beginning, a longer beginning a shorter one, a later `from` an earlier one. */
function findOverride(overrides: readonly PriceOverride[], model: string, atMs: number): PriceOverride | null {
  let best: PriceOverride | null = null;
  const weight = (entry: PriceOverride) => (entry.isPrefix ? entry.model.length : Number.MAX_SAFE_INTEGER);
  for (const entry of overrides) {
    if (entry.fromMs > atMs || !(entry.isPrefix ? model.startsWith(entry.model) : model === entry.model)) continue;
    const gain = best === null ? 1 : weight(entry) - weight(best);
    if (best === null || gain > 0 || (gain === 0 && entry.fromMs > best.fromMs)) best = entry;
  }
  return best;
}

function overrideSheet(entry: PriceOverride, provider: string, model: string): RateSheet {
  const { tiers, derived } = toTiers(
    {
      input: entry.inputPerMtok,
      output: entry.outputPerMtok,
      cacheRead: entry.cacheReadPerMtok,
      cacheWrite5m: entry.cacheWrite5mPerMtok,
      cacheWrite1h: entry.cacheWrite1hPerMtok,
      webSearchesPerThousand: provider === "anthropic" ? ANTHROPIC_SEARCHES : undefined,
    },
    provider,
  );
  const level = entry.isPrefix ? "mapped" : "exact";
  return { tiers, fastTenths: fastTenths(provider, model), source: "pricing.yaml", level, derived };
}

/** 10 $ per 1,000 web searches, whatever the model. */
const ANTHROPIC_SEARCHES = 10;

function lookUp(calcPrice: CalcPrice, provider: string, model: string, atMs: number, markHourly: () => void): RateSheet | null {
  const timestamp = new Date(atMs);
  const plain = plainName(model);
  const direct = calcPrice({}, model, { providerId: provider, timestamp });
  const found = direct ?? (plain === model ? null : calcPrice({}, plain, { providerId: provider, timestamp }));
  if (found === null) return null;
  if (isHourly(found.model.prices)) markHourly();
  const prices = found.model_price;
  const { tiers, derived } = toTiers(
    {
      input: prices["input_mtok"],
      output: prices["output_mtok"],
      cacheRead: prices["cache_read_mtok"],
      cacheWrite5m: prices["cache_write_mtok"],
      cacheWrite1h: prices["cache_write_1h_mtok"],
      webSearchesPerThousand: prices["web_searches_kcount"],
    },
    provider,
  );
  const level = isSameModel(model, found.model.id) ? "exact" : "mapped";
  return {
    tiers,
    fastTenths: fastTenths(provider, plain),
    source: `genai-prices ${CATALOGUE_VERSION}`,
    level,
    derived,
  };
}

/** Names that resellers give: `us.anthropic.claude-x-v1:0` (Bedrock), `claude-x@20250929` (Vertex), `anthropic/claude-x` (routers). */
function plainName(model: string): string {
  return model
    .replace(/^(?:[a-z]+\.)?anthropic\./, "")
    .replace(/^[a-z0-9_-]+\//, "")
    .replace(/-v\d+(?::\d+)?$/, "")
    .replace(/\[1m\]$/, "")
    .replace(/@(?=\d{8}$)/, "-");
}

function isSameModel(model: string, id: string): boolean {
  const base = id.replace(/-latest$/, "");
  return model === id || (model.startsWith(base) && /^(?:-latest|[-@]\d{8}|-\d{4}-\d\d-\d\d)?$/.test(model.slice(base.length)));
}

/** Some providers charge by the time of day: then no two moments share a price. */
function isHourly(prices: unknown): boolean {
  return Array.isArray(prices) && prices.some((entry: { constraint?: { type?: string } }) => entry.constraint?.type === "time_of_date");
}
