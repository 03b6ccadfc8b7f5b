/** The open format: in by `boba import --file`, out by `boba export`. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { query } from "../flow/stored.ts";
import { SENTINEL } from "../helpers/agent.ts";
import { type Sandbox, sandbox } from "../helpers/sandbox.ts";
import { commit } from "../helpers/work.ts";

/** gpt-5 at list price: 1.25 $ a million tokens in, 10 $ out, 0.125 $ read from a cache. */
const line = (more: Record<string, unknown>) =>
  JSON.stringify({
    id: "r1",
    tool: "my-agent",
    model: "gpt-5",
    time: "2026-05-01T10:00:00Z",
    input_tokens: 1000,
    output_tokens: 200,
    ...more,
  });

function importing(box: Sandbox, lines: readonly string[], expected = 0) {
  const file = join(box.dir, "usage.jsonl");
  writeFileSync(file, `${lines.join("\n")}\n`);
  return JSON.parse(box.boba(["import", "--file", file, "--format", "json"], { expect: expected }).stdout);
}

test("records of any tool are priced, placed and stored once, from a file or from standard input", () => {
  const box = sandbox();
  const lines = [
    line({ cache_read_tokens: 8000, session: "s", content: SENTINEL }),
    line({ id: "r2", reported_usd: 0.5, model: "house-model" }),
  ];
  expect(importing(box, lines)).toMatchObject({ new_records: 2, skipped_lines: 0 });
  const again = box.boba(["import", "--file", "-", "--format", "json"], { input: lines.join("\n") });
  expect(JSON.parse(again.stdout)).toMatchObject({ new_records: 0, updated_records: 0 });
  expect(
    query(
      box,
      "SELECT tool, provider, session_id AS session, cost_nanousd AS cost, reported_nanousd AS reported, price_source AS source, estimate_level AS level FROM usage_records ORDER BY seq",
    ),
  ).toEqual([
    // 1,000 x 1.25 + 200 x 10 + 8,000 x 0.125 = 4,250 millionths of a dollar.
    {
      tool: "my-agent",
      provider: "openai",
      session: "s",
      cost: 4_250_000,
      reported: null,
      source: expect.stringMatching(/^genai-prices /),
      level: "exact",
    },
    {
      tool: "my-agent",
      provider: "my-agent",
      session: "r2",
      cost: 500_000_000,
      reported: 500_000_000,
      source: "reported",
      level: "heuristic",
    },
  ]);
  expect(readFileSync(box.db).includes(SENTINEL)).toBe(false);
});

test("bad lines are named with their number and reason; the good ones are stored, and the exit status is 1", () => {
  const box = sandbox();
  const bad = [
    "no JSON",
    "[1]",
    line({ tool: "My Agent" }),
    line({ id: "" }),
    line({ id: "boba:123" }),
    line({ model: 7 }),
    line({ time: "yesterday" }),
    line({ input_tokens: -1 }),
    line({ output_tokens: 1.5 }),
    line({ reasoning_tokens: 201 }),
    line({ reported_usd: "1" }),
    "x".repeat(1_100_000),
  ];
  const result = importing(box, ["", ...bad, line({})], 1);
  expect(result).toMatchObject({ new_records: 1, skipped_lines: bad.length });
  expect(result.skipped.map((skipped: { line: number }) => skipped.line)).toEqual(bad.map((_, at) => at + 2));
  expect(JSON.stringify(result.skipped)).not.toContain("yesterday");
  expect(result.skipped.map(({ reason }: { reason: string }) => reason.split(":")[0])).toEqual([
    "not a JSON object",
    "not a JSON object",
    "tool",
    "id",
    "id",
    "model",
    "time",
    "input_tokens",
    "output_tokens",
    "reasoning_tokens",
    "reported_usd",
    "longer than 1048576 characters",
  ]);
});

test("an import is booked to the commits that were made since", () => {
  const box = sandbox();
  const repo = box.repo();
  const at = new Date(Date.now() - 5000).toISOString();
  const sha = commit(box, repo, "a.txt");
  importing(box, [line({ id: "edit", time: at, cwd: repo, files: ["a.txt"] }), line({ id: "talk", time: at, cwd: box.dir })]);
  expect(query(box, "SELECT commit_sha AS sha, branch FROM usage_records ORDER BY seq")).toEqual([
    { sha, branch: "main" },
    { sha: null, branch: null },
  ]);
});

test("what is exported comes back as the same records, here and on another machine", () => {
  const [box, other] = [sandbox(), sandbox()];
  const repo = box.repo();
  importing(box, [
    line({ cwd: repo, branch: "topic", commit: "abcdef0", fast: true, cache_write_1h_tokens: 7, web_searches: 2, reported_usd: 0.25 }),
    line({ id: "r2", model: "nobody-knows", approximate: true, time: "2026-05-02T10:00:00.250Z" }),
  ]);
  const file = join(box.dir, "out.jsonl");
  // Where git can answer, its branch goes out, not the one that was claimed.
  box.boba(["export", "--output", file]);
  expect(JSON.parse(box.boba(["import", "--file", file, "--format", "json"]).stdout)).toMatchObject({ new_records: 0, updated_records: 0 });
  expect(JSON.parse(readFileSync(file, "utf8").split("\n")[0] as string)).toMatchObject({
    branch: "main",
    cwd: repo,
    list_nano_usd: expect.any(String),
  });
  other.boba(["import", "--file", file]);
  const columns = `id, ts_ms, session_id, tool, provider, model, input_tokens, output_tokens, cache_write_1h_tokens, web_searches, fast, cost_nanousd,
    reported_nanousd`;
  const rows = query(box, `SELECT ${columns} FROM usage_records ORDER BY id`);
  expect(rows).toHaveLength(2);
  expect(query(other, `SELECT ${columns} FROM usage_records ORDER BY id`)).toEqual(rows);
});

test("an export takes the records that were asked for, as lines or as a table that no spreadsheet obeys", () => {
  const box = sandbox();
  importing(box, [line({ session: "=1+1" }), line({ id: "r2", time: "2026-05-03T00:00:00Z" })]);
  const rows = box.boba(["export", "--format", "csv", "--until", "2026-05-01"], { env: { TZ: "UTC" } }).stdout.split("\r\n");
  expect(rows).toHaveLength(3);
  const [names, values] = rows.slice(0, 2).map((row) => row.split(",")) as [string[], string[]];
  const cell = (name: string) => values[names.indexOf(name)];
  expect([cell("session"), cell("time"), cell("list_nano_usd"), cell("fast")]).toEqual([
    "'=1+1",
    "2026-05-01T10:00:00.000Z",
    "3250000",
    "false",
  ]);
  expect(box.boba(["export", "--since", "2027-01-01", "--format", "csv"]).stdout.split("\r\n")).toEqual([names.join(","), ""]);
});

test("what cannot be read or written says so, and leaves nothing half done", () => {
  const box = sandbox();
  expect(box.boba(["import", "--file", "missing.jsonl"], { expect: 2 }).stderr).toContain(
    "missing.jsonl cannot be read (ENOENT) [BOBA-FS-2]",
  );
  expect(box.boba(["import", "--file", "-", "--source", "claude-code"], { expect: 2 }).stderr).toContain("exclude each other");
  expect(box.boba(["export", "-o", join(box.dir, "no", "such", "file")], { expect: 1 }).stderr).toContain(
    "cannot be written (ENOENT) [BOBA-FS-3]",
  );
});

test("FOCUS: a charge for each hour and kind of token, the list price in ListCost, nothing claimed to be billed", () => {
  const box = sandbox();
  // 1,000 x 1.25 + 200 x 10 millionths of a dollar, twice within the hour; and a model that nobody lists.
  importing(box, [
    line({ session: "s" }),
    line({ id: "r2", session: "s", time: "2026-05-01T10:59:59Z" }),
    line({ id: "r3", model: "nobody-knows", output_tokens: 0 }),
  ]);
  const { stdout, stderr } = box.boba(["export", "--format", "focus-1.2"]);
  const [names, ...rows] = stdout
    .trimEnd()
    .split("\r\n")
    .map((row) => row.split(","));
  const wanted = [
    "ChargePeriodStart",
    "ChargePeriodEnd",
    "BillingPeriodEnd",
    "SkuId",
    "SkuMeter",
    "ConsumedQuantity",
    "PricingQuantity",
    "ListCost",
    "BilledCost",
  ];
  const cells = rows.map((row) => wanted.map((name) => row[(names as string[]).indexOf(name)]));
  const hour = ["2026-05-01T10:00:00Z", "2026-05-01T11:00:00Z", "2026-06-01T00:00:00Z"];
  expect(cells).toEqual([
    [...hour, "gpt-5", "Input tokens", "2000", "0.002", "0.0025", "0"],
    [...hour, "gpt-5", "Output tokens", "400", "0.0004", "0.004", "0"],
    [...hour, "nobody-knows", "Input tokens", "1000", "0.001", "", "0"],
  ]);
  expect(stderr).toContain("1 charges have no known price");
  const mandatory =
    `BilledCost BillingAccountId BillingAccountName BillingCurrency BillingPeriodStart BillingPeriodEnd ChargeCategory ChargeClass ChargeDescription
    ChargePeriodStart ChargePeriodEnd ContractedCost EffectiveCost InvoiceIssuerName ListCost PricingQuantity PricingUnit ProviderName PublisherName ServiceCategory
    ServiceName`.split(/\s+/);
  expect(mandatory.filter((name) => !(names as string[]).includes(name))).toEqual([]);
});
