import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { codebuff } from "../../src/sources/codebuff.ts";
import { codebuffRecord } from "../../src/sources/codebuff-message.ts";
import { sandbox } from "../helpers/sandbox.ts";

test("CODEBUFF_DATA_DIR replaces all three channels; only chats are looked at", () => {
  const box = sandbox();
  const put = (path: string) => {
    mkdirSync(dirname(join(box.dir, path)), { recursive: true });
    writeFileSync(join(box.dir, path), "[]");
  };
  const inside = (root: string) => `${root}/projects/shop/chats/one/chat-messages.json`;
  const roots = ["home/.config/manicode", "home/.config/manicode-dev", "home/.config/manicode-staging"];
  for (const root of [...roots, "a", "b"]) {
    put(inside(root));
    put(`${root}/projects/shop/logs/one/chat-messages.json`);
    put(`${root}/projects/shop/chats/one/deeper/chat-messages.json`);
  }
  const found = (env: NodeJS.ProcessEnv) =>
    codebuff.discover({ env, home: box.home, extraPaths: [] }).files.map(({ path }) => path.slice(box.dir.length + 1));
  expect(found({})).toEqual(roots.map(inside));
  expect(found({ CODEBUFF_DATA_DIR: `${join(box.dir, "a")},${join(box.dir, "b")}` })).toEqual(["a", "b"].map(inside));
});

test.each([
  [{ input_tokens: 5, output_tokens: 6, cache_read_input_tokens: 7, cache_creation_input_tokens: 8 }, [5, 6, 7, 8]],
  [{ promptTokens: 50, completionTokens: 6, promptTokensDetails: { cachedTokens: 20 } }, [30, 6, 20, 0]],
  [{ prompt_tokens: 10, completion_tokens: 6, prompt_tokens_details: { cached_tokens: 20 } }, [0, 6, 20, 0]],
])("usage in the words of the service: %j", (usage, wanted) => {
  const message = { id: "ai-1777629605000-b", variant: "ai", metadata: { usage } };
  const found = codebuffRecord(message, { id: "chat", cwd: null });
  if (found === null || typeof found === "string") throw new Error(`no record: ${found}`);
  const { input, output, cacheRead, cacheWrite5m } = found.counters;
  expect([input, output, cacheRead, cacheWrite5m]).toEqual(wanted);
});
