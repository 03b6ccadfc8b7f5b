import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadPricing } from "../../src/config/pricing.ts";
import { resolvePaths } from "../../src/platform/paths.ts";
import { PROJECT, sandbox } from "../helpers/sandbox.ts";

const TEMPLATE = readFileSync(join(PROJECT, "templates", "config", "pricing.yaml"), "utf8");

function pricing(text: string) {
  const box = sandbox();
  const paths = resolvePaths(box.env);
  mkdirSync(box.bobaHome);
  writeFileSync(paths.pricing, text);
  return { load: () => loadPricing(paths), path: paths.pricing };
}

test("the template names nothing; uncommented it names three prices", async () => {
  expect(await pricing(TEMPLATE).load()).toEqual([]);
  const text = TEMPLATE.slice(TEMPLATE.indexOf("# models:")).replace(/^# ?/gm, "");
  expect(await pricing(text).load()).toEqual([
    {
      model: "claude-sonnet-4-5-20250929",
      isPrefix: false,
      fromMs: 0,
      inputPerMtok: 3,
      outputPerMtok: 15,
      cacheReadPerMtok: 0.3,
      cacheWrite5mPerMtok: 3.75,
      cacheWrite1hPerMtok: 6,
    },
    { model: "my-company-", isPrefix: true, fromMs: 0, inputPerMtok: 1, outputPerMtok: 2 },
    { model: "my-company-", isPrefix: true, fromMs: Date.UTC(2026, 6, 1), inputPerMtok: 0.8, outputPerMtok: 1.6 },
  ]);
});

test("the older prices per thousand tokens are understood", async () => {
  const { load } = pricing("models:\n  m: { input_per_1k: 0.003, output_per_1k: 0.015 }\n");
  expect(await load()).toMatchObject([{ model: "m", inputPerMtok: 3, outputPerMtok: 15 }]);
});

test.each([
  ["models:\n  m:\n    input_per_mtok: cheap\n    output_per_mtok: 1\n", "3:5: models.m.input_per_mtok: expected a price in US dollars"],
  ["models:\n  m:\n    input_per_mtok: -1\n    output_per_mtok: 1\n", "3:5: models.m.input_per_mtok: a price is 0 or more"],
  ["models:\n  m:\n    output_per_mtok: 1\n", "2:3: models.m: expected input_per_mtok"],
  ["models:\n  m:\n    input_per_mtok: 1\n    output_per_mtok: 1\n    from: soon\n", "5:5: models.m.from: expected a date"],
  ["models:\n  m:\n    - input_per_mtok: 1\n      output_per_mtok: x\n", "4:7: models.m.0.output_per_mtok: expected a price in US dollars"],
])("a fault names its line, column and what was expected: %j", async (text, message) => {
  const { load, path } = pricing(text);
  await expect(load()).rejects.toMatchObject({ code: "BOBA-CFG-4", exit: 2, message: expect.stringContaining(`${path}:${message}`) });
});
