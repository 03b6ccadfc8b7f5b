import { waitForUpdate } from "@pydantic/genai-prices";
import { expect, test } from "vitest";
import { isTame, readCatalogue } from "../../src/core/catalogue-data.ts";
import { smallCatalogue } from "../helpers/price-server.ts";

/** The small catalogue with one more model of Anthropic's. */
function withModel(model: unknown): unknown {
  const [anthropic, openai] = smallCatalogue();
  return [{ ...anthropic, models: [...(anthropic?.models ?? []), model] }, openai];
}

const SOUND = { id: "m", match: { equals: "m" }, prices: { input_mtok: 1, output_mtok: 2 } };

test("the whole built-in catalogue passes, but for what has no text price", async () => {
  const providers = (await waitForUpdate()) ?? [];
  const data = readCatalogue(JSON.parse(JSON.stringify(providers)));
  expect(data.leftOut).toBe(0);
  expect(data.models).toBe(providers.reduce((sum, { models }) => sum + models.length, 0));
  expect(data.models).toBeGreaterThan(1000);
});

test("keeps the fields that are used, and no others", () => {
  const data = readCatalogue(
    withModel({
      ...SOUND,
      description: "SENTINEL",
      match: { or: [{ equals: "m", note: "SENTINEL" }, { regex: "^m-\\d{8}$" }] },
      prices: [
        { prices: { input_mtok: { base: 1, tiers: [{ start: 200_000, price: 2, x: 1 }] }, output_mtok: 2, output_audio_mtok: 9 } },
        { constraint: { start_date: "2026-03-13" }, prices: { input_mtok: 1, output_mtok: 2 } },
        { constraint: { start_time: "00:30:00Z", end_time: "16:30:00Z" }, prices: { input_mtok: 3 } },
      ],
    }),
  );
  expect(data).toMatchObject({ models: 3, leftOut: 0 });
  expect(data.providers[0]?.models[1]).toEqual({
    id: "m",
    match: { or: [{ equals: "m" }, { regex: "^m-\\d{8}$" }] },
    prices: [
      { prices: { input_mtok: { base: 1, tiers: [{ start: 200_000, price: 2 }] }, output_mtok: 2 } },
      { constraint: { type: "start_date", start_date: "2026-03-13" }, prices: { input_mtok: 1, output_mtok: 2 } },
      { constraint: { type: "time_of_date", start_time: "00:30:00Z", end_time: "16:30:00Z" }, prices: { input_mtok: 3 } },
    ],
  });
});

test.each([
  ["a negative price", { ...SOUND, prices: { input_mtok: -1 } }],
  ["a price of another kind", { ...SOUND, prices: { input_mtok: "1" } }],
  ["a price beyond reason", { ...SOUND, prices: { input_mtok: 1e9 } }],
  ["a tier below zero", { ...SOUND, prices: { input_mtok: { base: 1, tiers: [{ start: -5, price: 1 }] } } }],
  ["a tier at half a token", { ...SOUND, prices: { input_mtok: { base: 1, tiers: [{ start: 0.5, price: 1 }] } } }],
  ["a cache price without an input price", { ...SOUND, prices: { cache_read_mtok: 1 } }],
  ["a price for an hour without the plain one", { ...SOUND, prices: { input_mtok: 1, cache_write_1h_mtok: 1 } }],
  ["a day that is none", { ...SOUND, prices: [{ constraint: { start_date: "2026-02-30" }, prices: { input_mtok: 1 } }] }],
  ["an hour that is none", { ...SOUND, prices: [{ constraint: { start_time: "25:00:00Z", end_time: "16:00:00Z" }, prices: {} }] }],
  ["a constraint nobody knows", { ...SOUND, prices: [{ constraint: { moon: "full" }, prices: { input_mtok: 1 } }] }],
  ["no periods", { ...SOUND, prices: [] }],
  ["no name", { ...SOUND, id: "" }],
  ["a name with a control character", { ...SOUND, id: "m\u001b[2J" }],
  ["a name without end", { ...SOUND, id: "m".repeat(201) }],
  ["no match", { ...SOUND, match: {} }],
  ["a match of nothing", { ...SOUND, match: { or: [] } }],
  ["an expression that runs away", { ...SOUND, match: { regex: "^(a+)+$" } }],
  ["matches in matches without end", { ...SOUND, match: nested(50) }],
  ["more matches than anyone needs", { ...SOUND, match: { or: Array.from({ length: 500 }, () => ({ equals: "m" })) } }],
  ["nothing", null],
])("%s costs that model its place, not the others", (_, model) => {
  expect(readCatalogue(withModel(model))).toMatchObject({ models: 2, leftOut: 1 });
});

function nested(depth: number): unknown {
  return depth === 0 ? { equals: "m" } : { or: [nested(depth - 1)] };
}

test.each([
  ["an object", {}, "not a list"],
  ["nothing", null, "not a list"],
  ["an empty list", [], "anthropic"],
  ["a list of numbers", [1], "no id"],
  ["no OpenAI", smallCatalogue().slice(0, 1), "openai"],
  ["too many providers", Array.from({ length: 501 }, () => ({ id: "x", models: [] })), "too many"],
])("%s is no catalogue", (_, value, reason) => expect(() => readCatalogue(value)).toThrow(reason));

test("tame expressions end quickly whatever they are given", () => {
  expect(["^claude-\\d{8}$", "^(?!.*-tts(?:$|-))", "a.*b"].map(isTame)).toEqual([true, true, true]);
  expect(["(a+)+", "(a|a)*b", "(x){2,}", "(.)\\1", "(?<n>a)\\k<n>", "a*b*c*", "("].map(isTame)).toEqual(Array(7).fill(false));
});
