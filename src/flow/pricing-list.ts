/** `boba pricing list`: what models cost now, the ones in use first. */
import { createResolver, type Resolver } from "../core/catalogue.ts";
import { BobaError, EXIT } from "../core/errors.ts";
import { makerOf, plainName } from "../core/model-names.ts";
import type { ModelUsage, PriceList, PriceRow } from "../core/price-list.ts";
import { modelUsage } from "../store/model-usage.ts";
import type { App } from "./app.ts";
import { inLedgerIfThere } from "./ledger.ts";
import { loadPrices, type Prices } from "./prices.ts";

export interface ListOptions {
  /** A model under any of its names, or a part of one. */
  model?: string | undefined;
  /** Also what is in no record. */
  all: boolean;
}

/** @throws BobaError BOBA-USE-41 for a model that no price list and no record knows. */
export async function pricingList(app: App, { model, all }: ListOptions): Promise<PriceList> {
  const prices = await loadPrices(app);
  const resolve = createResolver(prices.overrides, prices.catalogue);
  const nowMs = app.now();
  const row = (provider: string, name: string, usage: ModelUsage | null): PriceRow => {
    return { provider, model: name, usage, price: resolve(provider, name, nowMs) };
  };
  const used = inLedgerIfThere(app, [], modelUsage).map((usage) => row(usage.provider, usage.model, usage));
  const list = { source: prices.catalogue.source, asOfMs: nowMs, pricingFile: app.paths.pricing };
  if (model !== undefined) return { ...list, rows: await rowsFor(model, used, prices, row, app) };
  return {
    ...list,
    rows: all ? withoutRepeats([...used, ...ownRows(prices, row), ...(await catalogueRows(prices, resolve, nowMs))]) : used,
  };
}

type MakeRow = (provider: string, model: string, usage: ModelUsage | null) => PriceRow;

async function rowsFor(model: string, used: readonly PriceRow[], prices: Prices, row: MakeRow, app: App): Promise<PriceRow[]> {
  const plain = plainName(model);
  const same = used.filter((known) => known.model === model || plainName(known.model) === plain);
  const listed = row(makerOf(model) ?? "", model, null);
  const found = withoutRepeats([...same, ...(listed.price === null || same.some((known) => known.model === model) ? [] : [listed])]);
  if (found.length > 0) return found;
  const part = model.toLowerCase();
  const all = await prices.models();
  const near = all.filter((entry) => entry.model.toLowerCase().includes(part)).map((entry) => row(entry.provider, entry.model, null));
  const priced = near.filter(({ price }) => price !== null);
  if (part !== "" && priced.length > 0) return priced;
  const name = JSON.stringify(model.slice(0, 100));
  throw new BobaError(
    "BOBA-USE-41",
    EXIT.failed,
    `nobody knows what ${name} costs`,
    `add it under models: in ${app.paths.pricing}, or fetch the newest prices: boba pricing update (all there are: boba pricing list --all)`,
  );
}

/** Entries of `pricing.yaml`, those for a beginning of names under that beginning. */
function ownRows({ overrides }: Prices, row: MakeRow): PriceRow[] {
  return overrides.map((entry) => {
    const found = row(makerOf(entry.model) ?? "", entry.model, null);
    return entry.isPrefix ? { ...found, model: `${entry.model}*` } : found;
  });
}

async function catalogueRows(prices: Prices, resolve: Resolver, nowMs: number): Promise<PriceRow[]> {
  const all = await prices.models();
  return all
    .map(({ provider, model }) => ({ provider, model, usage: null, price: resolve(provider, model, nowMs) }))
    .filter(({ price }) => price !== null);
}

function withoutRepeats(rows: readonly PriceRow[]): PriceRow[] {
  const seen = new Map<string, PriceRow>();
  for (const row of rows) {
    const key = `${row.provider}\0${row.model}`;
    if (!seen.has(key)) seen.set(key, row);
  }
  return [...seen.values()];
}
