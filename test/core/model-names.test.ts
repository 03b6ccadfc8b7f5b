import { calcPrice } from "@pydantic/genai-prices";
import { expect, test } from "vitest";
import { createResolver } from "../../src/core/catalogue.ts";
import { isFree, listedNames, makerOf, plainName } from "../../src/core/model-names.ts";

const resolve = createResolver([], { source: "test", calcPrice });
const NOVEMBER = Date.UTC(2026, 10, 1);

/** Whose price it is, under which name, how sure, and dollars per million tokens of input and output. */
function priced(provider: string, model: string, atMs = NOVEMBER) {
  const found = resolve(provider, model, atMs);
  if (found === null) return null;
  const rates = found.sheet.tiers[0]?.rates;
  return [found.provider, found.listedAs, found.sheet.level, (rates?.input ?? -1) / 1e9, (rates?.output ?? -1) / 1e9];
}

// Prices from the makers' and resellers' own price pages, as of November 2026.
test.each([
  // The provider lists it under the name in the log, or one of its regions.
  ["anthropic", "claude-sonnet-4-5-20250929", ["anthropic", "claude-sonnet-4-5", "exact", 3, 15]],
  [
    "aws",
    "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
    ["aws", "regional.anthropic.claude-sonnet-4-5-20250929-v1:0", "exact", 3.3, 16.5],
  ],
  ["aws", "global.anthropic.claude-sonnet-4-5-20250929-v1:0", ["aws", "global.anthropic.claude-sonnet-4-5-20250929-v1:0", "exact", 3, 15]],
  ["google", "claude-sonnet-4-5@20250929", ["google", "claude-sonnet-4-5", "exact", 3, 15]],
  ["azure", "gpt-5", ["azure", "gpt-5", "exact", 1.25, 10]],
  ["openrouter", "openai/gpt-5", ["openrouter", "openai/gpt-5", "exact", 1.25, 10]],
  ["github-copilot", "claude-opus-4.8", ["github-copilot", "claude-opus-4.8", "exact", 5, 25]],
  ["zai", "glm-5.2", ["zai", "GLM-5.2", "exact", 1.4, 4.4]],
  // A log that knows only the maker, and a name that only one seller uses.
  ["anthropic", "eu.anthropic.claude-opus-4-8", ["aws", "regional.anthropic.claude-opus-4-8-v1:0", "mapped", 5.5, 27.5]],
  ["anthropic", "claude-opus-4-7@20260401", ["google", "claude-opus-4-7", "exact", 5, 25]],
  // It lists it under another name.
  ["anthropic", "claude-opus-4.5", ["anthropic", "claude-opus-4-5", "mapped", 5, 25]],
  ["anthropic", "claude-opus-4-5-thinking", ["anthropic", "claude-opus-4-5", "mapped", 5, 25]],
  ["anthropic", "claude-sonnet-4-6[1m]", ["anthropic", "claude-sonnet-4-6", "mapped", 3, 15]],
  ["anthropic", "claude-4.5-sonnet", ["anthropic", "claude-sonnet-4-5", "mapped", 3, 15]],
  ["anthropic", "claude-4.6-opus-high-thinking", ["anthropic", "claude-opus-4-6", "mapped", 5, 25]],
  [
    "aws",
    "arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.anthropic.claude-opus-4-5-20251101-v1:0",
    ["aws", "regional.anthropic.claude-opus-4-5-v1:0", "mapped", 5.5, 27.5],
  ],
  ["google", "gemini-3-pro-high", ["google", "gemini-3-pro-preview", "mapped", 2, 12]],
  ["google", "models/gemini-2.5-pro", ["google", "gemini-2.5-pro", "mapped", 1.25, 10]],
  ["google", "publishers/google/models/gemini-2.5-pro", ["google", "gemini-2.5-pro", "mapped", 1.25, 10]],
  ["google", "publishers/anthropic/models/claude-opus-4-5@20251101", ["google", "claude-opus-4-5", "mapped", 5, 25]],
  ["google", "claude-opus-4-7@default", ["google", "claude-opus-4-7", "mapped", 5, 25]],
  ["openrouter", "claude-sonnet-4-5", ["openrouter", "anthropic/claude-sonnet-4.5", "mapped", 3, 15]],
  ["openrouter", "anthropic/claude-sonnet-4-5", ["openrouter", "anthropic/claude-sonnet-4.5", "mapped", 3, 15]],
  ["openrouter", "anthropic/claude-sonnet-4.5:nitro", ["openrouter", "anthropic/claude-sonnet-4.5", "mapped", 3, 15]],
  ["github-copilot", "claude-opus-4-8", ["github-copilot", "claude-opus-4.8", "mapped", 5, 25]],
  ["fireworks", "kimi-k2.6", ["fireworks", "kimi-k2p6", "mapped", 0.95, 4]],
  ["moonshotai", "k2p6", ["moonshotai", "kimi-k2.6", "mapped", 0.95, 4]],
  ["openai", "gpt-5-codex-high", ["openai", "gpt-5", "mapped", 1.25, 10]],
  ["openai", "gpt-5.5-2026-06-01", ["openai", "gpt-5.5", "mapped", 5, 30]],
  // It lists nothing of the kind: the maker does.
  ["aws", "claude-sonnet-4-5", ["anthropic", "claude-sonnet-4-5", "mapped", 3, 15]],
  ["github-copilot", "claude-sonnet-4.5", ["anthropic", "claude-sonnet-4-5", "mapped", 3, 15]],
  ["github-copilot", "gpt-5", ["openai", "gpt-5", "mapped", 1.25, 10]],
  ["together", "moonshotai/Kimi-K2.6", ["moonshotai", "kimi-k2.6", "mapped", 0.95, 4]],
  ["a-reseller", "openai/gpt-5.5", ["openai", "gpt-5.5", "mapped", 5, 30]],
  ["a-reseller", "us.anthropic.claude-sonnet-4-5-20250929-v1:0", ["anthropic", "claude-sonnet-4-5", "mapped", 3, 15]],
  // Listed there without a price (part of the subscription): worth what its maker asks.
  ["github-copilot", "gpt-4.1", ["openai", "gpt-4.1", "mapped", 2, 8]],
  // Given away.
  ["openrouter", "qwen/qwen3-coder:free", ["openrouter", "qwen/qwen3-coder:free", "exact", 0, 0]],
  ["openrouter", "moonshotai/kimi-k2:free", [null, "*:free", "mapped", 0, 0]],
])("%s sells %s by %o", (provider, model, expected) => expect(priced(provider, model)).toEqual(expected));

test.each([
  ["anthropic", "claude-opus-9"],
  ["openai", "gpt-99-codex"],
  ["zai", "glm-4.6"],
  ["a-reseller", "qwen3-coder-plus"],
  ["a-reseller", "made-up-1"],
  ["deepseek", "deepseek-v3"],
  ["google", "gemma-3"],
  // A name that says "free" but not whose variant it is.
  ["a-reseller", "something:free"],
  ["anthropic", `claude-sonnet-4-5${"-x".repeat(100_000)}`],
  ["anthropic", ""],
])("nobody knows what %s asks for %s", (provider, model) => expect(priced(provider, model)).toBeNull());

test("a name may stand for another model from a day on", () => {
  expect(priced("moonshotai", "kimi-for-coding", Date.UTC(2026, 3, 20) - 1)?.[1]).toBe("kimi-k2.5");
  expect(priced("moonshotai", "kimi-for-coding", Date.UTC(2026, 3, 20))?.[1]).toBe("kimi-k2.6");
});

test("the maker's own name and the maker, from any reseller's name", () => {
  expect(plainName("us.anthropic.claude-opus-4-6-v1[1m]")).toBe("claude-opus-4-6");
  expect(plainName("openai.gpt-oss-120b-1:0")).toBe("gpt-oss-120b");
  expect(plainName("anthropic/claude-opus-4.8-fast")).toBe("claude-opus-4-8");
  expect(makerOf("accounts/fireworks/models/kimi-k2p6")).toBe("moonshotai");
  expect(makerOf("nobody/knows-1")).toBeNull();
  expect(isFree("vendor/model:free")).toBe(true);
});

test("who bills is asked first, under every name, then the maker", () => {
  expect(listedNames("openrouter", "claude-opus-4.8-fast", NOVEMBER)).toEqual([
    { provider: "openrouter", name: "claude-opus-4.8-fast", fast: false, isAsLogged: true },
    { provider: "openrouter", name: "claude-opus-4.8", fast: true, isAsLogged: false },
    { provider: "openrouter", name: "claude-opus-4-8-fast", fast: false, isAsLogged: false },
    { provider: "openrouter", name: "claude-opus-4-8", fast: true, isAsLogged: false },
    { provider: "openrouter", name: "anthropic/claude-opus-4.8", fast: false, isAsLogged: false },
    { provider: "anthropic", name: "claude-opus-4.8-fast", fast: false, isAsLogged: false },
    { provider: "anthropic", name: "claude-opus-4.8", fast: true, isAsLogged: false },
    { provider: "anthropic", name: "claude-opus-4-8-fast", fast: false, isAsLogged: false },
    { provider: "anthropic", name: "claude-opus-4-8", fast: true, isAsLogged: false },
  ]);
});
