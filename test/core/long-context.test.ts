import { calcPrice } from "@pydantic/genai-prices";
import { expect, test } from "vitest";
import { createPricer } from "../../src/core/pricer.ts";
import type { Counters } from "../../src/core/record.ts";

const NONE: Counters = { input: 0, output: 0, reasoning: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, webSearches: 0 };
const price = createPricer([], { source: "list", calcPrice });
const MARCH = Date.UTC(2026, 2, 1);
const NOVEMBER = Date.UTC(2026, 10, 1);

function cost(provider: string, model: string, counters: Partial<Counters>, atMs = NOVEMBER) {
  const found = price(provider, model, atMs, { ...NONE, ...counters }, false);
  return [found.costNanoUsd, found.level];
}

// Dollars per million tokens are thousands of nano-dollars a token.
test.each([
  // gpt-5.5: 5 in, 0.50 cached, 30 out; above 272,000 tokens of prompt 10, 1 and 45 for all of it.
  ["openai", "gpt-5.5", { input: 272_000, output: 1 }, [272_000 * 5_000 + 30_000, "exact"]],
  ["openai", "gpt-5.5", { input: 272_001, output: 1 }, [272_001 * 10_000 + 45_000, "exact"]],
  ["openai", "gpt-5.5", { input: 72_001, cacheRead: 200_000 }, [72_001 * 10_000 + 200_000 * 1_000, "exact"]],
  ["openai", "gpt-6-sol", { input: 272_000 }, [272_000 * 2_000, "exact"]],
  ["openai", "gpt-6-sol", { input: 272_001 }, [272_001 * 4_000, "exact"]],
  // The small ones have no such tier.
  ["openai", "gpt-5.4-mini", { input: 300_000 }, [300_000 * 750, "exact"]],
  ["google", "gemini-2.5-pro", { input: 200_000, output: 1 }, [200_000 * 1_250 + 10_000, "exact"]],
  ["google", "gemini-2.5-pro", { input: 200_001, output: 1 }, [200_001 * 2_500 + 15_000, "exact"]],
  ["google", "claude-sonnet-4-5", { input: 200_001 }, [200_001 * 6_000, "exact"]],
  // Where the list knows the plain price alone, the maker's rule gives the long one: an estimate. Bedrock's regions cost 3.30 and 16.50.
  ["aws", "us.anthropic.claude-sonnet-4-5-20250929-v1:0", { input: 200_000, output: 1 }, [200_000 * 3_300 + 16_500, "exact"]],
  ["aws", "us.anthropic.claude-sonnet-4-5-20250929-v1:0", { input: 200_001, output: 1 }, [200_001 * 6_600 + 24_750, "heuristic"]],
  ["aws", "openai.gpt-5.4", { input: 272_001, cacheRead: 1 }, [272_001 * 5_500 + 550, "heuristic"]],
  ["anthropic", "claude-sonnet-4-20250514", { input: 200_001 }, [200_001 * 6_000, "heuristic"]],
])("%s %s %o costs %o", (provider, model, counters, expected) => expect(cost(provider, model, counters)).toEqual(expected));

test("Opus and Sonnet 4.6 have had one price for every length since 2026-03-13, and so had they at resellers", () => {
  expect(cost("aws", "us.anthropic.claude-opus-4-6-v1", { input: 200_001 }, MARCH)).toEqual([200_001 * 11_000, "heuristic"]);
  expect(cost("aws", "us.anthropic.claude-opus-4-6-v1", { input: 200_001 })[0]).toBe(200_001 * 5_500);
});

test("summing before pricing would lose the tier: two requests of 150,000 are not one of 300,000", () => {
  const [one] = cost("openai", "gpt-5.5", { input: 150_000 });
  expect([one, cost("openai", "gpt-5.5", { input: 300_000 })[0]]).toEqual([750_000_000, 3_000_000_000]);
});

test("a name that says fast is priced as fast mode; a list that sells it under that name has it in the price", () => {
  expect(cost("anthropic", "claude-opus-4-6-fast", { output: 1 })[0]).toBe(6 * 25_000);
  expect(cost("openai", "gpt-5.5-fast", { output: 10 })[0]).toBe(10 * 30_000 * 2.5);
  expect(cost("github-copilot", "claude-opus-4.8-fast", { output: 1 })[0]).toBe(50_000);
  const fast = price("openai", "gpt-5.5-2026-06-01", NOVEMBER, { ...NONE, output: 10 }, true);
  expect(fast.costNanoUsd).toBe(750_000);
  // Nobody says what a fast Sonnet costs.
  expect(cost("anthropic", "claude-sonnet-4-6-fast", { output: 1 })[0]).toBeNull();
});

test("an hour's cache write is twice the input wherever the list does not say, and then an estimate", () => {
  expect(cost("google", "claude-opus-4-5", { cacheWrite1h: 10 })).toEqual([10 * 10_000, "exact"]);
  expect(cost("google", "claude-opus-4-7", { cacheWrite1h: 10 })).toEqual([10 * 10_000, "heuristic"]);
  expect(cost("aws", "us.anthropic.claude-opus-4-8", { cacheWrite1h: 10 })).toEqual([10 * 11_000, "heuristic"]);
});

test("searches cost what the provider lists; where it lists nothing the record has no price", () => {
  expect(cost("openai", "gpt-5.5", { webSearches: 2 })[0]).toBe(20_000_000);
  expect(cost("aws", "us.anthropic.claude-opus-4-8", { input: 1, webSearches: 1 })[0]).toBeNull();
});

test("a free variant costs nothing, and that is a price", () => {
  expect(cost("openrouter", "qwen/qwen3-coder:free", { input: 5, output: 5, cacheRead: 5 })).toEqual([0, "exact"]);
});
