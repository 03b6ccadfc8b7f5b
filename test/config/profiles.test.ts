/** profiles.yaml: what it may say, and where it is told to be wrong. */
import { mkdirSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { loadProfiles } from "../../src/config/profiles.ts";
import { resolvePaths } from "../../src/platform/paths.ts";
import { sandbox } from "../helpers/sandbox.ts";

function profiles(text: string | null) {
  const box = sandbox();
  const paths = resolvePaths(box.env);
  mkdirSync(box.bobaHome);
  if (text !== null) writeFileSync(paths.profiles, text);
  return { load: () => loadProfiles(paths), path: paths.profiles };
}

const PLAIN = { endpoint: null, model: null, headers: {}, env: {}, command: null, params: {}, tags: [], costPer1k: null, budget: null };

test.each([
  ["missing", null],
  ["empty", ""],
  ["comments", "# one\n\n  # two\r\n"],
  ["a section of comments", "profiles:\n  # work:\n"],
])("%s: no profiles", async (_, text) => {
  expect(await profiles(text).load()).toEqual([]);
});

test("a profile of each adapter, in the order of the file, every key", async () => {
  const { load } = profiles(`profiles:
  work:
    adapter: http
    provider: anthropic
    endpoint: https://gateway.example.com/v1
    model: claude-sonnet-4-5
    headers:
      x-api-key: secret://anthropic_key
      x-team: 'Bearer secret://team.key-2 and more'
    params: { top_k: 5, stop: "END", stream: true }
    max_tokens: 4096
    temperature: 0.2
    tags: [work, large]
    cost_per_1k: { input: 0.003, output: 0.015 }
    budget:
      daily_usd: 10
      weekly_usd: 40.5
      hard_cap: { usd: 300, period_days: 30 }
      enforce: true
  claude:
    provider: anthropic
    command: claude
    env: { ANTHROPIC_API_KEY: "secret://anthropic_key" }
  local:
    provider: ollama
    endpoint: http://127.0.0.1:11434
    name: the one on my desk
  code: { provider: openai, command: [codex, --quiet], adapter: tool }
`);
  expect(await load()).toEqual([
    {
      name: "work",
      adapter: "http",
      provider: "anthropic",
      endpoint: "https://gateway.example.com/v1",
      model: "claude-sonnet-4-5",
      headers: { "x-api-key": "secret://anthropic_key", "x-team": "Bearer secret://team.key-2 and more" },
      env: {},
      command: null,
      params: { top_k: 5, stop: "END", stream: true, max_tokens: 4096, temperature: 0.2 },
      tags: ["work", "large"],
      costPer1k: { inputUsd: 0.003, outputUsd: 0.015 },
      budget: { dailyUsd: 10, weeklyUsd: 40.5, monthlyUsd: null, hardCap: { usd: 300, days: 30 }, enforce: true },
    },
    {
      ...PLAIN,
      name: "claude",
      adapter: "tool",
      provider: "anthropic",
      command: ["claude"],
      env: { ANTHROPIC_API_KEY: "secret://anthropic_key" },
    },
    { ...PLAIN, name: "local", adapter: "http", provider: "ollama", endpoint: "http://127.0.0.1:11434" },
    { ...PLAIN, name: "code", adapter: "tool", provider: "openai", command: ["codex", "--quiet"] },
  ]);
});

test("a list of profiles, each named by key or name", async () => {
  const { load } = profiles("profiles:\n  - { key: a, name: The first, provider: openai }\n  - { name: b, provider: openai }\n");
  expect((await load()).map(({ name }) => name)).toEqual(["a", "b"]);
});

const one = (lines: string): string => `profiles:\n  p:\n    provider: openai\n${lines.replaceAll(/^/gm, "    ")}\n`;

test.each([
  ["a misspelt key", one("modle: x"), "4:5: profiles.p.modle: there is no such key; did you mean `model`?"],
  ["a key of nowhere", "profile: {}\n", "1:1: profile: there is no such key; did you mean `profiles`?"],
  ["no provider", "profiles:\n  p: { model: x }\n", "2:3: profiles.p.provider: expected text"],
  ["another adapter", one("adapter: mcp"), "4:5: profiles.p.adapter: expected one of http, tool"],
  ["plain http", one("endpoint: http://example.com"), "4:5: profiles.p.endpoint: expected https://, or http:// to this machine"],
  ["looks local, is not", one("endpoint: http://127.0.0.1.example.com"), "4:5: profiles.p.endpoint: expected https://"],
  ["another protocol", one("endpoint: file:///etc/passwd"), "4:5: profiles.p.endpoint: expected https://"],
  ["a password in it", one("endpoint: https://me:pass@example.com"), "4:5: profiles.p.endpoint: no name or password in an address"],
  ["no address", one("endpoint: example.com"), "4:5: profiles.p.endpoint: expected an address"],
  ["a secret in a command", one("command: [curl, secret://k]"), "4:21: profiles.p.command.1: a secret can stand in headers and env only"],
  ["a reference without a name", one("headers:\n  x-api-key: secret://"), "5:7: profiles.p.headers.x-api-key: expected secret://name"],
  ["a reference in capitals", one("env:\n  K: SECRET://a"), "5:7: profiles.p.env.K: expected secret://name"],
  ["a header of two lines", one('headers:\n  x-a: "1\\nx-b: 2"'), "5:7: profiles.p.headers.x-a: expected one line"],
  ["a header's name", one("headers:\n  x a: y"), "5:7: profiles.p.headers.x a: expected the name of a header"],
  ["a variable's name", one("env:\n  A-B: y"), "5:7: profiles.p.env.A-B: expected the name of a variable"],
  ["a number as text", one("env:\n  PORT: 8080"), "5:7: profiles.p.env.PORT: expected text; put it in quotes"],
  ["a tool that runs nothing", one("adapter: tool"), "2:3: profiles.p: expected `command`"],
  ["http that runs something", one("adapter: http\ncommand: x"), "5:5: profiles.p.command: an `http` profile runs no program"],
  ["given twice", one("max_tokens: 1\nparams: { max_tokens: 2 }"), "4:5: profiles.p.max_tokens: it is in `params` too"],
  ["a name with a slash", "profiles:\n  a/b: { provider: openai }\n", "2:3: profiles.a/b: expected a name of at most 64"],
  [
    "one name twice in a list",
    "profiles:\n  - { key: a, provider: openai }\n  - { key: a, provider: openai }\n",
    "3:5: profiles.1: there is another",
  ],
  ["an entry without a name", "profiles:\n  - { provider: openai }\n", "2:5: profiles.0: expected `key`"],
  ["half a price", one("cost_per_1k: { input: 1 }"), "4:5: profiles.p.cost_per_1k.output: expected US dollars"],
  ["a cap without days", one("budget:\n  hard_cap: { usd: 5 }"), "5:7: profiles.p.budget.hard_cap.period_days: expected a number of days"],
  [
    "a misspelt limit",
    one("budget: { dayly_usd: 5 }"),
    "4:15: profiles.p.budget.dayly_usd: there is no such key; did you mean `daily_usd`?",
  ],
  ["no limit at all", one("budget: { daily_usd: .inf }"), "4:15: profiles.p.budget.daily_usd: expected an amount"],
])("%s: refused, with line and column", async (_, text, message) => {
  const { load, path } = profiles(text);
  await expect(load()).rejects.toMatchObject({ code: "BOBA-CFG-4", exit: 2, message: expect.stringContaining(`${path}:${message}`) });
});

test.each([
  [
    "the same name twice",
    "profiles:\n  a: { provider: openai }\n  a: { provider: openai }\n",
    "3:3: not valid YAML: this key is there twice",
  ],
  [
    "an object's own name",
    "profiles:\n  constructor: { provider: openai }\n",
    "2:3: not valid YAML: `constructor` is not allowed as a key",
  ],
  ["a tag", one("model: !foo x"), "4:12: not valid YAML: a value that begins with ! must be in quotes"],
  ["a tab", "profiles:\n\tp: {}\n", "2:1: not valid YAML: indent with spaces"],
  ["an open quote", "profiles:\n  p: 'x\n", "3:1: not valid YAML: a closing quote or bracket"],
])("%s: not valid YAML, with line and column", async (_, text, message) => {
  const { load, path } = profiles(text);
  await expect(load()).rejects.toMatchObject({ code: "BOBA-CFG-3", exit: 2, message: expect.stringContaining(`${path}:${message}`) });
});
