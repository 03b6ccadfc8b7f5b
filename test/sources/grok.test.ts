/** What is special about Grok Build: turns that tell what they used, older ones that tell how large the context is, forks and subagents. */
import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { grok } from "../../src/sources/grok.ts";
import { collectIn, query } from "../flow/stored.ts";
import { type Sandbox, sandbox } from "../helpers/sandbox.ts";

const collect = (box: Sandbox) => collectIn(box, undefined, { sources: ["grok"] });
const rows = (box: Sandbox) =>
  query(
    box,
    `SELECT session_id AS session, input_tokens AS input, output_tokens AS output, cache_read_tokens AS read, estimate_level AS level
     FROM usage_records ORDER BY ts_ms, output`,
  );

function append(box: Sandbox, session: string, ...lines: object[]): void {
  const path = join(box.home, ".grok/sessions/%2Fcode%2Fshop", session, "updates.jsonl");
  mkdirSync(dirname(path), { recursive: true });
  appendFileSync(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
}

const line = (atMs: number, update: object, meta: object = {}) => ({
  timestamp: 1_790_000_000,
  params: { update, _meta: { agentTimestampMs: atMs, ...meta } },
});
const JUNE = Date.UTC(2026, 5, 1);
const AUGUST = Date.UTC(2026, 7, 1);
const chunk = (atMs: number, promptId: string, totalTokens: number) =>
  line(atMs, { sessionUpdate: "agent_message_chunk" }, { promptId, totalTokens });
const usage = { inputTokens: 5000, outputTokens: 70, cachedReadTokens: 4600, modelCalls: 3 };
const done = (atMs: number, prompt: string, model = "grok-4.3") =>
  line(atMs, { sessionUpdate: "turn_completed", prompt_id: prompt, usage: { ...usage, modelUsage: { [model]: usage } } });
const exact = { session: "s1", input: 400, output: 70, read: 4600, level: "exact" };

test("how large the context is counts only for turns of before they told what they used", async () => {
  const box = sandbox();
  append(box, "s1", chunk(JUNE, "p1", 3000));
  await collect(box);
  expect(rows(box)).toMatchObject([{ input: 3000, output: 0 }]);
  append(box, "s1", chunk(JUNE + 1000, "p1", 5000), chunk(JUNE + 2000, "p1", 5000), chunk(AUGUST, "p2", 9000));
  await collect(box);
  expect(rows(box)).toMatchObject([{ input: 5000, output: 0 }]);
});

test("a turn that ends without its usage is estimated by what the context grew by", async () => {
  const box = sandbox();
  append(box, "s1", chunk(AUGUST, "p1", 4000), done(AUGUST + 1000, "p1"), chunk(AUGUST + 2000, "p2", 4700));
  await collect(box);
  expect(rows(box)).toEqual([exact]);
  append(box, "s1", line(AUGUST + 3000, { sessionUpdate: "turn_completed", prompt_id: "p2", stop_reason: "cancelled" }));
  await collect(box);
  expect(rows(box)).toMatchObject([exact, { input: 700, output: 0 }]);
});

test("a fork repeats the turns of the session it came from: they count once, for that session", async () => {
  const box = sandbox();
  append(box, "s1", done(AUGUST, "p1"));
  await collect(box);
  append(box, "s2", done(AUGUST, "p1"), done(AUGUST + 5000, "p2"));
  await collect(box);
  expect(rows(box)).toEqual([exact, { ...exact, session: "s2" }]);
});

test("a turn of a subagent is skipped, and counted as such", async () => {
  const box = sandbox();
  append(box, "child", done(AUGUST, "p1"), chunk(JUNE, "p0", 100));
  writeFileSync(join(box.home, ".grok/sessions/%2Fcode%2Fshop/child/summary.json"), JSON.stringify({ session_kind: "subagent_fork" }));
  await collect(box);
  expect(rows(box)).toEqual([]);
  expect(query(box, "SELECT line, reason FROM skipped")).toEqual([
    { line: 1, reason: "a turn of a subagent, which the turn that started it may hold" },
  ]);
});

test("GROK_HOME replaces the default and may be a list", () => {
  const box = sandbox();
  for (const root of ["home/.grok", "a", "b"]) {
    const folder = join(box.dir, root, "sessions/%2Fw/s1");
    mkdirSync(join(folder, "subagents/x"), { recursive: true });
    for (const name of ["updates.jsonl", "chat_history.jsonl", "subagents/x/updates.jsonl"]) writeFileSync(join(folder, name), "");
  }
  const found = (env: NodeJS.ProcessEnv) =>
    grok.discover({ env, home: box.home, extraPaths: [] }).files.map(({ path }) => path.slice(box.dir.length + 1));
  expect(found({})).toEqual(["home/.grok/sessions/%2Fw/s1/updates.jsonl"]);
  expect(found({ GROK_HOME: `${join(box.dir, "a")},${join(box.dir, "b")}` })).toEqual(
    ["a", "b"].map((root) => `${root}/sessions/%2Fw/s1/updates.jsonl`),
  );
});
