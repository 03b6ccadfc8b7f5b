import { waitForUpdate } from "@pydantic/genai-prices";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readPriceCache, writePriceCache } from "../../src/config/price-cache.ts";
import { CATALOGUE_DATE } from "../../src/core/catalogue.ts";
import { readCatalogue } from "../../src/core/catalogue-data.ts";
import { createPricer } from "../../src/core/pricer.ts";
import type { App } from "../../src/flow/app.ts";
import { loadPricer, loadPrices } from "../../src/flow/prices.ts";
import { updatePricing } from "../../src/flow/pricing-update.ts";
import { appAt } from "../helpers/app.ts";
import { deadUrl, priceServer, smallCatalogue } from "../helpers/price-server.ts";

const NOW = Date.UTC(2026, 10, 20, 12);
const NONE = { input: 0, output: 0, reasoning: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, webSearches: 0 };

async function priceOf(app: App, model: string, provider = "anthropic") {
  return (await loadPricer(app))(provider, model, NOW, { ...NONE, input: 1_000_000 }, false);
}

test("what was fetched prices new records, and says from when it is", async () => {
  const app = appAt(NOW);
  expect((await priceOf(app, "claude-test-1")).costNanoUsd).toBeNull();
  const server = await priceServer((_, response) => response.setHeader("etag", '"a"').end(JSON.stringify(smallCatalogue())));
  expect(await updatePricing(app, server.url)).toEqual({
    outcome: "updated",
    url: server.url,
    reason: null,
    models: 2,
    leftOut: 0,
    source: "genai-prices 2026-11-20",
  });
  expect(await priceOf(app, "claude-test-1")).toEqual({ costNanoUsd: 2_000_000_000, source: "genai-prices 2026-11-20", level: "exact" });
  // The whole list is replaced: what it does not name is not known.
  expect((await priceOf(app, "claude-sonnet-4-5")).costNanoUsd).toBeNull();
  expect(statSync(app.paths.pricingCache).mode & 0o777).toBe(0o600);
});

test("asks for what is new only, from the same address only", async () => {
  const app = appAt(NOW);
  const server = await priceServer((request, response) => {
    if (request.headers["if-none-match"] === '"a"') response.writeHead(304).end();
    else response.setHeader("etag", '"a"').end(JSON.stringify(smallCatalogue()));
  });
  await updatePricing(app, server.url);
  const later: App = { ...app, now: () => NOW + 86_400_000 };
  expect(await updatePricing(later, server.url)).toMatchObject({ outcome: "unchanged", models: 2, source: "genai-prices 2026-11-20" });
  expect(readPriceCache(app.paths).cache).toMatchObject({ fetchedMs: NOW, checkedMs: NOW + 86_400_000 });
  await updatePricing(later, `${server.url}?other`);
  expect(server.requests.map(({ headers }) => headers["if-none-match"])).toEqual([undefined, '"a"', undefined]);
});

test.each([
  ["text", "<html>SENTINEL</html>", "not JSON"],
  ["an empty list", "[]", "not a price catalogue: it lists no model of anthropic"],
  ["an error object", '{"error":"SENTINEL"}', "not a list of providers"],
  ["half a list", JSON.stringify(smallCatalogue()).slice(0, -20), "not JSON"],
])("%s changes nothing", async (_, body, reason) => {
  const app = appAt(NOW);
  const good = await priceServer((_request, response) => response.end(JSON.stringify(smallCatalogue())));
  await updatePricing(app, good.url);
  const before = readFileSync(app.paths.pricingCache, "utf8");
  const bad = await priceServer((_request, response) => response.end(body));
  const told = await updatePricing(app, bad.url);
  expect(told).toMatchObject({ outcome: "kept", source: "genai-prices 2026-11-20" });
  expect(told.reason).toContain(reason);
  expect(told.reason).not.toContain("SENTINEL");
  expect(readFileSync(app.paths.pricingCache, "utf8")).toBe(before);
});

test("without a connection the built-in list stays, and no file is made", async () => {
  const app = appAt(NOW);
  expect(await updatePricing(app, await deadUrl())).toMatchObject({ outcome: "kept", reason: "no connection (ECONNREFUSED)" });
  expect(existsSync(app.paths.pricingCache)).toBe(false);
  expect((await priceOf(app, "claude-sonnet-4-5")).costNanoUsd).toBe(6_000_000_000);
});

test("an address that is not safe is refused before anything is sent", async () => {
  for (const url of ["http://prices.invalid/data.json", "file:///etc/passwd", "https://me:key@prices.invalid/"])
    await expect(updatePricing(appAt(NOW), url)).rejects.toMatchObject({ code: "BOBA-USE-40", exit: 2 });
});

test("settings name the address", async () => {
  const app = appAt(NOW);
  const server = await priceServer((_, response) => response.end(JSON.stringify(smallCatalogue())));
  writePriceCache(app.paths, cacheOf(smallCatalogue(), NOW));
  writeFileSync(app.paths.settings, `pricing:\n  url: "${server.url}"\n`);
  expect(await updatePricing(app, undefined)).toMatchObject({ outcome: "updated", url: server.url });
});

function cacheOf(providers: unknown, fetchedMs: number) {
  return { url: "https://prices.invalid/", etag: null, fetchedMs, checkedMs: fetchedMs, data: readCatalogue(providers) };
}

test("a fetched list that is older than the built-in one is not used", async () => {
  const app = appAt(NOW);
  writePriceCache(app.paths, cacheOf(smallCatalogue(), Date.parse(CATALOGUE_DATE)));
  expect((await loadPrices(app)).catalogue.source).toBe("genai-prices 0.1.8");
  writePriceCache(app.paths, cacheOf(smallCatalogue(), Date.parse(CATALOGUE_DATE) + 86_400_000));
  expect((await loadPrices(app)).catalogue.source).toBe("genai-prices 2026-09-24");
});

test.each([
  ["a price that was edited", (text: string) => text.replace('"input_mtok":2', '"input_mtok":3'), "checksum"],
  ["a file cut short", (text: string) => text.slice(0, 200), "not JSON"],
  ["another file", () => '{"a":1}', "not written by"],
  ["an empty file", () => "", "not JSON"],
  ["no time", (text: string) => text.replace(/"fetched_at":"[^"]*"/, '"fetched_at":"x"'), "when it was fetched"],
  ["noise", () => "\u0000".repeat(1000), "not JSON"],
  ["far too much", () => " ".repeat(17 * 1024 * 1024), "too large"],
])("%s is left aside, told in the log, and prices come from the built-in list", async (_, spoil, reason) => {
  const told: unknown[] = [];
  const app: App = { ...appAt(NOW), log: { write: (level, event, fields) => void told.push([level, event, fields?.["reason"]]) } };
  writePriceCache(app.paths, cacheOf(smallCatalogue(), NOW));
  writeFileSync(app.paths.pricingCache, spoil(readFileSync(app.paths.pricingCache, "utf8")));
  expect(await priceOf(app, "claude-sonnet-4-5")).toMatchObject({ costNanoUsd: 6_000_000_000, source: "genai-prices 0.1.8" });
  expect(told).toEqual([["warn", "price-cache-ignored", expect.stringContaining(reason)]]);
});

test("a list with a right checksum is still read field by field", async () => {
  const app = appAt(NOW);
  const cache = cacheOf(smallCatalogue(), NOW);
  cache.data.providers[0]?.models.push({ id: "claude-evil", match: { regex: "^(a+)+$" }, prices: { input_mtok: 1 } });
  writePriceCache(app.paths, cache);
  expect(readPriceCache(app.paths).cache?.data).toMatchObject({ models: 2, leftOut: 1 });
  expect((await priceOf(app, `${"a".repeat(60)}!`)).costNanoUsd).toBeNull();
  writePriceCache(app.paths, { ...cacheOf(smallCatalogue(), NOW), data: { providers: [], models: 0, leftOut: 0 } });
  expect(readPriceCache(app.paths)).toEqual({ cache: null, damage: "it lists no model of anthropic" });
});

test("what is no file is left aside", () => {
  const app = appAt(NOW);
  mkdirSync(app.paths.pricingCache, { recursive: true });
  expect(readPriceCache(app.paths).damage).toBe("it cannot be read (EISDIR)");
});

test("the built-in list, fetched, gives the same prices as the built-in list", async () => {
  const app = appAt(NOW);
  const providers = (await waitForUpdate()) ?? [];
  const builtIn = await loadPrices(app);
  writePriceCache(app.paths, cacheOf(JSON.parse(JSON.stringify(providers)), NOW));
  const fetched = await loadPrices(app);
  expect(fetched.catalogue.source).toBe("genai-prices 2026-11-20");
  const [before, after] = [createPricer([], builtIn.catalogue), createPricer([], fetched.catalogue)];
  const counters = { ...NONE, input: 150_001, output: 7, cacheRead: 150_000, cacheWrite5m: 3, cacheWrite1h: 2 };
  let priced = 0;
  for (const { id, models } of providers) {
    // A sample of the longest lists: looking up all of them takes seconds.
    for (const model of models.slice(0, 30)) {
      const [old, now] = [before(id, model.id, NOW, counters, false), after(id, model.id, NOW, counters, false)];
      expect([id, model.id, now.costNanoUsd, now.level]).toEqual([id, model.id, old.costNanoUsd, old.level]);
      if (now.costNanoUsd !== null) priced++;
    }
  }
  expect(priced).toBeGreaterThan(300);
});
