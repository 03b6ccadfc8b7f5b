/** What the `pricing` commands say to programs; docs/pricing.md describes it. */
import type { PriceList, PriceRow } from "../core/price-list.ts";
import type { Rates, Tier } from "../core/price.ts";
import type { RepriceSums, RepriceSummary } from "../core/reprice.ts";
import { toUsd } from "../core/money.ts";
import { safeJson } from "../core/text.ts";

const TOKEN_RATES = ["input", "output", "cacheRead", "cacheWrite5m", "cacheWrite1h"] as const;
const NAMES: Readonly<Record<keyof Rates, string>> = {
  input: "input",
  output: "output",
  cacheRead: "cache_read",
  cacheWrite5m: "cache_write_5m",
  cacheWrite1h: "cache_write_1h",
  webSearches: "web_searches",
};

/** `boba.pricing/1`. */
export function pricingJson(list: PriceList): string {
  return safeJson({
    schema: "boba.pricing/1",
    source: list.source,
    as_of: new Date(list.asOfMs).toISOString(),
    models: list.rows.map(modelFields),
  });
}

function modelFields({ model, provider, usage, price }: PriceRow) {
  return {
    model,
    provider,
    records: usage?.records ?? 0,
    unpriced_records: usage?.unpriced ?? 0,
    cost_nano_usd: String(usage?.costNanoUsd ?? 0),
    ...(usage === null || usage.reportedRecords === 0
      ? {}
      : {
          reported: {
            records: usage.reportedRecords,
            nano_usd: String(usage.reportedNanoUsd),
            booked_nano_usd: String(usage.storedOfReportedNanoUsd),
          },
        }),
    price:
      price === null
        ? null
        : {
            source: price.sheet.source,
            provider: price.provider,
            listed_as: price.listedAs,
            level: price.sheet.level,
            since: price.sinceMs === null ? null : new Date(price.sinceMs).toISOString().slice(0, 10),
            fast_multiplier: price.sheet.fastTenths === null ? null : price.sheet.fastTenths / 10,
            tiers: price.sheet.tiers.map(tierFields),
          },
  };
}

function tierFields({ abovePromptTokens, rates, derived }: Tier) {
  return {
    above_prompt_tokens: Math.max(0, abovePromptTokens),
    usd_per_mtok: Object.fromEntries(TOKEN_RATES.map((name) => [NAMES[name], usd(rates[name])])),
    usd_per_thousand_searches: rates.webSearches === null ? null : toUsd(rates.webSearches) / 1000,
    derived: derived.map((name) => NAMES[name]),
  };
}

function usd(nanoUsd: number | null): number | null {
  return nanoUsd === null ? null : toUsd(nanoUsd);
}

/** `boba.reprice/1`. */
export function repriceJson(result: RepriceSummary & { written: boolean; source: string }): string {
  return safeJson({
    schema: "boba.reprice/1",
    written: result.written,
    source: result.source,
    ...sumFields(result.totals),
    models: result.models.map((sums) => ({ model: sums.model, provider: sums.provider, ...sumFields(sums) })),
  });
}

function sumFields(sums: RepriceSums) {
  return {
    records: sums.records,
    changed: sums.changed,
    kept: sums.kept,
    old_nano_usd: String(sums.oldNanoUsd),
    new_nano_usd: String(sums.newNanoUsd),
    unpriced_before: sums.unpricedBefore,
    unpriced_after: sums.unpricedAfter,
  };
}
