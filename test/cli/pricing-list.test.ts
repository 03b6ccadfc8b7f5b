import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { expect, test } from "vitest";
import { ledgerAt } from "../helpers/ledger.ts";
import { respond } from "../helpers/agent.ts";
import { sandbox } from "../helpers/sandbox.ts";

const rows = (text: string): string[][] => text.split("\n").map((line) => line.trim().split(/ {2,}/));

test("the models in use come first, most records first, with every tier", () => {
  const box = sandbox();
  const at = box.repo();
  respond(box, { cwd: at, output: 1, model: "claude-opus-4-8" });
  respond(box, { cwd: at, output: 1 });
  respond(box, { cwd: at, output: 1 });
  respond(box, { cwd: at, output: 1, model: "made-up-7" });
  box.boba(["import"]);
  const { stdout } = box.boba(["pricing", "list"]);
  expect(rows(stdout)).toEqual(
    expect.arrayContaining([
      ["model", "provider", "records", "input", "output", "cache read", "write 5m", "write 1h", "fast", "price of"],
      ["claude-sonnet-4-5-20250929", "anthropic", "2", "3.00", "15.00", "0.30", "3.75", "6.00", "anthropic claude-sonnet-4-5"],
      ["> 200,000 tokens", "6.00", "22.50", "0.60", "7.50", "12.00"],
      ["claude-opus-4-8", "anthropic", "1", "5.00", "25.00", "0.50", "6.25", "10.00", "x2", "anthropic claude-opus-4-8"],
      ["made-up-7", "anthropic", "1", "n/a", "n/a", "n/a", "n/a", "n/a", "nobody known"],
    ]),
  );
  const order = ["claude-sonnet-4-5", "claude-opus-4-8", "made-up-7"].map((model) => stdout.indexOf(`\n${model}`));
  expect(order).toEqual([...order].sort((a, b) => a - b));
  expect(stdout).toContain(`add the model under models: in ${join(box.bobaHome, "pricing.yaml")}`);
  expect(box.boba(["pricing"]).stdout).toBe(stdout);
  for (const { columns, widest } of [{ columns: "60", widest: 60 }])
    for (const line of box.boba(["pricing", "list"], { env: { COLUMNS: columns } }).stdout.split("\n"))
      expect([...line].length).toBeLessThanOrEqual(line.includes(box.dir) ? 400 : widest);
});

test("one model, under any of its names, in dollars a program can read", () => {
  const box = sandbox();
  expect(box.json(["pricing", "list", "anthropic/claude-opus-4.6"])).toMatchObject({
    schema: "boba.pricing/1",
    source: "genai-prices 0.1.8",
    models: [
      {
        model: "anthropic/claude-opus-4.6",
        provider: "anthropic",
        records: 0,
        unpriced_records: 0,
        cost_nano_usd: "0",
        price: {
          source: "genai-prices 0.1.8",
          provider: "anthropic",
          listed_as: "claude-opus-4-6",
          level: "mapped",
          since: "2026-03-13",
          fast_multiplier: 6,
          tiers: [
            {
              above_prompt_tokens: 0,
              usd_per_mtok: { input: 5, output: 25, cache_read: 0.5, cache_write_5m: 6.25, cache_write_1h: 10 },
              usd_per_thousand_searches: 10,
              derived: [],
            },
          ],
        },
      },
    ],
  });
  const [gpt] = box.json(["pricing", "list", "gpt-5.5"]).models;
  expect(gpt.price.tiers[1]).toMatchObject({ above_prompt_tokens: 272_000, usd_per_mtok: { input: 10, output: 45, cache_read: 1 } });
  expect(gpt.price.tiers[1].derived).toEqual(["cache_write_5m", "cache_write_1h"]);
  // Looking does not make a ledger.
  expect(existsSync(box.db)).toBe(false);
});

test("a part of a name finds who lists it; an unknown one says what to type", () => {
  const box = sandbox();
  const found = box
    .json(["pricing", "list", "opus-4-8"])
    .models.map(({ provider, model }: { provider: string; model: string }) => `${provider} ${model}`);
  expect(found).toEqual(expect.arrayContaining(["anthropic claude-opus-4-8", "aws global.anthropic.claude-opus-4-8-v1:0"]));
  const { stderr, stdout } = box.boba(["pricing", "list", "no-such\u001b[2Jmodel"], { expect: 1 });
  expect(stdout).toBe("");
  expect(stderr).toContain("costs [BOBA-USE-41]");
  expect(stderr).toContain("boba pricing update");
  expect(stderr).not.toContain("\u001b");
});

test("all of them, the user's own before the catalogue's", () => {
  const box = sandbox();
  box.boba(["init"]);
  writeFileSync(
    join(box.bobaHome, "pricing.yaml"),
    "models:\n  claude-opus-4-8: { input_per_mtok: 4, output_per_mtok: 20 }\n  mine-*: [{ from: 2026-07-01, input_per_mtok: 0.8, output_per_mtok: 1 }]\n",
  );
  const { models } = box.json(["pricing", "list", "--all"]);
  expect(models.length).toBeGreaterThan(1000);
  const ofMine = models.find(({ model }: { model: string }) => model === "mine-*");
  expect(ofMine.price).toMatchObject({ source: "pricing.yaml", provider: null, listed_as: "mine-*", since: "2026-07-01" });
  const opus = models.find(({ model }: { model: string }) => model === "claude-opus-4-8");
  expect(opus.price.tiers[0]).toEqual({
    above_prompt_tokens: 0,
    usd_per_mtok: { input: 4, output: 20, cache_read: 0.4, cache_write_5m: 5, cache_write_1h: 8 },
    usd_per_thousand_searches: 10,
    derived: ["cache_read", "cache_write_5m", "cache_write_1h"],
  });
  expect(box.boba(["pricing", "list", "claude-opus-4-8"]).stdout).toContain("~0.40");
});

test("what an agent reported stands beside what boba booked for the same records", () => {
  const box = sandbox();
  const ledger = ledgerAt(box.db);
  ledger.record({ model: "claude-opus-4-8", output: 10, costNanoUsd: 250_000_000 });
  ledger.record({ model: "claude-opus-4-8", output: 10, costNanoUsd: 250_000_000 });
  ledger.record({ model: "claude-opus-4-8", output: 10, costNanoUsd: 250_000_000 });
  ledger.close();
  const db = new Database(box.db);
  db.exec("UPDATE usage_records SET reported_nanousd = 300000000 WHERE seq <= 2");
  db.close();
  expect(box.json(["pricing", "list"]).models[0]).toMatchObject({
    records: 3,
    cost_nano_usd: "750000000",
    reported: { records: 2, nano_usd: "600000000", booked_nano_usd: "500000000" },
  });
  expect(box.boba(["pricing", "list"]).stdout).toContain(
    "claude-opus-4-8: its agent reported $0.60 for 2 records; boba booked $0.50 for them.",
  );
});

test("hostile names reach the terminal as harmless text", () => {
  const box = sandbox();
  const ledger = ledgerAt(box.db);
  ledger.record({ model: "evil\u001b[31m\nmodel\u202e" });
  ledger.close();
  const { stdout } = box.boba(["pricing", "list"]);
  expect(stdout).toMatch(/^evil/m);
  expect([...stdout].filter((letter) => (letter < " " && letter !== "\n") || letter === "\u202e")).toEqual([]);
});
