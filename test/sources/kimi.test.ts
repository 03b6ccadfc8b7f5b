import { createHash } from "node:crypto";
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { SourceRecord } from "../../src/core/record.ts";
import { kimi } from "../../src/sources/kimi.ts";
import type { Position } from "../../src/sources/source.ts";
import { homeWith, scan } from "./scan.ts";

const GROUP = createHash("md5").update("/code/a").digest("hex");
const wire = (type: string, payload: object, timestamp: unknown = 1_778_900_000.5) => ({ timestamp, message: { type, payload } });
const usage = (input: number, more: object = {}) => ({ token_usage: { input_other: input, output: 1 }, message_id: `m${input}`, ...more });
const status = (input: number, timestamp?: unknown) => wire("StatusUpdate", usage(input), timestamp);
const log = (root: string, ...lines: object[]) => ({ [`${root}/sessions/${GROUP}/s1/wire.jsonl`]: lines });
const writes = (path: string) => wire("ToolCall", { function: { name: "WriteFile", arguments: JSON.stringify({ path, content: "" }) } });

test("KIMI_DATA_DIR replaces the default, KIMI_SHARE_DIR moves it, extra paths come on top", () => {
  const home = homeWith({ ...log(".kimi", status(1)), ...log("one", status(2)), ...log("two", status(3)), ...log("moved", status(4)) });
  const at = (name: string) => join(home, name);
  const inputs = (context = {}) => scan(kimi, home, context).records.map(({ counters }) => counters.input);
  expect(inputs()).toEqual([1]);
  expect(inputs({ env: { KIMI_DATA_DIR: `${at("one")},${at("two/sessions")}` } })).toEqual([2, 3]);
  expect(inputs({ env: { KIMI_SHARE_DIR: at("moved") }, extraPaths: [at("one")] })).toEqual([4, 2]);
});

test.each([
  ["nothing", {}, "kimi-k2.6"],
  ["config.toml", { "config.toml": "default_model = 'mine' # x\n[models.mine]\nmodel = \"kimi-k2-thinking\"\n" }, "kimi-k2-thinking"],
  ["config.toml without that model", { "config.toml": 'default_model = "claude-opus-4-6"\n[models.x]\nmodel = "k3"' }, "claude-opus-4-6"],
  ["config.toml with a name in a table only", { "config.toml": '[other]\ndefault_model = "x"\n' }, "kimi-k2.6"],
  ["config.json", { "config.json": { default_model: "m", models: { m: { model: "kimi-k2-turbo-preview" } } } }, "kimi-k2-turbo-preview"],
  ["config.json that is broken", { "config.json": "{" }, "kimi-k2.6"],
])("the model when there is %s", (_, files, model) => {
  const beside = Object.fromEntries(Object.entries(files).map(([name, content]) => [`.kimi/${name}`, content]));
  const home = homeWith({ ...log(".kimi", status(1)), ...beside });
  expect(scan(kimi, home).records).toMatchObject([{ model, approximate: true }]);
});

test("the provider is the model's", () => {
  const home = homeWith({ ...log(".kimi", status(1)), ".kimi/config.toml": 'default_model = "claude-opus-4-6"' });
  expect(scan(kimi, home).records).toMatchObject([{ provider: "anthropic" }]);
});

test("calls wait for their response, also where the log is read on; each agent has its own", () => {
  const sub = (type: string, payload: object) => wire("SubagentEvent", { task_tool_call_id: "t1", event: { type, payload } });
  const home = homeWith(log(".kimi", writes("mine.ts"), sub("ToolCall", writes("theirs.ts").message.payload)));
  const records: SourceRecord[] = [];
  const read = (from: Position | null): Position => {
    const { files } = kimi.discover({ env: {}, home, extraPaths: [] });
    const record = (found: SourceRecord) => void records.push(found);
    return [...kimi.read(files[0]!, from, { record, total: record, skip: () => {}, restart: () => {} }, files)].at(-1)!;
  };
  const first = read(null);
  const more = [sub("StatusUpdate", usage(1)), status(2), status(3)].map((line) => `${JSON.stringify(line)}\n`);
  appendFileSync(join(home, `.kimi/sessions/${GROUP}/s1/wire.jsonl`), more.join(""));
  read(first);
  expect(records.map(({ key, files }) => [key, ...files])).toEqual([["m1", "theirs.ts"], ["m2", "mine.ts"], ["m3"]]);
});

test("broken calls and times", () => {
  const broken = wire("ToolCall", { function: { name: "WriteFile", arguments: '{"path": "a' } });
  const home = homeWith(log(".kimi", broken, status(1), status(2, "now"), wire("StatusUpdate", usage(0, { token_usage: {} }))));
  expect(scan(kimi, home)).toMatchObject({ records: [{ key: "m1", files: [] }], skipped: ["no valid time"] });
});
