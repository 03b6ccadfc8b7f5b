/** `boba call` against a provider on this machine: what is sent, what is printed, what is booked, whatever goes wrong. */
import { expect, it } from "vitest";
import Database from "better-sqlite3";
import { sandbox, type Sandbox } from "../helpers/sandbox.ts";
import { type Provider, provider, TEXT } from "./provider.ts";
import { runBoba, startBoba, until, writeProfiles, writeSecrets } from "./run-boba.ts";

const KEY = "sk-SENTINEL-0123456789abcdef";

async function setup(): Promise<{ box: Sandbox; server: Provider; repo: string }> {
  const box = sandbox();
  const server = await provider();
  server.keys = new Set([KEY]);
  const bearer = { authorization: "Bearer secret://main" };
  const cost_per_1k = { input: 1, output: 2 };
  writeSecrets(box, { main: KEY, stale: "sk-SENTINEL-stale-0123456789" });
  writeProfiles(box, {
    anthropic: { provider: "anthropic", endpoint: server.url, model: "m", headers: { "X-Api-Key": "secret://main" }, cost_per_1k },
    chat: { provider: "openai", endpoint: `${server.url}/v1`, model: "m", headers: bearer, cost_per_1k, params: { temperature: 0.5 } },
    responses: { provider: "openai", endpoint: `${server.url}/v1/responses`, model: "m", headers: bearer, cost_per_1k },
    gemini: { provider: "google", endpoint: server.url, model: "m", env: { GEMINI_API_KEY: "secret://main" }, cost_per_1k },
    stale: { provider: "openai", endpoint: server.url, model: "m", headers: { authorization: "Bearer secret://stale" } },
  });
  return { box, server, repo: box.repo() };
}

const rows = (box: Sandbox): any[] => {
  const db = new Database(box.db, { readonly: true });
  try {
    return db
      .prepare(
        `SELECT tool, model, profile, rule_id AS rule, input_tokens AS input, output_tokens AS output, reasoning_tokens AS reasoning,
           cache_read_tokens AS cached, cost_nanousd AS cost, price_source AS source, approximate, latency_ms >= 0 AS timed
         FROM usage_records ORDER BY seq`,
      )
      .all();
  } finally {
    db.close();
  }
};

it("books every protocol to the token, streamed in split pieces and whole, at the profile's own price", async () => {
  const { box, server, repo } = await setup();
  const names = ["anthropic", "chat", "gemini", "responses"];
  for (const more of [["--model", "m-split-crlf"], ["--no-stream"]]) {
    // At once: they share a ledger.
    const all = await Promise.all(names.map((name) => runBoba(box, ["call", "--profile", name, "hello", ...more], { cwd: repo })));
    expect(all).toEqual(names.map(() => ({ code: 0, stdout: `${TEXT.repeat(6)}\n`, stderr: "" })));
  }
  // 800 uncached at 1 $ a thousand, 30 out at 2 $, 200 cached: a tenth of the input's price.
  const cost = 800_000_000 + 60_000_000 + 20_000_000;
  const counters = { input: 800, output: 30, reasoning: 4, cached: 200, cost, source: "profiles.yaml", approximate: 0, timed: 1 };
  const found = rows(box);
  expect(found.toSorted((a, b) => (a.profile + a.model < b.profile + b.model ? -1 : 1))).toEqual(
    names.flatMap((profile) => ["m", "m-split-crlf"].map((model) => ({ ...counters, profile, model, tool: "boba", rule: null }))),
  );
  expect(server.requests.map(({ path }) => path).toSorted()).toEqual([
    "/v1/chat/completions",
    "/v1/chat/completions",
    "/v1/messages",
    "/v1/messages",
    "/v1/responses",
    "/v1/responses",
    "/v1beta/models/m-split-crlf:streamGenerateContent?alt=sse",
    "/v1beta/models/m:generateContent",
  ]);
  expect(server.requests.find(({ path, body }) => path.includes("chat") && body.stream === true)?.body).toEqual({
    temperature: 0.5,
    model: "m-split-crlf",
    stream: true,
    stream_options: { include_usage: true },
    messages: [{ role: "user", content: "hello" }],
  });
});

it("is claimed by the next commit of the repository it was made in", async () => {
  const { box, repo } = await setup();
  const spent = await runBoba(box, ["call", "--profile", "chat", "-", "--system", "Be brief", "--max-tokens", "7", "--format", "json"], {
    cwd: repo,
    input: "from a pipe\n",
  });
  expect(JSON.parse(spent.stdout)).toMatchObject({
    schema: "boba.call/1",
    profile: "chat",
    text: TEXT.repeat(6),
    usage: { input_tokens: 800, output_tokens: 30 },
    cost_usd: 0.88,
    usage_status: "exact",
  });
  box.git(repo, "commit", "-q", "--allow-empty", "-m", "asked");
  const [row] = box.json(["report", "--by", "commit"], { cwd: repo }).rows;
  expect(row).toMatchObject({ subject: "asked", requests: 1, cost_nano_usd: "880000000" });
});

it("books a reply that breaks off as a lower bound, and says so", async () => {
  const { box, repo, server } = await setup();
  for (const [profile, input] of [
    ["anthropic", 800],
    ["gemini", 800],
    ["chat", 0],
  ] as const) {
    const { code, stdout, stderr } = await runBoba(box, ["call", "--profile", profile, "--model", "m-cut", "x"], { cwd: repo });
    expect({ code, stdout }).toEqual({ code: 4, stdout: `${TEXT.repeat(6)}\n` });
    expect(stderr).toContain("the connection was cut [BOBA-NET-22]");
    // A token for each of six pieces at least.
    expect(rows(box).at(-1)).toMatchObject({ profile, input, output: 6, approximate: 1 });
  }
  const middle = await runBoba(box, ["call", "--profile", "responses", "--model", "m-mid", "x"], { cwd: repo });
  expect(middle.stderr).toContain("says: Overloaded (server_error) [BOBA-NET-22]");
  expect(middle.code).toBe(4);
  expect(server.requests).toHaveLength(4);
});

it("ends the provider's work on Ctrl-C, books what was seen and exits 10", async () => {
  const { box, repo, server } = await setup();
  const running = startBoba(box, ["call", "--profile", "anthropic", "--model", "m-halt", "x"], { cwd: repo });
  await until(() => running.output().length >= TEXT.length * 6);
  running.child.kill("SIGINT");
  expect((await running.finished).code).toBe(10);
  await until(() => server.aborted === 1);
  expect(rows(box)).toMatchObject([{ input: 800, output: 6, approximate: 1, model: "m-halt" }]);
  expect(server.requests).toHaveLength(1);
});

it("shows what a provider refuses with, without the key that it repeats; nothing is booked", async () => {
  const { box, repo } = await setup();
  const busy = await runBoba(box, ["call", "--profile", "anthropic", "--model", "m-429", "x"], { cwd: repo });
  expect(busy).toMatchObject({ code: 4, stdout: "" });
  expect(busy.stderr).toContain("answered 429: slow down (rate_limit_error) [BOBA-NET-23]");
  const stale = await runBoba(box, ["call", "--profile", "stale", "x"], { cwd: repo });
  expect(stale.code).toBe(4);
  expect(stale.stderr).toContain("answered 401: Incorrect API key provided: [secret] (auth)");
  expect(stale.stderr).not.toContain("SENTINEL");
  const page = await runBoba(box, ["call", "--profile", "chat", "--model", "html", "x"], { cwd: repo });
  expect(page.stderr).toContain("sent no answer that openai-chat knows");
  const unknown = await runBoba(box, ["call", "--profile", "chta", "x"]);
  expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining("did you mean: chat") });
  expect((await runBoba(box, ["call", "x"])).stderr).toContain("[BOBA-USE-61]");
  expect((await runBoba(box, ["call", "--profile", "chat", "@missing.txt"])).stderr).toContain("missing.txt cannot be read (ENOENT)");
  const { stdout } = await runBoba(box, ["stats", "--format", "json"]);
  expect(JSON.parse(stdout).total_requests).toBe(0);
});
