import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { expect, test } from "vitest";
import { writePriceCache } from "../../src/config/price-cache.ts";
import { CATALOGUE_DATE } from "../../src/core/catalogue.ts";
import { readCatalogue } from "../../src/core/catalogue-data.ts";
import type { App } from "../../src/flow/app.ts";
import { checkUp } from "../../src/flow/doctor.ts";
import { appAt } from "../helpers/app.ts";
import { type Ledger, ledgerAt } from "../helpers/ledger.ts";
import { smallCatalogue } from "../helpers/price-server.ts";
import { sandbox } from "../helpers/sandbox.ts";

const DAY = 86_400_000;
const NOW = Date.parse(CATALOGUE_DATE) + 30 * DAY;

function appWith(fill: (ledger: Ledger) => void, pricing?: string): App {
  const app = appAt(NOW);
  const ledger = ledgerAt(app.paths.db);
  fill(ledger);
  ledger.close();
  mkdirSync(dirname(app.paths.pricing), { recursive: true });
  if (pricing !== undefined) writeFileSync(app.paths.pricing, pricing);
  return app;
}

const told = async (app: App) => (await checkUp(app, { only: "pricing" })).map(({ level, what }) => `${level}: ${what}`);

test("all is well with known models and a fresh list", async () => {
  const app = appWith((ledger) => ledger.record({ output: 1, costNanoUsd: 15_000 }));
  expect(await told(app)).toEqual([`ok: genai-prices 0.1.8, as of ${CATALOGUE_DATE}`]);
});

test("names models without a price, how many records, and what to add", async () => {
  const app = appWith((ledger) => {
    for (let n = 0; n < 3; n++) ledger.record({ model: "made-up-7", costNanoUsd: null });
    ledger.record({ model: "made-up-8", costNanoUsd: null });
    ledger.record({ model: "claude-opus-4-8", costNanoUsd: null });
  });
  const found = (await checkUp(app, { only: "pricing" })).filter(({ level }) => level === "warn");
  expect(found.map(({ what }) => what)).toEqual([
    "3 records of made-up-7 (anthropic) have no price",
    "1 record of claude-opus-4-8 (anthropic) has no price",
    "1 record of made-up-8 (anthropic) has no price",
  ]);
  expect(found[0]?.mend).toContain(`else add the model to ${app.paths.pricing}`);
  expect(found[0]?.details).toEqual(["models:", '  "made-up-7":', "    input_per_mtok: 1.00", "    output_per_mtok: 2.00"]);
  expect(found[1]?.mend).toContain("boba pricing reprice");
});

test("what it says to add is right: typed into the file, the model has a price", async () => {
  const app = appWith((ledger) => ledger.record({ model: "a: [b] #c", costNanoUsd: null }));
  const [finding] = (await checkUp(app, { only: "pricing" })).filter(({ level }) => level === "warn");
  writeFileSync(app.paths.pricing, finding?.details.join("\n") ?? "");
  expect((await checkUp(app, { only: "pricing" })).find(({ level }) => level === "warn")?.why).toContain("a price is known now");
});

test("says which prices are another's and which are estimates, without calling it a fault", async () => {
  const app = appWith((ledger) => {
    ledger.record({ model: "claude-opus-4.5", costNanoUsd: 1 });
    ledger.record({ model: "claude-opus-4.5", costNanoUsd: 1 });
    ledger.db.exec("UPDATE usage_records SET estimate_level = iif(seq = 1, 'mapped', 'heuristic')");
  });
  expect((await told(app)).slice(1)).toEqual([
    "ok: 1 record of claude-opus-4.5 (anthropic) by the price of anthropic claude-opus-4-5",
    "ok: 1 record of claude-opus-4.5 (anthropic) estimated: a rate was derived, or the log does not tell all",
  ]);
});

test("a list is stale after 90 days, unless a newer one was fetched or found to be current", async () => {
  const later = (days: number): App => ({ ...app, now: () => Date.parse(CATALOGUE_DATE) + days * DAY });
  const app = appWith(() => undefined);
  expect((await told(later(90)))[0]).toMatch(/^ok/);
  expect((await told(later(91)))[0]).toBe("warn: the price list (genai-prices 0.1.8) is 91 days old");
  const fetchedMs = Date.parse(CATALOGUE_DATE) + 2 * DAY;
  const cache = {
    url: "https://x.invalid/",
    etag: null,
    fetchedMs,
    checkedMs: fetchedMs + 60 * DAY,
    data: readCatalogue(smallCatalogue()),
  };
  writePriceCache(app.paths, cache);
  expect((await told(later(152)))[0]).toBe("ok: genai-prices 2026-09-25, as of 2026-11-24");
  expect((await told(later(153)))[0]).toBe("warn: the price list (genai-prices 2026-09-25) is 91 days old");
});

test("names entries of pricing.yaml that fit no model, and faults in it are errors", async () => {
  const entries =
    "models:\n  claude-sonet*: { input_per_mtok: 1, output_per_mtok: 1 }\n  claude-sonnet-4-5: { input_per_mtok: 1, output_per_mtok: 1 }\n";
  const app = appWith((ledger) => ledger.record({ costNanoUsd: 0 }), entries);
  expect((await told(app)).slice(1)).toEqual(['warn: "claude-sonet*" in pricing.yaml fits no model of any record']);
  writeFileSync(app.paths.pricing, "models:\n  a: { input_per_mtok: -1, output_per_mtok: 1 }\n");
  const [fault] = await checkUp(app, { only: "pricing" });
  expect([fault?.level, fault?.what]).toEqual(["error", `${app.paths.pricing}:2:8: models.a.input_per_mtok: a price is 0 or more`]);
});

test("the command exits with 1 for errors alone", () => {
  const box = sandbox();
  const ledger = ledgerAt(box.db);
  ledger.record({ model: "made-up-7", costNanoUsd: null });
  ledger.close();
  expect(box.boba(["doctor", "--pricing"]).stdout).toContain("1 record of made-up-7 (anthropic) has no price");
  writeFileSync(`${box.bobaHome}/pricing.yaml`, "models: [\n");
  box.boba(["doctor", "--pricing"], { expect: 1 });
});
