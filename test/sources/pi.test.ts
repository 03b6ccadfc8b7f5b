import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { SourceRecord } from "../../src/core/record.ts";
import { openclaw } from "../../src/sources/openclaw.ts";
import { pi } from "../../src/sources/pi.ts";
import type { Position } from "../../src/sources/source.ts";
import { homeWith, scan } from "./scan.ts";

const session = (id: string, cwd: string, at: string, more: object = {}) => ({ type: "session", id, cwd, timestamp: at, ...more });
const reply = (input: number, at: string, more: object = {}, entry: object = {}) => ({
  type: "message",
  id: "00000001",
  timestamp: at,
  message: {
    role: "assistant",
    provider: "anthropic",
    model: "claude-sonnet-4-5",
    timestamp: Date.parse(at) - 5000,
    content: [{ type: "toolCall", name: "write", arguments: { path: "a.ts" } }],
    usage: { input, output: 1, cacheRead: 0, cacheWrite: 0, cost: { total: 0.25 } },
    ...more,
  },
  ...entry,
});
const log = (input: number) => [session("s", "/code/a", "2026-05-01T10:00:00.000Z"), reply(input, "2026-05-01T10:01:00.000Z")];

test("pi: PI_AGENT_DIR replaces the default, the agent's own variables move it, extra paths come on top", () => {
  const home = homeWith({
    ".pi/agent/sessions/a/1_s.jsonl": log(1),
    "one/sessions/a/1_s.jsonl": log(2),
    "two/sessions/a/1_s.jsonl": log(3),
    "kept/1_s.jsonl": log(4),
  });
  const at = (name: string) => join(home, name);
  const inputs = (context = {}) => scan(pi, home, context).records.map(({ counters }) => counters.input);
  expect(inputs()).toEqual([1]);
  expect(inputs({ env: { PI_AGENT_DIR: `${at("one")},${at("two/sessions")}` } })).toEqual([2, 3]);
  expect(inputs({ env: { PI_CODING_AGENT_DIR: at("one") } })).toEqual([2]);
  expect(inputs({ env: { PI_CODING_AGENT_DIR: at("one"), PI_CODING_AGENT_SESSION_DIR: at("kept") } })).toEqual([4]);
  expect(inputs({ extraPaths: [at("one")] })).toEqual([1, 2]);
});

test("OpenClaw: OPENCLAW_DIR replaces all defaults, the agent's own variable moves them", () => {
  const home = homeWith({
    ".openclaw/agents/main/sessions/a.jsonl": log(1),
    ".moltbot/sessions/b.jsonl": log(2),
    ".moldbot/sessions/c.jsonl": log(3),
    "one/agents/x/sessions/d.jsonl": log(4),
    "two/agents/x/sessions/e.jsonl.reset.2026-05-01T10-00-00.000Z.zst": log(5),
  });
  const at = (name: string) => join(home, name);
  const inputs = (context = {}) => scan(openclaw, home, context).records.map(({ counters }) => counters.input);
  expect(inputs()).toEqual([3, 2, 1]);
  expect(inputs({ env: { OPENCLAW_DIR: `${at("one")},${at("two")}` } })).toEqual([4]);
  expect(inputs({ env: { OPENCLAW_STATE_DIR: at("one") } })).toEqual([4]);
});

test("an entry keeps its key when it gets an id, is appended anew or copied", () => {
  const at = "2026-05-01T10:01:00.000Z";
  const first = reply(1, at, {}, { id: undefined });
  const again = reply(1, at, {}, { id: "0000abcd" });
  const later = { ...reply(1, at), timestamp: "2026-05-01T12:00:00.000Z" };
  const other = reply(1, "2026-05-01T10:01:00.001Z");
  const home = homeWith({ ".pi/agent/sessions/a/1_s.jsonl": [first, again, later, other] });
  const keys = scan(pi, home).records.map(({ key }) => key);
  expect(new Set(keys.slice(0, 3)).size).toBe(1);
  expect(keys[3]).not.toBe(keys[0]);
});

test("copies in a fork give way to the original; forked into another folder, they say nothing of place", () => {
  const copy = reply(1, "2026-05-01T10:01:00.000Z");
  const own = reply(2, "2026-05-03T10:00:00.000Z");
  const fork = (parent: string, cwd: string) => [session("f", cwd, "2026-05-02T10:00:00.000Z", { parentSession: parent }), copy, own];
  const home = homeWith({
    ".pi/agent/sessions/--code-a--/2_f.jsonl": fork("/home/x/.pi/agent/sessions/--code-a--/1_s.jsonl", "/code/a"),
    ".pi/agent/sessions/--code-b--/2_f.jsonl": fork("/home/x/.pi/agent/sessions/--code-a--/1_s.jsonl", "/code/b"),
  });
  expect(scan(pi, home).records.map(({ variant, cwd, files }) => [variant, cwd, ...files])).toEqual([
    [null, "/code/a", "a.ts"],
    ["", "/code/a", "a.ts"],
    [null, null],
    ["", "/code/b", "a.ts"],
  ]);
});

test("session and model are remembered where a log is read on", () => {
  const path = ".openclaw/agents/main/sessions/x.jsonl";
  const change = { type: "model_change", provider: "xai", modelId: "grok-4" };
  const home = homeWith({ [path]: [session("s", "/code/a", "2026-05-01T10:00:00.000Z"), change] });
  const records: SourceRecord[] = [];
  const read = (from: Position | null): Position => {
    const { files } = openclaw.discover({ env: {}, home, extraPaths: [] });
    const record = (found: SourceRecord) => void records.push(found);
    return [...openclaw.read(files[0]!, from, { record, total: record, skip: () => {}, restart: () => {} }, files)].at(-1)!;
  };
  const first = read(null);
  const bare = reply(9, "2026-05-01T10:01:00.000Z", { model: undefined, provider: undefined });
  appendFileSync(join(home, path), `${JSON.stringify(bare)}\n`);
  read(first);
  expect(records).toMatchObject([{ sessionId: "s", cwd: "/code/a", model: "grok-4", provider: "x-ai", reportedNanoUsd: 250_000_000 }]);
});

test.each([
  [{ usage: { input: 1.5 } }, "a counter is not a whole number between 0 and 10^12"],
  [{ usage: { input: 1, cacheWrite1h: "x" } }, "a counter is not a whole number between 0 and 10^12"],
  [{ model: 3 }, "no model"],
])("%o is skipped: %s", (more, why) => {
  const home = homeWith({ ".pi/agent/sessions/a/1_s.jsonl": [reply(1, "2026-05-01T10:01:00.000Z", more)] });
  expect(scan(pi, home)).toMatchObject({ records: [], skipped: [why] });
});
