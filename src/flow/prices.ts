/** The prices that hold now: `pricing.yaml` first, then the newer of the catalogue that is built in and the one that was fetched. */
import { type CacheState, type PriceCache, readPriceCache } from "../config/price-cache.ts";
import { loadPricing } from "../config/pricing.ts";
import { type CalcPrice, CATALOGUE_DATE, CATALOGUE_VERSION, type Catalogue, type PriceOverride } from "../core/catalogue.ts";
import type { CatalogueProvider } from "../core/catalogue-data.ts";
import type { ExportedRecord } from "../core/export.ts";
import { type Pricer, type Rates, tierFor } from "../core/price.ts";
import { createPricer, createSheets } from "../core/pricer.ts";
import type { App } from "./app.ts";

export interface Prices {
  overrides: readonly PriceOverride[];
  catalogue: Catalogue;
  cache: CacheState;
  /** Every model that the catalogue lists. */
  models(): Promise<readonly { provider: string; model: string }[]>;
}

/** Loads what is needed to price something; too slow for commands that do not. @throws BobaError BOBA-CFG-* for `pricing.yaml`. */
export async function loadPrices(app: App): Promise<Prices> {
  const [overrides, { calcPrice }] = await Promise.all([loadPricing(app.paths), import("@pydantic/genai-prices")]);
  const cache = readPriceCache(app.paths);
  if (cache.damage !== null) app.log.write("warn", "price-cache-ignored", { path: app.paths.pricingCache, reason: cache.damage });
  const fetched = newerCache(cache);
  const catalogue: Catalogue =
    fetched === null
      ? { source: BUILT_IN, calcPrice }
      : { source: sourceOf(fetched), calcPrice: calculatorFor(fetched.data.providers, calcPrice) };
  const models = async () => {
    const { waitForUpdate } = await import("@pydantic/genai-prices");
    const providers = fetched?.data.providers ?? (await waitForUpdate()) ?? [];
    return providers.flatMap((provider) => provider.models.map(({ id }) => ({ provider: provider.id, model: id })));
  };
  return { overrides, catalogue, cache, models };
}

/** The rates a record's cost was made of, as they are known now; null when nobody lists the model. */
export async function loadRates(app: App): Promise<(record: ExportedRecord) => Rates | null> {
  const { overrides, catalogue } = await loadPrices(app);
  const sheets = createSheets(overrides, catalogue);
  return (record) => {
    const sheet = sheets(record.provider, record.model, record.atMs);
    return sheet === null ? null : tierFor(record, sheet).rates;
  };
}

export async function loadPricer(app: App): Promise<Pricer> {
  const { overrides, catalogue } = await loadPrices(app);
  return createPricer(overrides, catalogue);
}

const BUILT_IN = `genai-prices ${CATALOGUE_VERSION}`;

/** What `price_source` says of prices that are collected from now on. */
export function sourceInForce(app: App): string {
  const fetched = newerCache(readPriceCache(app.paths));
  return fetched === null ? BUILT_IN : sourceOf(fetched);
}

/** Where the library's own catalogue is published. */
export async function catalogueUrl(): Promise<string> {
  return (await import("@pydantic/genai-prices")).REMOTE_DATA_JSON_URL;
}

function sourceOf({ fetchedMs }: PriceCache): string {
  return `genai-prices ${dayOf(fetchedMs)}`;
}

/** The fetched catalogue, if there is one that is newer than the built-in. */
export function newerCache({ cache }: CacheState): PriceCache | null {
  return cache !== null && dayOf(cache.fetchedMs) > CATALOGUE_DATE ? cache : null;
}

export function dayOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}

type LibraryCalc = typeof import("@pydantic/genai-prices").calcPrice;

/** The library's look-up over other data than its own, which it also takes from global state: so providers are handed in one by one. */
function calculatorFor(providers: readonly CatalogueProvider[], calcPrice: LibraryCalc): CalcPrice {
  const byId = new Map(providers.map((provider) => [provider.id, provider]));
  return (usage, model, { providerId, timestamp }) => {
    const own = byId.get(providerId);
    if (own === undefined) return null;
    for (const provider of [own, ...own.fallback.flatMap((id) => byId.get(id) ?? [])]) {
      const { id, name, api_pattern, models } = provider;
      const found = calcPrice(usage, model, { provider: { id, name, api_pattern, models }, timestamp });
      if (found !== null) return { provider: { id: own.id }, model: found.model, model_price: found.model_price };
    }
    return null;
  };
}
