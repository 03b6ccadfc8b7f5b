import { createHash } from "node:crypto";
import { join } from "node:path";
import { expect, test } from "vitest";
import { gemini } from "../../src/sources/gemini.ts";
import { homeWith, put, scan } from "./scan.ts";

const HEX = (path: string) => createHash("sha256").update(path).digest("hex");
const head = (sessionId: string, root = "/code/a") => ({ sessionId, projectHash: HEX(root) });
const message = (id: string, input: number) => ({
  id,
  type: "gemini",
  model: "gemini-2.5-pro",
  timestamp: "2026-05-01T10:00:00.000Z",
  tokens: { input, output: 1, cached: 0, total: input + 1 },
});
const inputs = (home: string, context = {}) => scan(gemini, home, context).records.map(({ counters }) => counters.input);

test("GEMINI_DATA_DIR replaces the default, GEMINI_CLI_HOME moves it, extra paths come on top", () => {
  const chat = (input: number) => [head("s"), message("m", input)];
  const home = homeWith({
    ".gemini/tmp/a/chats/session-1.jsonl": chat(1),
    "one/tmp/a/chats/session-1.jsonl": chat(2),
    "two/tmp/a/chats/session-1.jsonl": chat(3),
    "moved/.gemini/tmp/a/chats/session-1.jsonl": chat(4),
    "copy/tmp/a/chats/session-1.jsonl": chat(5),
  });
  const at = (name: string) => join(home, name);
  expect(inputs(home)).toEqual([1]);
  expect(inputs(home, { env: { GEMINI_DATA_DIR: `${at("one")}, ${at("two/tmp")}` } })).toEqual([2, 3]);
  expect(inputs(home, { env: { GEMINI_CLI_HOME: at("moved") } })).toEqual([4]);
  expect(inputs(home, { extraPaths: [at("copy")] })).toEqual([1, 5]);
});

test("only chats are looked at", () => {
  const home = homeWith({
    ".gemini/oauth_creds.json": message("x", 1),
    ".gemini/tmp/a/logs.json": [message("x", 1)],
    ".gemini/tmp/a/tool-outputs/out.json": { messages: [message("x", 1)] },
    ".gemini/tmp/a/chats/session-1.jsonl": [head("s"), message("m", 1)],
  });
  expect(scan(gemini, home).files).toEqual([join(home, ".gemini/tmp/a/chats/session-1.jsonl")]);
});

test("a chat in a folder named by the hash belongs to the root that another folder names", () => {
  const home = homeWith({
    ".gemini/tmp/a/.project_root": "/code/a\n",
    ".gemini/tmp/a/chats/session-1.jsonl": [head("s1"), message("m", 1)],
    [`.gemini/tmp/${HEX("/code/a")}/chats/session-2.json`]: { ...head("s2"), messages: [message("m", 2)] },
    [`.gemini/tmp/${HEX("/code/b")}/chats/session-3.json`]: { ...head("s3", "/code/b"), messages: [message("m", 3)] },
  });
  const cwds = Object.fromEntries(scan(gemini, home).records.map(({ sessionId, cwd }) => [sessionId, cwd]));
  expect(cwds).toEqual({ s1: "/code/a", s2: "/code/a", s3: null });
});

test("the session is remembered where a chat is read on", () => {
  const home = homeWith({});
  const path = join(home, ".gemini/tmp/a/chats/session-1.jsonl");
  put(path, [head("s1"), message("m1", 1)]);
  const keys: string[] = [];
  const read = (from: { offset: number; anchor: string } | null) => {
    const { files } = gemini.discover({ env: {}, home, extraPaths: [] });
    const record = ({ key }: { key: string }) => void keys.push(key);
    const sink = { record, total: record, skip: () => {}, restart: () => void keys.push("restart") };
    return [...gemini.read(files[0]!, from, sink, files)].at(-1)!;
  };
  const first = read(null);
  put(path, [head("s1"), message("m1", 1), message("m2", 2)]);
  read(first);
  expect(keys).toEqual(["restart", "s1:m1", "s1:m2"]);
});

const tokens = { prompt: 1000, candidates: 20, cached: 400, thoughts: 30, tool: 0, total: 1050 };

test.each([
  ["stats", { session_id: "s1", response: "hello", stats: { models: { "gemini-2.5-pro": { api: { totalRequests: 2 }, tokens } } } }],
  ["result.stats", { session_id: "s1", result: { stats: { models: { "gemini-2.5-pro": { api: { totalRequests: 2 }, tokens } } } } }],
])("what a headless run printed: %s", (_, document) => {
  const home = homeWith({ "ci/run.json": document });
  const { records } = scan(gemini, home, { extraPaths: [join(home, "ci/run.json")] });
  expect(records).toMatchObject([
    { model: "gemini-2.5-pro", sessionId: "s1", counters: { input: 600, output: 50, reasoning: 30, cacheRead: 400 }, approximate: true },
  ]);
  expect(scan(gemini, home, { extraPaths: [join(home, "ci")] }).records).toHaveLength(1);
});

test("a headless run with one request has an exact price; its key is the same in every copy", () => {
  const document = { stats: { models: { "gemini-2.5-pro": { api: { totalRequests: 1, totalLatencyMs: 812 }, tokens } } } };
  const home = homeWith({ "ci/a.json": document, "ci/b/c.json": document });
  const { records } = scan(gemini, home, { extraPaths: [join(home, "ci")] });
  expect(records).toMatchObject([{ approximate: false }, { approximate: false }]);
  expect(new Set(records.map(({ key }) => key)).size).toBe(1);
});

test("what a headless run streamed, by model or as one sum", () => {
  const sum = { total_tokens: 150, input_tokens: 100, output_tokens: 30, cached: 40, input: 60 };
  const home = homeWith({
    "ci/new.jsonl": [
      { type: "init", timestamp: "2026-05-01T10:00:00.000Z", session_id: "s1", model: "auto" },
      { type: "result", timestamp: "2026-05-01T10:00:09.000Z", status: "success", stats: { ...sum, models: { "gemini-3-flash": sum } } },
    ],
    "ci/old.jsonl": [
      { type: "init", timestamp: "2026-05-01T11:00:00.000Z", session_id: "s2", model: "gemini-2.5-pro" },
      { type: "result", timestamp: "2026-05-01T11:00:09.000Z", status: "success", stats: sum },
    ],
  });
  const counters = { input: 60, output: 50, cacheRead: 40 };
  expect(scan(gemini, home, { extraPaths: [join(home, "ci")] }).records).toMatchObject([
    { model: "gemini-3-flash", sessionId: "s1", atMs: Date.parse("2026-05-01T10:00:09.000Z"), counters, approximate: true },
    { model: "gemini-2.5-pro", sessionId: "s2", atMs: Date.parse("2026-05-01T11:00:09.000Z"), counters, approximate: true },
  ]);
});

test("a headless run whose chat is there too counts by its chat", () => {
  const home = homeWith({
    ".gemini/tmp/a/chats/session-2026-05-01T10-00-12345678.jsonl": [head("12345678-aaaa"), message("m", 7)],
    "ci/run.json": { session_id: "12345678-aaaa", stats: { models: { "gemini-2.5-pro": { tokens } } } },
  });
  expect(inputs(home, { extraPaths: [join(home, "ci")] })).toEqual([7]);
});

test("other documents in an added folder are passed over", () => {
  const home = homeWith({ "ci/a.json": [1], "ci/b.json": { messages: "none", stats: 3 }, "ci/c.jsonl": [{ type: "result", stats: null }] });
  expect(scan(gemini, home, { extraPaths: [join(home, "ci")] })).toMatchObject({ records: [], skipped: [] });
});

test("calls that failed or were refused edited nothing", () => {
  const call = (file_path: string, status: string) => ({ name: "write_file", status, args: { file_path } });
  const toolCalls = [call("a.ts", "success"), call("b.ts", "error"), call("c.ts", "cancelled"), call("d.ts", "executing")];
  const home = homeWith({ ".gemini/tmp/a/chats/session-1.jsonl": [head("s"), { ...message("m", 1), toolCalls }] });
  expect(scan(gemini, home).records.map(({ files }) => files)).toEqual([["a.ts", "d.ts"]]);
});
