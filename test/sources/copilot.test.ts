/** What is special about Copilot: two logs of the same calls, in whatever order they appear, and sums that come when a session is left. */
import { appendFileSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { copilot } from "../../src/sources/copilot.ts";
import { Segment } from "../../src/sources/copilot-segment.ts";
import { collectIn, query } from "../flow/stored.ts";
import { type Sandbox, sandbox } from "../helpers/sandbox.ts";

const collect = (box: Sandbox) => collectIn(box, undefined, { sources: ["copilot"] });
const rows = (box: Sandbox) =>
  query(
    box,
    `SELECT session_id AS session, input_tokens AS input, output_tokens AS output, cache_read_tokens AS read, estimate_level AS level,
       root AS cwd, logged_branch AS branch FROM usage_records LEFT JOIN worktrees ON worktrees.id = worktree ORDER BY ts_ms, output`,
  );

function append(path: string, ...lines: object[]): void {
  mkdirSync(dirname(path), { recursive: true });
  appendFileSync(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
}

const AT = "2026-05-01T10:00:00.000Z";
const event = (type: string, data: object, id = type) => ({ type, data, id, timestamp: AT, parentId: null });
const start = event("session.start", { sessionId: "s1", context: { cwd: "/code/shop", branch: "main" }, selectedModel: "gpt-5-mini" });
const message = (n: number, ids: object = { serviceRequestId: `sr-${n}` }) =>
  event("assistant.message", { messageId: `m-${n}`, outputTokens: 10 * n, ...ids }, `e-${n}`);
const shutdown = (inputTokens: number, outputTokens: number) =>
  event("session.shutdown", { modelMetrics: { "gpt-5-mini": { requests: { count: 2 }, usage: { inputTokens, outputTokens } } } });
const span = (n: number, session = "s1") => ({
  type: "span",
  traceId: "t",
  spanId: `span-${n}`,
  name: "chat gpt-5-mini",
  endTime: [Date.parse(AT) / 1000, 0],
  attributes: {
    "gen_ai.operation.name": "chat",
    "gen_ai.response.model": "gpt-5-mini",
    "gen_ai.conversation.id": session,
    "gen_ai.usage.input_tokens": 1000 * n,
    "gen_ai.usage.output_tokens": 10 * n,
    "gen_ai.usage.cache_read.input_tokens": 400,
    "github.copilot.service_request_id": `sr-${n}`,
  },
});

const sessionLog = (box: Sandbox) => join(box.home, ".copilot/session-state/s1/events.jsonl");
const exportLog = (box: Sandbox) => join(box.home, ".copilot/otel/copilot.jsonl");

describe("a session that the export covers", () => {
  const both = [1, 2].map((n) => ({
    session: "s1",
    input: 1000 * n - 400,
    output: 10 * n,
    read: 400,
    level: "exact",
    cwd: "/code/shop",
    branch: "main",
  }));
  const tell = (box: Sandbox) => append(sessionLog(box), start, message(1), message(2), shutdown(3000, 30));
  const exportAll = (box: Sandbox) => append(exportLog(box), span(1), span(2));

  test.each([
    ["at once", [[tell, exportAll]]],
    ["the export first", [[exportAll], [tell]]],
    [
      "the session first, its sum last",
      [
        [(box: Sandbox) => append(sessionLog(box), start, message(1), message(2))],
        [exportAll],
        [(box: Sandbox) => append(sessionLog(box), shutdown(3000, 30))],
      ],
    ],
    [
      "response by response",
      [
        [(box: Sandbox) => append(sessionLog(box), start, message(1))],
        [(box: Sandbox) => append(exportLog(box), span(1), span(2))],
        [(box: Sandbox) => append(sessionLog(box), message(2), shutdown(3000, 30))],
      ],
    ],
  ])("counts once: %s", async (_, runs) => {
    const box = sandbox();
    for (const writes of runs) {
      for (const write of writes) write(box);
      expect(await collect(box)).toMatchObject({ errors: [] });
    }
    expect(rows(box)).toEqual(both);
  });

  test("an export that comes to light after the sum was shared out never adds to it", async () => {
    const box = sandbox();
    tell(box);
    await collect(box);
    expect(rows(box)).toMatchObject([
      { input: 1500, output: 10, read: 0 },
      { input: 1500, output: 20, read: 0 },
    ]);
    exportAll(box);
    await collect(box);
    expect(rows(box)).toMatchObject([
      { input: 1500, output: 10, read: 400 },
      { input: 1600, output: 20, read: 400 },
    ]);
  });
});

test("a response without a request id counts only where there is no export", async () => {
  const alone = sandbox();
  append(sessionLog(alone), start, message(1, {}));
  await collect(alone);
  expect(rows(alone)).toMatchObject([{ session: "s1", output: 10, level: "heuristic" }]);

  const covered = sandbox();
  append(sessionLog(covered), start, message(1, {}));
  append(exportLog(covered), span(1));
  await collect(covered);
  expect(rows(covered)).toMatchObject([{ session: "s1", input: 600 }]);
  expect(query(covered, "SELECT * FROM skipped")).toEqual([]);

  const unknown = sandbox();
  append(sessionLog(unknown), start, message(1, {}));
  append(exportLog(unknown), span(1, "another"));
  await collect(unknown);
  expect(rows(unknown)).toMatchObject([{ session: "another", input: 600 }]);
  expect(query(unknown, "SELECT line, reason FROM skipped")).toEqual([
    { line: 2, reason: "no request id: it may be in the OpenTelemetry export as well" },
  ]);
});

test("the sum of an earlier stay is not shared with the responses of a later one", async () => {
  const box = sandbox();
  const resume = event("session.resume", {});
  append(sessionLog(box), start, message(1), resume, message(2));
  await collect(box);
  append(sessionLog(box), shutdown(700, 20));
  await collect(box);
  expect(rows(box)).toMatchObject([
    { input: 0, output: 10 },
    { input: 700, output: 20 },
  ]);
});

test("COPILOT_HOME replaces the default, the exporter's file is added", () => {
  const box = sandbox();
  const named = join(box.dir, "spans.jsonl");
  append(sessionLog(box), start);
  append(join(box.dir, "moved/session-state/s2/events.jsonl"), start);
  append(join(box.dir, "moved/session-state/s2/files/kept.jsonl"), start);
  append(named, span(1));
  const discover = (env: NodeJS.ProcessEnv) =>
    copilot.discover({ env, home: box.home, extraPaths: [] }).files.map(({ path }) => path.slice(box.dir.length));
  expect(discover({})).toEqual(["/home/.copilot/session-state/s1/events.jsonl"]);
  expect(discover({ COPILOT_HOME: join(box.dir, "moved"), COPILOT_OTEL_FILE_EXPORTER_PATH: named })).toEqual([
    "/moved/session-state/s2/events.jsonl",
    "/spans.jsonl",
  ]);
});

test("what more responses than are remembered have to bear is booked at the end, in parts below any long-context price", () => {
  const none = { input: 0, output: 0, reasoning: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, webSearches: 0 };
  const segment = new Segment();
  for (let n = 0; n < 5000; n++) segment.add("m", `key-${n}-${"x".repeat(90)}`, 1_777_000_000_000 + n, 2);
  const again = new Segment();
  const saved = JSON.stringify(segment.save());
  expect(saved.length).toBeLessThan(60_000);
  again.restore(JSON.parse(saved));
  const { borne, unborne } = again.share("m", { ...none, input: 5_000_000, output: 10_000 }, null);
  expect(borne[0]).toMatchObject({ key: `key-0-${"x".repeat(90)}`, counters: { input: 1000, output: 2 } });
  const left = 5_000_000 - 1000 * borne.length;
  expect(unborne).toHaveLength(Math.ceil(left / 100_000));
  expect(unborne.reduce((sum, { counters }) => sum + counters.input, 0)).toBe(left);
});
