import { readFileSync } from "node:fs";
import { join } from "node:path";
import { calcPrice } from "@pydantic/genai-prices";
import { expect, test } from "vitest";
import { CATALOGUE_VERSION, type PriceOverride } from "../../src/core/catalogue.ts";
import { priceRecord, type RateSheet } from "../../src/core/price.ts";
import { createPricer } from "../../src/core/pricer.ts";
import type { Counters } from "../../src/core/record.ts";
import { PROJECT } from "../helpers/sandbox.ts";

const NONE: Counters = { input: 0, output: 0, reasoning: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, webSearches: 0 };
const APRIL = Date.UTC(2026, 3, 1);
const SONNET = "claude-sonnet-4-5-20250929";
const CATALOGUE = { source: `genai-prices ${CATALOGUE_VERSION}`, calcPrice };
const price = createPricer([], CATALOGUE);

function sonnet(counters: Partial<Counters>, fast = false) {
  return price("anthropic", SONNET, APRIL, { ...NONE, ...counters }, fast).costNanoUsd;
}

test.each([
  // 3, 15, 0.30, 3.75 and 6 dollars per million tokens: 3000, 15000, 300, 3750 and 6000 nano-dollars a token; 0.01 $ a search.
  [{ input: 1 }, 3_000],
  [{ output: 1 }, 15_000],
  [{ cacheRead: 1 }, 300],
  [{ cacheWrite5m: 1 }, 3_750],
  [{ cacheWrite1h: 1 }, 6_000],
  [{ webSearches: 3 }, 30_000_000],
  // Reasoning is a part of the output, not more of it.
  [{ output: 10, reasoning: 10 }, 150_000],
  [{ input: 7, output: 11, cacheRead: 13, cacheWrite5m: 17, cacheWrite1h: 19 }, 21_000 + 165_000 + 3_900 + 63_750 + 114_000],
  // The long-context price is for the whole request, by its whole prompt, and strictly above 200,000.
  [{ input: 200_000 }, 600_000_000],
  [{ input: 200_001 }, 200_001 * 6_000],
  [{ input: 100_000, cacheRead: 100_000 }, 330_000_000],
  [{ input: 100_000, cacheRead: 150_000 }, 100_000 * 6_000 + 150_000 * 600],
  [{ cacheWrite5m: 100_000, cacheWrite1h: 100_001, output: 10 }, 100_000 * 7_500 + 100_001 * 12_000 + 10 * 22_500],
  // Output does not lengthen a prompt.
  [{ input: 1, output: 300_000 }, 3_000 + 300_000 * 15_000],
  [{ input: 250_000, webSearches: 1 }, 250_000 * 6_000 + 10_000_000],
])("sonnet 4.5: %o costs %d nano-dollars", (counters, nanoUsd) => {
  expect(sonnet(counters)).toBe(nanoUsd);
});

test("fast mode multiplies everything: opus 4.6 and 4.7 x6, 4.8 x2; a model without a known fast price costs null", () => {
  const opus = (model: string) => price("anthropic", model, APRIL, { ...NONE, input: 2, output: 1 }, true).costNanoUsd;
  // 5 and 25 dollars per million: 2 x 5000 + 25000.
  expect([opus("claude-opus-4-6"), opus("claude-opus-4-7"), opus("claude-opus-4-8")]).toEqual([210_000, 210_000, 70_000]);
  expect(sonnet({ input: 1 }, true)).toBeNull();
});

test("prices are those of the day: opus 4.6 had a long-context tier until 2026-03-13", () => {
  const at = (atMs: number) => price("anthropic", "claude-opus-4-6", atMs, { ...NONE, input: 300_000 }, false).costNanoUsd;
  expect(at(Date.UTC(2026, 2, 12, 23, 59, 59))).toBe(3_000_000_000);
  expect(at(Date.UTC(2026, 2, 13))).toBe(1_500_000_000);
});

test("an unknown model costs null and names no source", () => {
  expect(price("anthropic", "made-up-1", APRIL, { ...NONE, input: 5 }, false)).toEqual({ costNanoUsd: null, source: null, level: "exact" });
});

test("says where a price came from and how sure it is", () => {
  const of = (model: string) => price("anthropic", model, APRIL, { ...NONE, input: 1 }, false);
  expect(of(SONNET)).toEqual({ costNanoUsd: 3_000, source: `genai-prices ${CATALOGUE_VERSION}`, level: "exact" });
  expect(of("claude-sonnet-4.5")).toMatchObject({ costNanoUsd: 3_000, level: "mapped" });
  // Bedrock's name: its regions cost a tenth more.
  expect(of("us.anthropic.claude-sonnet-4-5-20250929-v1:0")).toMatchObject({ costNanoUsd: 3_300, level: "exact" });
  expect(of("claude-sonnet-4-5@20250929")).toMatchObject({ costNanoUsd: 3_000 });
});

test("the catalogue's version is the one that is installed", () => {
  const manifest = JSON.parse(readFileSync(join(PROJECT, "package.json"), "utf8"));
  expect(manifest.dependencies["@pydantic/genai-prices"]).toBe(CATALOGUE_VERSION);
});

const override = (entry: Partial<PriceOverride>): PriceOverride => ({
  model: SONNET,
  isPrefix: false,
  fromMs: 0,
  inputPerMtok: 1,
  outputPerMtok: 2,
  ...entry,
});

test("the user's prices come first: exact name before beginning, longer before shorter, later before earlier", () => {
  const mine = createPricer(
    [
      override({ model: "claude-", isPrefix: true, inputPerMtok: 10 }),
      override({ model: "claude-sonnet", isPrefix: true, inputPerMtok: 20 }),
      override({ inputPerMtok: 30 }),
      override({ inputPerMtok: 40, fromMs: APRIL }),
    ],
    CATALOGUE,
  );
  const of = (model: string, atMs: number) => mine("anthropic", model, atMs, { ...NONE, input: 1 }, false);
  expect(of("claude-opus-9", APRIL)).toEqual({ costNanoUsd: 10_000, source: "pricing.yaml", level: "mapped" });
  expect(of("claude-sonnet-9", APRIL).costNanoUsd).toBe(20_000);
  expect(of(SONNET, APRIL - 1).costNanoUsd).toBe(30_000);
  expect(of(SONNET, APRIL)).toEqual({ costNanoUsd: 40_000, source: "pricing.yaml", level: "exact" });
});

test("cache prices nobody gave are derived from the input price, and then the record is an estimate", () => {
  const mine = createPricer([override({ inputPerMtok: 4 })], CATALOGUE);
  const of = (counters: Partial<Counters>) => mine("anthropic", SONNET, APRIL, { ...NONE, ...counters }, false);
  expect(of({ cacheRead: 10 })).toMatchObject({ costNanoUsd: 4_000, level: "heuristic" });
  expect(of({ cacheWrite5m: 10 }).costNanoUsd).toBe(50_000);
  expect(of({ cacheWrite1h: 10 }).costNanoUsd).toBe(80_000);
  expect(of({ input: 10 }).level).toBe("exact");
});

const sheet = (input: number, fastTenths: number | null = null): RateSheet => ({
  source: "test",
  level: "exact",
  fastTenths,
  isFast: false,
  tiers: [
    {
      derived: [],
      abovePromptTokens: -1,
      rates: { input, output: null, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, webSearches: 0 },
    },
  ],
});

test("rounds half up, once a record, exactly", () => {
  // 0.5 nano-dollars a token: 500,000 per million.
  expect(priceRecord({ ...NONE, input: 1 }, false, sheet(500_000))).toBe(1);
  expect(priceRecord({ ...NONE, input: 1 }, false, sheet(499_999))).toBe(0);
  expect(priceRecord({ ...NONE, input: 3 }, false, sheet(500_000))).toBe(2);
  // x2.5 of 0.2 nano-dollars is a half.
  expect(priceRecord({ ...NONE, input: 1 }, true, sheet(200_000, 25))).toBe(1);
  // 10^12 tokens at 3 $ per million is beyond 2^53 on the way, and still exact.
  expect(priceRecord({ ...NONE, input: 1_000_000_000_000 - 1 }, false, sheet(3_000_000_001))).toBe(3_000_000_000_997_000);
});

test("something used that has no price makes the whole record unpriced", () => {
  expect(priceRecord({ ...NONE, input: 1, output: 1 }, false, sheet(1_000_000))).toBeNull();
  expect(priceRecord({ ...NONE, input: 1 }, false, sheet(1_000_000))).toBe(1);
});
