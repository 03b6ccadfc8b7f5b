import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { claudeLine, SENTINEL } from "../helpers/agent.ts";
import { progressLine } from "../helpers/corpus.ts";
import { sandbox } from "../helpers/sandbox.ts";
import { readClaude } from "./read.ts";

const AT = Date.UTC(2026, 3, 1, 12, 0, 0, 250);

function read(...lines: string[]) {
  const file = join(sandbox().dir, "session-path.jsonl");
  writeFileSync(file, `${lines.join("\n")}\n`);
  return readClaude(file);
}

test("a response becomes a record that keeps counters and place, and no content", () => {
  const line = claudeLine({
    cwd: "/code/a",
    atMs: AT,
    session: "s1",
    id: "msg_1",
    requestId: "req_1",
    branch: "feat/x",
    input: 11,
    output: 22,
    cacheRead: 33,
    write5m: 44,
    write1h: 55,
    edits: ["/code/a/src/x.ts", "/code/a/src/x.ts", "b.ts"],
    usage: { speed: "fast", server_tool_use: { web_search_requests: 2 } },
  });
  const { records, skipped } = read(line);
  expect(skipped).toEqual([]);
  expect(records).toEqual([
    {
      key: "msg_1",
      variant: "req_1",
      tool: "claude-code",
      provider: "anthropic",
      model: "claude-sonnet-4-5-20250929",
      sessionId: "s1",
      atMs: AT,
      counters: { input: 11, output: 22, reasoning: 0, cacheRead: 33, cacheWrite5m: 44, cacheWrite1h: 55, webSearches: 2 },
      fast: true,
      cwd: "/code/a",
      loggedBranch: "feat/x",
      loggedCommit: null,
      reportedNanoUsd: null,
      approximate: false,
      files: ["/code/a/src/x.ts", "b.ts"],
    },
  ]);
  expect(JSON.stringify(records)).not.toContain(SENTINEL);
});

test("without a split, and for what a split leaves out, cache writes are of five minutes", () => {
  const usage = (extra: object) => claudeLine({ cwd: "/w", usage: extra as Record<string, unknown> });
  const { records } = read(
    usage({ cache_creation_input_tokens: 700, cache_creation: undefined }),
    usage({ cache_creation_input_tokens: 700, cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 } }),
    usage({ cache_creation_input_tokens: 700, cache_creation: { ephemeral_5m_input_tokens: 100, ephemeral_1h_input_tokens: 200 } }),
    usage({ cache_creation_input_tokens: 0, cache_creation: { ephemeral_5m_input_tokens: 10, ephemeral_1h_input_tokens: 20 } }),
  );
  expect(records.map(({ counters }) => [counters.cacheWrite5m, counters.cacheWrite1h])).toEqual([
    [700, 0],
    [700, 0],
    [500, 200],
    [10, 20],
  ]);
});

test("nulls inside content, blanks after colons and repeated iterations change nothing", () => {
  const made = JSON.parse(claudeLine({ cwd: "/w", id: "msg_null", output: 7 }));
  made.message.content.push({ type: "tool_use", name: "Other", input: { id: null, cwd: null, model: null, requestId: null } });
  made.message.usage.iterations = [{ input_tokens: 5000, output_tokens: 5000, model: null }];
  const { records } = read(JSON.stringify(made, null, 1).replaceAll("\n", " "));
  expect(records).toHaveLength(1);
  expect(records[0]).toMatchObject({ key: "msg_null", counters: { input: 0, output: 7 } });
});

test("a missing request id is an empty variant, a sidechain is a replay", () => {
  const { records } = read(claudeLine({ cwd: "/w", requestId: null }), claudeLine({ cwd: "/w", sidechain: true, requestId: "req_other" }));
  expect(records.map(({ variant }) => variant)).toEqual(["", null]);
});

test("a subagent's response told to its parent counts under its own ids, other progress does not", () => {
  const told = progressLine({ cwd: "/w", session: "parent", id: "msg_sub", requestId: "req_sub", output: 9, atMs: AT });
  const other = told.replace("agent_progress", "bash_progress");
  const { records, skipped } = read(told, other);
  expect(skipped).toEqual([]);
  expect(records).toHaveLength(1);
  expect(records[0]).toMatchObject({
    key: "msg_sub",
    variant: "req_sub",
    sessionId: "parent",
    atMs: AT,
    cwd: "/w",
    counters: { output: 9 },
  });
});

test("made-up messages and lines of others are no records and no faults", () => {
  const { records, skipped } = read(
    claudeLine({ cwd: "/w", model: "<synthetic>", output: 0 }),
    JSON.stringify({ type: "user", toolUseResult: { usage: { input_tokens: 5, output_tokens: 6 } } }),
    JSON.stringify({ type: "summary", text: '"input_tokens"' }),
  );
  expect(records).toEqual([]);
  expect(skipped).toEqual([]);
});

test("lines that should be records and are not are counted with line number and reason", () => {
  const bad = (change: (line: any) => void) => {
    const line = JSON.parse(claudeLine({ cwd: "/w" }));
    change(line);
    return JSON.stringify(line);
  };
  const number = "a counter is not a whole number between 0 and 10^12";
  const { records, skipped } = read(
    claudeLine({ cwd: "/w" }),
    claudeLine({ cwd: "/w" }).slice(0, -20),
    bad((line) => (line.message.usage.output_tokens = -1)),
    bad((line) => (line.message.usage.input_tokens = 1.5)),
    bad((line) => (line.message.usage.cache_read_input_tokens = "12")),
    bad((line) => (line.message.usage.output_tokens = 1e13)),
    bad((line) => (line.timestamp = "yesterday")),
    bad((line) => (line.timestamp = "1970-01-01T00:00:00.000Z")),
    bad((line) => delete line.message.model),
    bad((line) => {
      delete line.message.id;
      delete line.requestId;
      delete line.uuid;
    }),
  );
  expect(records).toHaveLength(1);
  expect(skipped).toEqual([
    [2, "not JSON"],
    [3, number],
    [4, number],
    [5, number],
    [6, number],
    [7, "no valid time"],
    [8, "no valid time"],
    [9, "no model"],
    [10, "no message id"],
  ]);
});

test("names outside ASCII survive, raw and escaped, even mixed in one string", () => {
  const raw = claudeLine({ cwd: "/code/größe/費用", branch: "feat/naïve", edits: ["/code/größe/ü.ts"] });
  const escaped = raw.replace("größe", "gr\\u00f6\\u00dfe");
  const { records } = read(raw, escaped);
  for (const record of records) {
    expect(record.cwd).toBe("/code/größe/費用");
    expect(record.loggedBranch).toBe("feat/naïve");
    expect(record.files).toEqual(["/code/größe/ü.ts"]);
  }
  expect(records).toHaveLength(2);
});

test("at most 200 edited files are kept, none longer than 4096 characters", () => {
  const edits = Array.from({ length: 300 }, (_, n) => `/w/${n}.ts`);
  const { records } = read(claudeLine({ cwd: "/w", edits: ["/".padEnd(5000, "x"), ...edits] }));
  expect(records[0]?.files).toEqual(edits.slice(0, 200));
});
