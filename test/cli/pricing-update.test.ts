import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { respond } from "../helpers/agent.ts";
import { bobaAsync, deadUrl, priceServer, smallCatalogue } from "../helpers/price-server.ts";
import { type Sandbox, sandbox } from "../helpers/sandbox.ts";

const today = () => new Date().toISOString().slice(0, 10);

function newModel(box: Sandbox): void {
  // A million tokens of input at 2 $ a million.
  respond(box, { cwd: box.repo("new"), model: "claude-test-1", input: 1_000_000 });
}

test("fetched prices are used from then on, and stored records only when told so", async () => {
  const box = sandbox();
  newModel(box);
  expect(box.json(["stats"])).toMatchObject({ total_cost_nano_usd: "0", unpriced_requests: 1 });
  const server = await priceServer((_, response) => response.setHeader("etag", '"a"').end(JSON.stringify(smallCatalogue())));
  const update = await bobaAsync(box, ["pricing", "update", "--url", server.url]);
  expect([update.status, update.stderr]).toEqual([0, ""]);
  expect(update.stdout).toContain(`prices are now genai-prices ${today()}: 2 models\n`);
  expect(server.requests[0]?.headers["user-agent"]).toMatch(/^bobamixer\/\d/);
  expect(Object.keys(server.requests[0]?.headers ?? {})).not.toContain("cookie");
  expect(statSync(join(box.bobaHome, "pricing.cache.json")).mode & 0o777).toBe(0o600);
  expect(box.json(["stats"])).toMatchObject({ total_cost_nano_usd: "0", unpriced_requests: 1 });
  expect(box.json(["pricing", "list"]).models[0]).toMatchObject({
    model: "claude-test-1",
    unpriced_records: 1,
    price: { source: `genai-prices ${today()}` },
  });
  box.boba(["pricing", "reprice", "--yes"]);
  expect(box.json(["stats"])).toMatchObject({ total_cost_nano_usd: "2000000000", unpriced_requests: 0 });
  respond(box, { cwd: box.dir, model: "claude-test-1", output: 1_000_000 });
  expect(box.json(["stats"])).toMatchObject({ total_cost_nano_usd: "12000000000", unpriced_requests: 0 });
});

test("offline: one line, nothing made, and a failure only when asked for", async () => {
  const box = sandbox();
  const url = await deadUrl();
  const told = await bobaAsync(box, ["pricing", "update", "--url", url]);
  expect(told).toEqual({
    status: 0,
    stdout: "",
    stderr: "prices were not updated: no connection (ECONNREFUSED); genai-prices 0.1.8 stays in force\n",
  });
  expect(await bobaAsync(box, ["pricing", "update", "--url", url, "--quiet"])).toEqual({ status: 0, stdout: "", stderr: "" });
  const strict = await bobaAsync(box, ["pricing", "update", "--url", url, "--strict"]);
  expect([strict.status, strict.stdout]).toEqual([4, ""]);
  expect(strict.stderr).toContain("[BOBA-NET-1]\n  try again later");
  const json = await bobaAsync(box, ["pricing", "update", "--url", url, "--format", "json"]);
  expect(JSON.parse(json.stdout)).toEqual({
    schema: "boba.pricing-update/1",
    outcome: "kept",
    source: "genai-prices 0.1.8",
    models: 0,
    left_out: 0,
    reason: "no connection (ECONNREFUSED)",
    url,
  });
  expect(existsSync(join(box.bobaHome, "pricing.cache.json"))).toBe(false);
});

test("two at once leave one whole file", async () => {
  const box = sandbox();
  let price = 1;
  const server = await priceServer((_, response) => void response.end(JSON.stringify(smallCatalogue(price++))));
  const runs = await Promise.all([0, 1, 2].map(() => bobaAsync(box, ["pricing", "update", "--url", server.url])));
  expect(runs.map(({ status }) => status)).toEqual([0, 0, 0]);
  const [model] = box.json(["pricing", "list", "claude-test-1"]).models;
  expect([1, 2, 3]).toContain(model.price.tiers[0].usd_per_mtok.input);
});

test("an unsafe address is refused; settings may name the address", async () => {
  const box = sandbox();
  box.boba(["init"]);
  const refused = box.boba(["pricing", "update", "--url", "http://prices.invalid/data.json"], { expect: 2 });
  expect(refused.stderr).toContain("[BOBA-USE-40]");
  const server = await priceServer((_, response) => response.end(JSON.stringify(smallCatalogue())));
  writeFileSync(join(box.bobaHome, "settings.yaml"), `pricing:\n  url: ${server.url}\n`);
  expect((await bobaAsync(box, ["pricing", "update"])).status).toBe(0);
  expect(JSON.parse(readFileSync(join(box.bobaHome, "pricing.cache.json"), "utf8")).url).toBe(server.url);
});

test("a damaged cache is named by the check-up, and mended by the command it names", async () => {
  const box = sandbox();
  box.boba(["init"]);
  const path = join(box.bobaHome, "pricing.cache.json");
  writeFileSync(path, "{");
  newModel(box);
  expect(box.boba(["import"]).status).toBe(0);
  const faults = () =>
    box
      .json(["doctor"], { expect: null })
      .findings.filter(({ check, what }: { check: string; what: string }) => check === "prices" && what.includes("left aside"));
  expect(faults()).toMatchObject([{ level: "warn", what: `${path} is left aside: it is not JSON`, mend: "boba pricing update" }]);
  expect(readFileSync(join(box.bobaHome, "logs", "boba.log"), "utf8")).toContain("price-cache-ignored");
  const server = await priceServer((_, response) => response.end(JSON.stringify(smallCatalogue())));
  await bobaAsync(box, ["pricing", "update", "--url", server.url]);
  expect(faults()).toEqual([]);
});
