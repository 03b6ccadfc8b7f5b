/** From prices as people and catalogues write them (dollars per million tokens) to the integers that bills are made of. */
import { LONG_CONTEXT_RATIO, tierStart } from "./long-context.ts";
import type { Rates, Tier } from "./price.ts";

/** Dollars per million tokens, searches in dollars per thousand. A tiered price is `base` up to `start` prompt tokens, `price` above it. */
export type CataloguePrice = number | { base: number; tiers: readonly { start: number; price: number }[] } | undefined;

export interface CataloguePrices {
  input: CataloguePrice;
  output: CataloguePrice;
  cacheRead: CataloguePrice;
  cacheWrite5m: CataloguePrice;
  cacheWrite1h: CataloguePrice;
  webSearchesPerThousand: CataloguePrice;
}

const NANO = 1e9;
/** What Anthropic bills where a list names only the input price: reading 0.1 x, writing 1.25 x (5 minutes) or 2 x (1 hour). */
const DERIVED = { cacheRead: 0.1, cacheWrite5m: 1.25, cacheWrite1h: 2 } as const;
/** OpenAI: a cache read without a price of its own is plain input. */
const OPENAI_DERIVED = { ...DERIVED, cacheRead: 1 };

/**
 * Tiers in ascending order. Cache rates that are not listed are derived from the input rate; a long-context tier from the plain one, when the maker
 * has one (above `longContext` prompt tokens) and the list has no tiers.
 */
export function toTiers(prices: CataloguePrices, maker: string | null, longContext: number | null = null): Tier[] {
  const starts = new Set([-1]);
  for (const price of Object.values(prices) as CataloguePrice[]) {
    if (typeof price === "object") for (const tier of price.tiers) starts.add(tier.start);
  }
  const tiers = [...starts].sort((a, b) => a - b).map((start) => tierAt(prices, start, maker));
  const [base] = tiers;
  if (longContext === null || tiers.length > 1 || base === undefined) return tiers;
  const rates = { ...base.rates };
  for (const [name, ratio] of Object.entries(LONG_CONTEXT_RATIO) as [keyof typeof LONG_CONTEXT_RATIO, number][]) {
    const rate = rates[name];
    rates[name] = rate === null ? null : Math.round(rate * ratio);
  }
  return [base, { abovePromptTokens: longContext, rates, derived: Object.keys(LONG_CONTEXT_RATIO) as (keyof Rates)[] }];
}

/** Nothing costs anything. */
export const FREE_TIERS: readonly Tier[] = [
  {
    abovePromptTokens: -1,
    rates: { input: 0, output: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, webSearches: null },
    derived: [],
  },
];

function tierAt(prices: CataloguePrices, start: number, maker: string | null): Tier {
  const ratios = maker === "openai" ? OPENAI_DERIVED : DERIVED;
  const derived: (keyof Rates)[] = [];
  const input = at(prices.input, start);
  const orDerived = (name: keyof typeof DERIVED): number | null => {
    const listed = at(prices[name], start);
    if (listed !== null || input === null) return listed;
    derived.push(name);
    return input * ratios[name];
  };
  const rates: Rates = {
    input: nano(input),
    output: nano(at(prices.output, start)),
    cacheRead: nano(orDerived("cacheRead")),
    cacheWrite5m: nano(orDerived("cacheWrite5m")),
    cacheWrite1h: nano(orDerived("cacheWrite1h")),
    webSearches: nano(thousandfold(at(prices.webSearchesPerThousand, start))),
  };
  return { abovePromptTokens: start < 0 ? start : tierStart(start), rates, derived };
}

/** The price that holds for prompts strictly longer than `start`. */
function at(price: CataloguePrice, start: number): number | null {
  if (price === undefined) return null;
  if (typeof price === "number") return price;
  return (
    price.tiers
      .filter((tier) => tier.start <= start)
      .sort((a, b) => a.start - b.start)
      .at(-1)?.price ?? price.base
  );
}

function thousandfold(dollars: number | null): number | null {
  return dollars === null ? null : dollars * 1000;
}

function nano(dollars: number | null): number | null {
  return dollars === null ? null : Math.round(dollars * NANO);
}
