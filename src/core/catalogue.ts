/** Which prices hold for a model at a time: the user's own first, then the catalogue's. */
import { fastTenths } from "./fast-mode.ts";
import { longContextStart } from "./long-context.ts";
import { isFree, listedNames, makerOf, plainName } from "./model-names.ts";
import type { RateSheet } from "./price.ts";
import { type CataloguePrice, FREE_TIERS, toTiers } from "./rates.ts";

/** The version of the price catalogue; a test holds it to the installed package. */
export const CATALOGUE_VERSION = "0.1.8";
/** When that version was published: a catalogue fetched later is newer. */
export const CATALOGUE_DATE = "2026-09-23";

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
  provider: { id: string };
  model: { id: string; prices: unknown };
  model_price: Record<string, CataloguePrice>;
} | null;

/** A price list and what to call it in `price_source`. */
export interface Catalogue {
  source: string;
  calcPrice: CalcPrice;
}

export interface Resolved {
  sheet: RateSheet;
  /** Whose price it is (a provider of the catalogue), or null for one of the user's own. */
  provider: string | null;
  /** The name it is listed under. */
  listedAs: string;
  /** Unix milliseconds since when it holds; null: always, as far as the list says. */
  sinceMs: number | null;
  /** Holds for this moment only: some providers charge by the time of day. */
  byHour: boolean;
}

/** The price that holds for `model`, billed by `provider`, at a moment (Unix milliseconds); null when no list knows it. */
export type Resolver = (provider: string, model: string, atMs: number) => Resolved | null;

export function createResolver(overrides: readonly PriceOverride[], catalogue: Catalogue): Resolver {
  return (provider, model, atMs) => {
    const own = findOverride(overrides, model, atMs);
    return own === null ? lookUp(catalogue, provider, model, atMs) : fromOverride(own, model);
  };
}

/** An exact id beats a beginning, a longer beginning a shorter one, a later `from` an earlier one. */
export function findOverride(overrides: readonly PriceOverride[], model: string, atMs: number): PriceOverride | null {
  let best: PriceOverride | null = null;
  const weight = (entry: PriceOverride) => (entry.isPrefix ? entry.model.length : Number.MAX_SAFE_INTEGER);
  for (const entry of overrides) {
    if (entry.fromMs > atMs || !(entry.isPrefix ? model.startsWith(entry.model) : model === entry.model)) continue;
    const gain = best === null ? 1 : weight(entry) - weight(best);
    if (best === null || gain > 0 || (gain === 0 && entry.fromMs > best.fromMs)) best = entry;
  }
  return best;
}

function fromOverride(entry: PriceOverride, model: string): Resolved {
  const maker = makerOf(model);
  const tiers = toTiers(
    {
      input: entry.inputPerMtok,
      output: entry.outputPerMtok,
      cacheRead: entry.cacheReadPerMtok,
      cacheWrite5m: entry.cacheWrite5mPerMtok,
      cacheWrite1h: entry.cacheWrite1hPerMtok,
      webSearchesPerThousand: maker === "anthropic" ? ANTHROPIC_SEARCHES : undefined,
    },
    maker,
  );
  const level = entry.isPrefix ? "mapped" : "exact";
  return {
    sheet: { tiers, fastTenths: fastTenths(model), isFast: false, source: "pricing.yaml", level },
    provider: null,
    listedAs: entry.isPrefix ? `${entry.model}*` : entry.model,
    sinceMs: entry.fromMs === 0 ? null : entry.fromMs,
    byHour: false,
  };
}

/** 10 $ per 1,000 web searches, whatever the model. */
const ANTHROPIC_SEARCHES = 10;
const PRICE_IN_NAME = 10;

function lookUp({ calcPrice, source }: Catalogue, provider: string, model: string, atMs: number): Resolved | null {
  const timestamp = new Date(atMs);
  for (const { provider: at, name, fast, isAsLogged } of listedNames(provider, model, atMs)) {
    const found = calcPrice({}, name, { providerId: at, timestamp });
    if (found === null) continue;
    const prices = found.model_price;
    // A list that names a model without a price says nothing of what its use is worth, unless it is one that is given away.
    if (prices["input_mtok"] === undefined && !isFree(model)) continue;
    const plain = plainName(model);
    const maker = makerOf(model);
    const sellsFast = found.model.id.endsWith("-fast");
    const isFast = fast && !sellsFast;
    // `claude-x-fast` may be found as `claude-x` because the list goes by beginnings: the name that says so comes next.
    if (!isFast && !sellsFast && /^(?:claude|gpt)-.*-fast$/.test(name)) continue;
    const tiers =
      prices["input_mtok"] === undefined
        ? FREE_TIERS
        : toTiers(
            {
              input: prices["input_mtok"],
              output: prices["output_mtok"],
              cacheRead: prices["cache_read_mtok"],
              cacheWrite5m: prices["cache_write_mtok"],
              cacheWrite1h: prices["cache_write_1h_mtok"],
              webSearchesPerThousand: prices["web_searches_kcount"],
            },
            maker,
            longContextStart(plain, atMs),
          );
    const isExact = isAsLogged && found.provider.id === at && isSameModel(model, found.model.id);
    const fastRate = sellsFast ? PRICE_IN_NAME : fastTenths(model);
    return {
      sheet: { tiers, fastTenths: fastRate, isFast, source, level: isExact ? "exact" : "mapped" },
      provider: found.provider.id,
      listedAs: found.model.id,
      sinceMs: sinceWhen(found.model.prices, prices),
      byHour: isHourly(found.model.prices),
    };
  }
  return isFree(model) ? GIVEN_AWAY : null;
}

/** No list has it, and its name says that it costs nothing. */
const GIVEN_AWAY: Resolved = {
  sheet: { tiers: FREE_TIERS, fastTenths: null, isFast: false, source: "free variant", level: "mapped" },
  provider: null,
  listedAs: "*:free",
  sinceMs: null,
  byHour: false,
};

function isSameModel(model: string, id: string): boolean {
  const listed = withoutRegion(id.toLowerCase());
  const base = listed.replace(/-latest$/, "");
  const name = withoutRegion(model.toLowerCase());
  return name === listed || (name.startsWith(base) && /^(?:-latest|[-@]\d{8}|-\d{4}-\d\d-\d\d)?$/.test(name.slice(base.length)));
}

/** Bedrock's list says `regional.anthropic.x` for what is called as `us.anthropic.x` or `eu.anthropic.x`. */
function withoutRegion(name: string): string {
  return name.replace(/^[a-z-]+\.(?=(?:anthropic|openai|amazon|meta|mistral)\.)/, "");
}

interface Period {
  constraint?: { type?: string; start_date?: string };
  prices?: unknown;
}

/** Some providers charge by the time of day: then no two moments share a price. */
function isHourly(prices: unknown): boolean {
  return Array.isArray(prices) && prices.some((entry: Period) => entry.constraint?.type === "time_of_date");
}

function sinceWhen(prices: unknown, inForce: unknown): number | null {
  if (!Array.isArray(prices)) return null;
  const period: Period | undefined = prices.find((entry: Period) => entry.prices === inForce);
  const start = period?.constraint?.start_date;
  return start === undefined ? null : Date.parse(`${start}T00:00:00Z`);
}
