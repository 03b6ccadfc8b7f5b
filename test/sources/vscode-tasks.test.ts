/** What is special about Cline, Roo Code and Kilo Code: many editors, rows that are filled in later, and two ways to count a prompt. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { cline } from "../../src/sources/cline.ts";
import { kiloCode } from "../../src/sources/kilo-code.ts";
import { roo } from "../../src/sources/roo.ts";
import { wholePromptSince } from "../../src/sources/vscode-whole-prompt.ts";
import { collectIn, query } from "../flow/stored.ts";
import { type Sandbox, sandbox } from "../helpers/sandbox.ts";

function put(path: string, content: unknown): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify(content));
}

const AT = Date.UTC(2026, 4, 1, 10);
const row = (fields: object) => ({ ts: AT, type: "say", say: "api_req_started", text: JSON.stringify(fields) });

test("every editor is looked at, on every system, and each extension only in its own folder", () => {
  const box = sandbox();
  const users = [
    ".config/Code/User",
    ".config/Code - Insiders/User",
    ".config/VSCodium/User",
    ".config/Cursor/User",
    ".config/Windsurf/User",
    "Library/Application Support/Code/User",
    ".vscode-server/data/User",
  ];
  const extensions = ["saoudrizwan.claude-dev", "rooveterinaryinc.roo-cline", "kilocode.kilo-code"];
  for (const user of users) {
    for (const extension of extensions) put(join(box.home, user, "globalStorage", extension, "tasks/1/ui_messages.json"), []);
  }
  put(join(box.home, users[0] as string, "globalStorage", extensions[0] as string, "tasks/1/deeper/ui_messages.json"), []);
  put(join(box.dir, "moved/Code/User/globalStorage", extensions[1] as string, "tasks/1/ui_messages.json"), []);
  for (const [nth, source] of [cline, roo, kiloCode].entries()) {
    const { files } = source.discover({ env: {}, home: box.home, extraPaths: [] });
    const wanted = users.map((user) => join(box.home, user, "globalStorage", extensions[nth] as string, "tasks/1/ui_messages.json"));
    expect(files.map(({ path }) => path).toSorted()).toEqual(wanted.toSorted());
  }
  const env = { XDG_CONFIG_HOME: join(box.dir, "moved") };
  expect(roo.discover({ env, home: join(box.dir, "empty"), extraPaths: [] }).files).toHaveLength(1);
});

test("a request counts when its answer is there, with the counters it ends with", async () => {
  const box = sandbox();
  const file = join(box.home, ".config/Code/User/globalStorage/saoudrizwan.claude-dev/tasks/1/ui_messages.json");
  const collect = async (fields: object) => {
    put(file, [{ ...row(fields), modelInfo: { providerId: "anthropic", modelId: "claude-opus-4-6" } }]);
    await collectIn(box, undefined, { sources: ["cline"] });
    return stored(box);
  };
  expect(await collect({ request: "..." })).toEqual([]);
  expect(await collect({ tokensIn: 100, tokensOut: 5 })).toEqual([{ input: 100, output: 5, reported: null }]);
  expect(await collect({ tokensIn: 100, tokensOut: 50, cost: 0.002 })).toEqual([{ input: 100, output: 50, reported: 2_000_000 }]);
});

const stored = (box: Sandbox) =>
  query(box, "SELECT input_tokens AS input, output_tokens AS output, reported_nanousd AS reported FROM usage_records");

test.each([
  ["before, Anthropic's protocol: fresh input", AT - 1, "anthropic", 1000, 1000],
  ["before, OpenAI's protocol: the whole prompt", AT - 1, "openai", 1000, 700],
  ["before there were protocols: fresh input", AT - 1, null, 1000, 1000],
  ["since: the whole prompt", AT, "anthropic", 1000, 700],
  ["less than was cached is never the whole", AT, "anthropic", 299, 299],
])("input of Roo Code and Kilo Code %s", (_, atMs, protocol, tokensIn, input) => {
  const request = { tokensIn, cacheReads: 200, cacheWrites: 100, atMs, provider: null, protocol };
  expect(wholePromptSince(AT)(request)).toEqual({ input, cacheWrite: 100 });
});
