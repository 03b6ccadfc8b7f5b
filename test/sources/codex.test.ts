/** Where Codex's logs lie, what is kept of them, and the output of `codex exec --json`. */
import { appendFileSync, renameSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { codex } from "../../src/sources/codex.ts";
import type { Position } from "../../src/sources/source.ts";
import { countLine, line, metaLine, patchLine, talkLine, tierLine, turnLine, type Usage, zeroUsage } from "../helpers/codex-lines.ts";
import { asSourceFile } from "./read.ts";
import { homeWith, put, scan } from "./scan.ts";

const AT = Date.UTC(2026, 4, 10, 8);
const id = (n: number) => `019ae000-0000-7000-8000-${String(n).padStart(12, "0")}`;
const name = (n: number) => `rollout-2026-05-10T08-00-00-${id(n)}.jsonl`;
const usage = (input: number, output = 1, more: Partial<Usage> = {}): Usage => ({ ...zeroUsage(), input, output, ...more });
/** A session of one response. */
const session = (n: number, input: number) => [
  metaLine(AT, id(n)),
  turnLine(AT, "gpt-5.4"),
  countLine(AT + 5000, usage(input), usage(input)),
];
const inputs = (home: string, context = {}) => scan(codex, home, context).records.map(({ counters }) => counters.input);
const log = (lines: unknown[]) => homeWith({ [`.codex/sessions/2026/05/10/${name(1)}`]: lines });

test("CODEX_HOME replaces the default and may be a list, extra paths come on top", () => {
  const home = homeWith({
    [`.codex/sessions/2026/05/10/${name(1)}`]: session(1, 1),
    ".codex/sessions/2026/05/10/notes.jsonl": session(9, 9),
    [`one/archived_sessions/${name(2)}`]: session(2, 2),
    [`two/sessions/2026/05/10/${name(3)}`]: session(3, 3),
    [`more/sessions/2026/05/10/${name(4)}`]: session(4, 4),
  });
  expect(inputs(home)).toEqual([1]);
  expect(inputs(home, { extraPaths: [join(home, "more")] })).toEqual([1, 4]);
  const env = { CODEX_HOME: `${join(home, "one")}, ${join(home, "two")}` };
  expect(inputs(home, { env })).toEqual([2, 3]);
});

test("a session in both folders is read where it is active; compressed logs are told of, unless the log itself is there", () => {
  const home = homeWith({
    [`.codex/sessions/2026/05/10/${name(1)}`]: session(1, 1),
    [`.codex/archived_sessions/${name(1)}`]: session(1, 1),
    [`.codex/sessions/2026/05/10/${name(1)}.zst`]: "zstd",
  });
  const found = () => codex.discover({ env: {}, home, extraPaths: [] });
  expect(found()).toMatchObject({ files: [{ path: join(home, ".codex/sessions/2026/05/10", name(1)) }], unreadable: [] });
  put(join(home, ".codex/archived_sessions", `${name(2)}.zst`), "zstd");
  expect(found().unreadable).toEqual([{ path: join(home, ".codex"), reason: "holds logs compressed with zstd, which are not read" }]);
});

test("a record keeps counters and place, and no content", () => {
  const counted = usage(1000, 90, { cached: 600, written: 150, reasoning: 40 });
  const home = log([
    metaLine(AT, id(1)),
    turnLine(AT, "gpt-5.6-sol", "/code/größe"),
    talkLine(AT, 500),
    patchLine(AT, "src/ä.ts"),
    countLine(AT + 1, counted, counted),
  ]);
  expect(scan(codex, home).records).toEqual([
    {
      key: `${id(1)}:1000,600,150,90,40`,
      variant: "",
      tool: "codex",
      provider: "openai",
      model: "gpt-5.6-sol",
      sessionId: id(1),
      atMs: AT + 1,
      counters: { input: 250, output: 90, reasoning: 40, cacheRead: 600, cacheWrite5m: 150, cacheWrite1h: 0, webSearches: 0 },
      fast: false,
      cwd: "/code/größe",
      loggedBranch: "feat/cart",
      loggedCommit: "1".repeat(40),
      reportedNanoUsd: null,
      approximate: false,
      files: ["src/ä.ts"],
    },
  ]);
});

test("lines that are laid out otherwise are read all the same", () => {
  const spaced = session(1, 7).map((made) => JSON.stringify(made, null, 1).replaceAll("\n", " "));
  const turned = session(1, 7).map(({ timestamp, type, payload }) => JSON.stringify({ payload, type, timestamp }));
  expect(inputs(log(spaced))).toEqual([7]);
  expect(inputs(log(turned))).toEqual([7]);
});

test("the label of reviews is the newest model of its day, no model is a guess: both are estimates", () => {
  const made = (day: string, model: string | null) => {
    const at = Date.parse(`${day}T12:00:00Z`);
    const turn = model === null ? [] : [turnLine(at, model)];
    const [record] = scan(codex, log([metaLine(at, id(1)), ...turn, countLine(at + 1, usage(5), usage(5))])).records;
    return [record?.model, record?.approximate];
  };
  expect(made("2025-09-14", "codex-auto-review")).toEqual(["gpt-5", true]);
  expect(made("2025-11-13", "codex-auto-review")).toEqual(["gpt-5.1-codex", true]);
  expect(made("2026-05-01", "codex-auto-review")).toEqual(["gpt-5.5", true]);
  expect(made("2025-09-01", null)).toEqual(["gpt-5", true]);
  expect(made("2025-09-01", "gpt-5-codex")).toEqual(["gpt-5-codex", false]);
});

test("the tier that was recorded counts, then the one in the settings, from when they were written", () => {
  const steps = (...lines: unknown[]) => [metaLine(AT, id(1)), turnLine(AT, "gpt-5.4"), ...lines];
  const step = (n: number) => countLine(AT + n * 1000, usage(n), usage(1));
  const tiers = (home: string) => scan(codex, home).records.map(({ fast, approximate }) => [fast, approximate]);
  const switched = steps(step(1), tierLine(AT, "priority"), step(2), tierLine(AT, "flex"), step(3), tierLine(AT, "default"), step(4));
  expect(tiers(log(switched))).toEqual([
    [false, false],
    [true, false],
    [false, true],
    [false, false],
  ]);
  const home = log(steps(step(1), step(2), tierLine(AT, "standard"), step(3)));
  const config = join(home, ".codex/config.toml");
  const since = new Date(AT + 1500);
  const settings = (toml: string) => {
    writeFileSync(config, toml);
    utimesSync(config, since, since);
    return tiers(home);
  };
  const plain = [
    [false, false],
    [false, false],
    [false, false],
  ];
  const fast = [
    [false, false],
    [true, true],
    [false, false],
  ];
  expect(settings('service_tier = "fast" # quick')).toEqual(fast);
  expect(settings("model = 'x'\n[profiles.a]\nservice_tier = 'fast'\n")).toEqual(plain);
  expect(settings("profile = 'a'\n[profiles.a]\nservice_tier = 'priority'\n")).toEqual(fast);
  expect(settings('notes = """\nservice_tier = "fast"\n"""\nservice_tier = "standard"\n')).toEqual(plain);
});

test("a provider by its usual name bills; behind a name of the user's own, whoever made the model", () => {
  const billed = (provider: string) =>
    scan(codex, log([metaLine(AT, id(1), { model_provider: provider }), ...session(1, 3).slice(1)])).records[0]?.provider;
  expect(["openai", "azure", "ollama", "corp-gateway"].map(billed)).toEqual(["openai", "azure", "ollama", "openai"]);
});

test("what is remembered between two runs is small, and a moved log is read from its start", () => {
  const home = log([...session(1, 5), ...Array.from({ length: 150 }, (_, n) => patchLine(AT, `${"deep/".repeat(100)}${n}.ts`))]);
  const path = join(home, ".codex/sessions/2026/05/10", name(1));
  let position: Position | null = null;
  const sink = { record: () => {}, total: () => {}, skip: () => {}, restart: () => {} };
  for (position of codex.read(asSourceFile(path), null, sink, []));
  expect(position?.anchor.length).toBeLessThan(16 * 1024);
  appendFileSync(path, `${JSON.stringify(countLine(AT + 9000, usage(25, 2), usage(20)))}\n`);
  const told: unknown[] = [];
  for (const _ of codex.read(asSourceFile(path), position, { ...sink, record: (record) => told.push(record) }, []));
  expect(told).toMatchObject([{ counters: { input: 20, output: 1 }, cwd: "/code/shop", model: "gpt-5.4" }]);
  renameSync(path, join(home, name(1)));
  expect(inputs(home, { extraPaths: [home] })).toEqual([5, 20]);
});

test("output of codex exec that the user kept counts under any name, unless the session has a log", () => {
  const out = (thread: string, input: number, more: object = {}) => [
    { type: "thread.started", thread_id: thread },
    { type: "item.completed", item: { type: "agent_message", text: "usage" } },
    { type: "turn.completed", usage: { input_tokens: input, cached_input_tokens: 2, output_tokens: 3 }, ...more },
  ];
  const home = homeWith({
    [`.codex/sessions/2026/05/10/${name(1)}`]: session(1, 1),
    "kept/a.jsonl": [...out(id(7), 10), ...out(id(1), 20), ...out(id(8), 30, { timestamp: "2026-05-10T09:00:00Z", model: "gpt-5.2" })],
    "kept/b.jsonl": [
      { result: { usage: { prompt_tokens: 50, cached_tokens: 10, completion_tokens: 5, reasoning_tokens: 4 }, created_at: AT / 1000 } },
      { data: { usage: { input_tokens: -1 } } },
    ],
  });
  const kept = new Date(AT + 86_400_000);
  utimesSync(join(home, "kept/a.jsonl"), kept, kept);
  const { records, skipped } = scan(codex, home, { extraPaths: [join(home, "kept")] });
  expect(skipped).toEqual(["a counter is not a whole number between 0 and 10^12"]);
  expect(
    records
      .slice(1)
      .map(({ sessionId, atMs, model, approximate, counters }) => [
        sessionId,
        atMs,
        model,
        approximate,
        counters.input,
        counters.cacheRead,
        counters.output,
        counters.reasoning,
      ]),
  ).toEqual([
    [id(7), AT + 86_400_000, "gpt-5", true, 8, 2, 3, 0],
    [id(8), Date.UTC(2026, 4, 10, 9), "gpt-5.2", false, 28, 2, 3, 0],
    ["b", AT, "gpt-5", true, 40, 10, 5, 4],
  ]);
});

test("lines that should count and cannot be read are told of", () => {
  const [meta, turn, count] = session(1, 7);
  const bad = (change: Record<string, unknown>) => ({ ...count, ...change });
  const home = log([
    meta,
    turn,
    JSON.stringify(count).slice(0, -9),
    bad({ timestamp: "yesterday" }),
    line(AT, "event_msg", { type: "token_count", info: { total_token_usage: { input_tokens: 1.5 } } }),
    line(AT, "event_msg", { type: "token_count", info: { total_token_usage: "many", last_token_usage: {} } }),
    line(AT, "token_usage_record", { response_id: "r", usage: { output_tokens: 1e13 } }),
    count,
  ]);
  const number = "a counter is not a whole number between 0 and 10^12";
  expect(scan(codex, home).skipped).toEqual(["not JSON", "no valid time", number, number, number]);
  expect(inputs(home)).toEqual([7]);
});
