import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { amp } from "../../src/sources/amp.ts";
import { collectIn, query } from "../flow/stored.ts";
import { sandbox } from "../helpers/sandbox.ts";

const usage = {
  model: "claude-haiku-4-5-20251001",
  inputTokens: 100,
  outputTokens: 50,
  cacheReadInputTokens: 10,
  timestamp: "2026-05-01T10:00:00.000Z",
};
const messages = [{ role: "assistant", messageId: 1, content: [], usage }];

test("a ledger that comes later takes the place of the messages it pays for", async () => {
  const box = sandbox();
  const write = (thread: object) => {
    const path = join(box.home, ".local/share/amp/threads/T-1.json");
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, JSON.stringify({ id: "T-1", ...thread }));
  };
  const event = { timestamp: usage.timestamp, model: usage.model };
  write({ messages });
  expect(await collectIn(box, undefined, { sources: ["amp"] })).toMatchObject({ newRecords: 1, errors: [] });
  write({
    messages,
    usageLedger: {
      events: [
        { ...event, id: "e1", toMessageId: 1, tokens: { input: 100, output: 50 } },
        { ...event, id: "e2", toMessageId: 1, tokens: { input: 3, output: 2 } },
      ],
    },
  });
  expect(await collectIn(box, undefined, { sources: ["amp"] })).toMatchObject({ newRecords: 1, errors: [] });
  expect(query(box, "SELECT input_tokens AS input, output_tokens AS output FROM usage_records ORDER BY output")).toEqual([
    { input: 3, output: 2 },
    { input: 100, output: 50 },
  ]);
});

test("AMP_DATA_DIR replaces the default and may be a list, XDG_DATA_HOME moves it", () => {
  const box = sandbox();
  for (const root of ["home/.local/share/amp", "xdg/amp", "a", "b"]) {
    mkdirSync(join(box.dir, root, "threads"), { recursive: true });
    writeFileSync(join(box.dir, root, "threads/T-1.json"), "{}");
    writeFileSync(join(box.dir, root, "threads/other.json"), "{}");
  }
  const found = (env: NodeJS.ProcessEnv) =>
    amp.discover({ env, home: box.home, extraPaths: [] }).files.map(({ path }) => path.slice(box.dir.length));
  expect(found({})).toEqual(["/home/.local/share/amp/threads/T-1.json"]);
  expect(found({ XDG_DATA_HOME: join(box.dir, "xdg") })).toEqual(["/xdg/amp/threads/T-1.json"]);
  expect(found({ AMP_DATA_DIR: `${join(box.dir, "a")}, ${join(box.dir, "b")}` })).toEqual(["/a/threads/T-1.json", "/b/threads/T-1.json"]);
});
