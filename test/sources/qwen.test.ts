import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { SourceRecord } from "../../src/core/record.ts";
import { qwen } from "../../src/sources/qwen.ts";
import type { Position } from "../../src/sources/source.ts";
import { homeWith, scan } from "./scan.ts";

const line = (uuid: string, prompt: number, more: object = {}) => ({
  uuid,
  sessionId: "s1",
  timestamp: "2026-05-10T08:00:00.000Z",
  type: "assistant",
  cwd: "/code/a",
  model: "qwen3-coder-plus",
  usageMetadata: { promptTokenCount: prompt, candidatesTokenCount: 1, totalTokenCount: prompt + 1 },
  ...more,
});
const call = (path: string) => ({
  type: "assistant",
  message: { parts: [{ functionCall: { name: "edit", args: { file_path: path } } }] },
});

test("QWEN_DATA_DIR replaces the default, QWEN_RUNTIME_DIR and QWEN_HOME move it, extra paths come on top", () => {
  const home = homeWith({
    ".qwen/projects/a/chats/1.jsonl": [line("a", 1)],
    "one/projects/a/chats/1.jsonl": [line("b", 2)],
    "two/projects/a/chats/1.jsonl": [line("c", 3)],
    "run/projects/a/chats/1.jsonl": [line("d", 4)],
    ".qwen/projects/a/other/1.jsonl": [line("e", 5)],
  });
  const at = (name: string) => join(home, name);
  const inputs = (context = {}) => scan(qwen, home, context).records.map(({ counters }) => counters.input);
  expect(inputs()).toEqual([1]);
  expect(inputs({ env: { QWEN_DATA_DIR: `${at("one")},${at("two/projects")}` } })).toEqual([2, 3]);
  expect(inputs({ env: { QWEN_HOME: at("one"), QWEN_RUNTIME_DIR: at("run") } })).toEqual([4]);
  expect(inputs({ env: { QWEN_HOME: at("one") }, extraPaths: [at("run")] })).toEqual([2, 4]);
});

test("a branched session's copies give way to the original", () => {
  const copy = line("a", 1, { sessionId: "s2", forkedFrom: { sessionId: "s1", messageUuid: "a" } });
  const home = homeWith({ ".qwen/projects/a/chats/1.jsonl": [line("a", 1)], ".qwen/projects/a/chats/2.jsonl": [copy] });
  expect(scan(qwen, home).records.map(({ key, variant }) => [key, variant])).toEqual([
    ["a", ""],
    ["a", null],
  ]);
});

test("only a total is an estimate", () => {
  const home = homeWith({
    ".qwen/projects/a/chats/1.jsonl": [line("a", 1, { usageMetadata: { totalTokenCount: 70, thoughtsTokenCount: 0 } })],
  });
  expect(scan(qwen, home).records).toMatchObject([{ counters: { input: 70, output: 0 }, approximate: true }]);
});

test("calls on a line of their own belong to the response before, also where the log is read on", () => {
  const path = ".qwen/projects/a/subagents/s1/agent-x.jsonl";
  const home = homeWith({ [path]: [line("a", 1), call("one.ts")] });
  const records: SourceRecord[] = [];
  const read = (from: Position | null): Position => {
    const { files } = qwen.discover({ env: {}, home, extraPaths: [] });
    const record = (found: SourceRecord) => void records.push(found);
    return [...qwen.read(files[0]!, from, { record, total: record, skip: () => {}, restart: () => {} }, files)].at(-1)!;
  };
  const first = read(null);
  appendFileSync(join(home, path), `${JSON.stringify(call("two.ts"))}\n`);
  read(first);
  expect(records.map(({ key, files }) => [key, ...files])).toEqual([["a"], ["a", "one.ts"], ["a", "two.ts"]]);
});

test("a subagent's line without a model, and nothing beside it that tells", () => {
  const bare = { ...line("a", 1), model: undefined, sessionId: undefined };
  const home = homeWith({
    ".qwen/projects/a/subagents/s1/agent-x.jsonl": [bare],
    ".qwen/projects/a/subagents/s2/agent-y.jsonl": [bare],
    ".qwen/projects/a/subagents/s2/agent-y.meta.json": { persistedCliFlags: { model: "glm-4.7" } },
  });
  expect(scan(qwen, home)).toMatchObject({ skipped: ["no model"], records: [{ model: "glm-4.7", provider: "zai", sessionId: "s2" }] });
});
