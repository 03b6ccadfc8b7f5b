/** `boba export --otlp` against a real HTTP server: what it has been told adds up to the ledger, whatever fails in between. */
import { expect, test } from "vitest";
import { respond, SENTINEL } from "../helpers/agent.ts";
import { collector } from "../helpers/collector.ts";
import { ledgerAt, type RecordRow } from "../helpers/ledger.ts";
import { bobaAsync, deadUrl } from "../helpers/price-server.ts";
import { type Sandbox, sandbox } from "../helpers/sandbox.ts";

const COST = "boba.cost.usage";
const INPUT = "gen_ai.client.inference.usage.input_tokens";
const OUTPUT = "gen_ai.client.inference.usage.output_tokens";

function add(box: Sandbox, ...rows: RecordRow[]): void {
  const ledger = ledgerAt(box.db);
  for (const row of rows) ledger.record(row);
  ledger.close();
}
const sql = (box: Sandbox, text: string) => {
  const ledger = ledgerAt(box.db);
  ledger.db.exec(text);
  ledger.close();
};
const send = (box: Sandbox, url: string, ...more: string[]) => bobaAsync(box, ["export", "--otlp", url, "--no-import", ...more]);
const ledgerNano = (box: Sandbox) => Number(box.json(["stats", "--no-import"]).total_cost_nano_usd);

test("sums by model and repository under the conventions' names; each run sends what is new, to the nano-dollar", async () => {
  const [box, server] = [sandbox(), await collector()];
  const ledger = ledgerAt(box.db);
  const [one, two] = [ledger.repo("github.com/acme/shop", "/a"), ledger.repo("github.com/acme/shop", "/b")];
  ledger.db.exec("UPDATE repos SET remote = 'github.com/acme/shop'");
  const row = { input: 1, output: 20, cacheRead: 300, write5m: 4000, write1h: 50_000, model: "opus" };
  ledger.record({ ...row, ts: 1_790_000_000, repo: one, branch: "feat/secret", commit: "c".repeat(40), costNanoUsd: 123_456_789 });
  ledger.record({ ...row, ts: 1_790_000_001, repo: two, costNanoUsd: 1 });
  ledger.record({ ts: 1_790_000_002, model: "odd", costNanoUsd: null, output: 5 });
  ledger.close();
  const first = await send(box, server.url);
  expect(first).toEqual({ status: 0, stderr: "", stdout: `sent 3 requests, $0.12, as 9 data points to ${server.url}/v1/metrics\n` });
  expect(server.posts.map(({ path, headers }) => [path, headers["content-type"]])).toEqual([["POST /v1/metrics", "application/json"]]);
  const attributes = {
    "gen_ai.request.model": "opus",
    "gen_ai.provider.name": "anthropic",
    "boba.tool": "claude-code",
    "vcs.repository.name": "shop",
    "vcs.repository.url.full": "https://github.com/acme/shop",
    "vcs.owner.name": "acme",
    "vcs.provider.name": "github",
  };
  const cost = server.points(0).filter(([name]) => name === COST);
  // Two clones of one repository are one series.
  expect(cost.map(([, found]) => found)).toEqual([attributes]);
  expect(cost[0]?.[2]).toMatchObject({ asDouble: 0.12345679, startTimeUnixNano: "1790000000000000000" });
  expect([INPUT, OUTPUT, "boba.requests", "boba.requests.unpriced"].map((name) => server.total(name))).toEqual([108_602, 45, 3, 1]);
  expect(server.total("gen_ai.client.inference.usage.cache_read.input_tokens", { "gen_ai.operation.name": "chat" })).toBe(600);
  expect(server.total("gen_ai.client.inference.usage.cache_write.input_tokens", { "gen_ai.token.modality": "text" })).toBe(108_000);
  const metric = JSON.parse(server.posts[0]?.text as string).resourceMetrics[0].scopeMetrics[0].metrics[0];
  expect([metric.name, metric.unit, metric.sum.aggregationTemporality, metric.sum.isMonotonic]).toEqual([COST, "USD", 1, true]);
  expect(server.posts[0]?.text).not.toMatch(/feat|cccc|session-1/);

  expect((await send(box, server.url)).stdout).toBe(`nothing new for ${server.url}/v1/metrics\n`);
  expect(server.posts).toHaveLength(1);

  // A response whose line grew after it was told, one more, and one of a day long ago.
  sql(box, "UPDATE usage_records SET output_tokens = 30, cost_nanousd = 200000000 WHERE seq = 1");
  add(box, { model: "opus", output: 7, costNanoUsd: 3 }, { ts: 1_700_000_000, output: 1, costNanoUsd: 11 });
  await send(box, `${server.url}/v1/metrics`);
  expect([server.total(COST), server.total(OUTPUT), server.total("boba.requests")]).toEqual([200_000_015, 63, 5]);
  expect(server.total(COST)).toBe(ledgerNano(box));
  // The second interval begins where the first one ended.
  const [before, after] = [0, 1].map((at) => server.points(at)[0]?.[2]);
  expect(after.startTimeUnixNano).toBe(before.timeUnixNano);
  expect(BigInt(after.timeUnixNano) > BigInt(after.startTimeUnixNano)).toBe(true);
});

test("what agents wrote goes out as counts alone", async () => {
  const [box, server] = [sandbox(), await collector()];
  const at = box.repo("shop");
  box.git(at, "remote", "add", "origin", "https://ada:hunter2@git.example.com:8443/acme/shop.git");
  respond(box, { cwd: at, output: 1000 });
  expect((await bobaAsync(box, ["export", "--otlp", server.url])).status).toBe(0);
  // Sonnet: 15 $ a million output tokens.
  expect(server.total(COST, { "vcs.repository.url.full": "https://git.example.com/acme/shop" })).toBe(15_000_000);
  expect(server.posts[0]?.text).not.toMatch(new RegExp(`${SENTINEL}|hunter2|ada|main`, "i"));
});

test("a collector that fails loses nothing, is told once, and its words are not shown", async () => {
  const [box, server] = [sandbox(), await collector()];
  add(box, { costNanoUsd: 5 });
  box.env["OTEL_EXPORTER_OTLP_HEADERS"] = "Authorization=Bearer%20s3cret,x-tenant=acme";
  server.next.push(
    { status: 429, headers: { "retry-after": "7" }, body: "Bearer s3cret" },
    { status: 503 },
    { status: 401, body: "Bearer s3cret" },
    { status: 302, headers: { location: "http://127.0.0.1:1/" } },
    { meanwhile: () => new Promise((resolve) => setTimeout(resolve, 4000)), status: 500 },
  );
  const fails = [];
  for (let n = 0; n < 5; n++) fails.push(await send(box, `${server.url}/?api-key=s3cret`));
  fails.push(await send(box, await deadUrl()));
  expect(fails.map(({ status, stdout }) => [status, stdout])).toEqual(Array.from({ length: 6 }, () => [4, ""]));
  expect(fails.map(({ stderr }) => /answered \d+|no \w+ [^[;]*?(?= \[)/.exec(stderr)?.[0])).toEqual([
    "answered 429",
    "answered 503",
    "answered 401",
    "answered 302",
    "no answer within 2 s",
    "no connection (ECONNREFUSED)",
  ]);
  expect(fails.map(({ stderr }) => /BOBA-NET-\d+/.exec(stderr)?.[0])).toEqual([11, 11, 12, 12, 10, 10].map((n) => `BOBA-NET-${n}`));
  expect(fails[0]?.stderr).toContain("\n  try again in 7 s; nothing is lost: the next run sends it\n");
  expect(fails[2]?.stderr).toContain("OTEL_EXPORTER_OTLP_HEADERS");
  expect(fails.map(({ stderr }) => stderr).join("")).not.toMatch(/s3cret|Bearer/);
  expect(box.boba(["logs", "--format", "json"]).stdout).not.toContain("s3cret");
  add(box, { costNanoUsd: 6 });
  const sent = await send(box, `${server.url}/?api-key=s3cret`);
  expect(sent.stdout).toBe(`sent 2 requests, <$0.01, as 2 data points to ${server.url}/v1/metrics\n`);
  expect(server.posts.at(-1)?.headers).toMatchObject({ authorization: "Bearer s3cret", "x-tenant": "acme" });
  expect(server.posts.at(-1)?.path).toBe("POST /v1/metrics?api-key=s3cret");
  expect(server.total(COST)).toBe(11);
});

test("what a collector rejects is told and not sent again", async () => {
  const [box, server] = [sandbox(), await collector()];
  add(box, { costNanoUsd: 5 });
  server.next.push({ body: JSON.stringify({ partialSuccess: { rejectedDataPoints: "2", errorMessage: "no \u001b[31mroom" } }) });
  const done = await send(box, server.url, "--format", "json");
  expect(done.stderr).toMatch(/^boba: the collector took all but 2 data points; [^\u001b]*\n$/);
  expect(JSON.parse(done.stdout)).toEqual({
    schema: "boba.export-otlp/1",
    outcome: "sent",
    endpoint: `${server.url}/v1/metrics`,
    requests: 1,
    cost_usd: 5e-9,
    cost_nano_usd: "5",
    data_points: 2,
    rejected_data_points: 2,
  });
  expect(JSON.parse((await send(box, server.url, "--format", "json")).stdout)).toMatchObject({ outcome: "nothing_new", data_points: 0 });
});

test("a first export may begin later; a dry run sends and remembers nothing", async () => {
  const [box, server] = [sandbox(), await collector()];
  add(box, { ts: 1_780_000_000, costNanoUsd: 1 }, { ts: 1_790_000_000, costNanoUsd: 20 });
  const dry = await send(box, server.url, "--since", "2026-09-01", "--dry-run");
  expect(JSON.parse(dry.stdout).resourceMetrics[0].scopeMetrics[0].metrics[0].sum.dataPoints[0].asDouble).toBe(2e-8);
  expect(server.posts).toEqual([]);
  await send(box, server.url, "--since", "2026-09-01");
  add(box, { ts: 1_780_000_000, costNanoUsd: 300 });
  const later = await send(box, server.url, "--since", "2026-09-01");
  expect(later.stderr).toBe(`boba: ${server.url}/v1/metrics was told before: --since has no effect\n`);
  // The first is from before; the third is new, whatever its time.
  expect(server.total(COST)).toBe(320);
  // Another collector has been told nothing yet.
  const other = await collector();
  await send(box, other.url);
  expect(other.total(COST)).toBe(ledgerNano(box));
});

test("pruning and deleting change nothing of what was told, and hide nothing that is new", async () => {
  const [box, server] = [sandbox(), await collector()];
  const old = Math.floor(Date.now() / 1000) - 200 * 86_400;
  add(box, { ts: old, costNanoUsd: 1 });
  box.boba(["db", "prune", "--older-than", "90d"]);
  add(box, { ts: old, costNanoUsd: 20 });
  await send(box, server.url);
  expect(server.total(COST)).toBe(21);
  add(box, { ts: old, costNanoUsd: 300 });
  box.boba(["db", "prune", "--older-than", "90d"]);
  await send(box, server.url);
  expect([server.total(COST), ledgerNano(box)]).toEqual([321, 321]);
  add(box, { costNanoUsd: 4000 }, { costNanoUsd: 1 });
  await send(box, server.url);
  sql(box, "DELETE FROM usage_records WHERE cost_nanousd = 4000");
  add(box, { costNanoUsd: 50_000 });
  await send(box, server.url);
  expect(server.total(COST)).toBe(54_322);
});

test("two at once do not double", async () => {
  const [box, server] = [sandbox(), await collector()];
  add(box, { costNanoUsd: 5 });
  const second = { status: 0, stderr: "" };
  server.next.push({ meanwhile: async () => Object.assign(second, await send(box, server.url)) });
  expect((await send(box, server.url)).status).toBe(0);
  expect([second.status, second.stderr]).toEqual([1, expect.stringContaining("[BOBA-USE-52]")]);
  expect(server.total(COST)).toBe(5);
});

test.each([
  [["--otlp", "http://collector.example:4318"], "BOBA-USE-50"],
  [["--otlp", "https://ada:s3cret@collector.example"], "BOBA-USE-50"],
  [["--otlp", "http://127.0.0.1:1", "--branch", "main"], "BOBA-USE-56"],
  [["--otlp", "http://127.0.0.1:1", "--format", "csv"], "BOBA-USE-56"],
  [["--dry-run"], "BOBA-USE-56"],
])("refuses %j", (args, code) => {
  const { stderr } = sandbox().boba(["export", "--no-import", ...args], { expect: 2 });
  expect(stderr).toContain(`[${code}]`);
  expect(stderr).not.toContain("s3cret");
});

test("headers that are none are refused unseen", () => {
  const { stderr } = sandbox().boba(["export", "--otlp", "http://127.0.0.1:1", "--no-import"], {
    expect: 2,
    env: { OTEL_EXPORTER_OTLP_HEADERS: "ok=1,s3cret" },
  });
  expect(stderr).toBe(
    "boba: OTEL_EXPORTER_OTLP_HEADERS: pair 2 is not a header [BOBA-USE-51]\n  write it as name=value,name=value with values percent-encoded\n",
  );
});
