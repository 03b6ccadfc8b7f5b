import { appendFileSync, mkdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { claudeLine, claudeLog, respond, SENTINEL } from "../helpers/agent.ts";
import { makeCorpus, writeCorpus } from "../helpers/corpus.ts";
import { type Sandbox, sandbox } from "../helpers/sandbox.ts";
import { collectIn, query, storedBySession, storedTotal } from "./stored.ts";

const projects = (box: Sandbox) => join(box.home, ".claude", "projects");

test.each([1, 2, 3])("a corpus of copies, replays and subagents adds up to the token, once and twice (seed %d)", async (seed) => {
  const box = sandbox();
  const corpus = makeCorpus(seed);
  writeCorpus(corpus, projects(box));
  const first = await collectIn(box);
  expect(first).toMatchObject({ newRecords: corpus.total.records, skippedLines: 0, files: corpus.files.length, errors: [] });
  expect(corpus.usageLines).toBeGreaterThan(corpus.total.records);
  expect(storedTotal(box)).toEqual(corpus.total);
  expect(storedBySession(box)).toEqual(corpus.bySession);
  const second = await collectIn(box);
  expect(second).toMatchObject({ newRecords: 0, grownRecords: 0, filesRead: 0, bytesRead: 0 });
  rmSync(box.db.replace(/usage\.db$/, ""), { recursive: true });
});

test("logs that grow between runs, cut at any byte, come to the same totals", async () => {
  const box = sandbox();
  const corpus = makeCorpus(7, 3, 12);
  let cut = 1;
  for (const { path, lines } of corpus.files) {
    const file = join(projects(box), path);
    mkdirSync(dirname(file), { recursive: true });
    const bytes = Buffer.from(`${lines.join("\n")}\n`);
    for (let at = 0; at < bytes.length;) {
      const till = Math.min(bytes.length, at + 3000 + ((cut = (cut * 7919) % 10_007) % 5000));
      appendFileSync(file, bytes.subarray(at, till));
      const result = await collectIn(box);
      expect(result.skippedLines).toBe(0);
      at = till;
    }
  }
  expect(storedTotal(box)).toEqual(corpus.total);
  expect(storedBySession(box)).toEqual(corpus.bySession);
});

test("no word of a prompt, an answer or an edit reaches the database", async () => {
  const box = sandbox();
  writeCorpus(makeCorpus(4, 2, 10), projects(box));
  await collectIn(box);
  const file = readFileSync(join(projects(box), "-work-repo-0", "session-4-0.jsonl"), "utf8");
  expect(file).toContain(SENTINEL);
  expect(readFileSync(box.db).includes(SENTINEL)).toBe(false);
});

test("a file that was truncated, rewritten or deleted loses no record and repeats none", async () => {
  const box = sandbox();
  const log = claudeLog(box, "/w", "s");
  const [a, b, c] = ["a", "b", "c"].map((id) => claudeLine({ cwd: "/w", id, output: 10 }));
  writeFileSync(log, `${a}\n${b}\n`);
  expect(await collectIn(box)).toMatchObject({ newRecords: 2 });
  truncateSync(log, Buffer.byteLength(`${a}\n`));
  expect(await collectIn(box)).toMatchObject({ newRecords: 0 });
  writeFileSync(log, `${c}\n${a}\n${b}\n`);
  expect(await collectIn(box)).toMatchObject({ newRecords: 1 });
  rmSync(log);
  expect(await collectIn(box)).toMatchObject({ newRecords: 0, files: 0 });
  expect(storedTotal(box)).toMatchObject({ records: 3, output: 30 });
  expect(query(box, "SELECT * FROM cursors")).toEqual([]);
});

test("a bad line is shown until the file is mended, and does not hide its neighbours", async () => {
  const box = sandbox();
  const log = claudeLog(box, "/w", "s");
  const good = [claudeLine({ cwd: "/w" }), claudeLine({ cwd: "/w" })];
  writeFileSync(log, `${good[0]}\n{"usage":{"input_tokens":\n${good[1]}\n`);
  expect(await collectIn(box)).toMatchObject({ newRecords: 2, skippedLines: 1 });
  expect(query(box, "SELECT * FROM skipped")).toEqual([{ path: log, line: 2, reason: "not JSON" }]);
  await collectIn(box);
  expect(query(box, "SELECT * FROM skipped")).toHaveLength(1);
  writeFileSync(log, `${good.join("\n")}\n`);
  expect(await collectIn(box)).toMatchObject({ newRecords: 0, skippedLines: 0 });
  expect(query(box, "SELECT * FROM skipped")).toEqual([]);
});

test("a folder named like a log, links in a circle and a link to nothing stop nothing", async () => {
  const box = sandbox();
  respond(box, { cwd: "/w" });
  mkdirSync(join(projects(box), "x.jsonl"));
  writeFileSync(join(projects(box), "x.jsonl", "inner.jsonl"), `${claudeLine({ cwd: "/w" })}\n`);
  symlinkSync(projects(box), join(projects(box), "circle"));
  symlinkSync(join(box.dir, "nothing"), join(projects(box), "dangling.jsonl"));
  expect(await collectIn(box)).toMatchObject({ newRecords: 2, files: 2, skippedFiles: 0, errors: [] });
});

test("the agent's variable replaces its folders, settings add to them, a source can be switched off", async () => {
  const box = sandbox();
  respond(box, { cwd: "/default" });
  const other = join(box.dir, "other", "projects", "p");
  const extra = join(box.home, "extra", "projects", "p");
  for (const dir of [other, extra]) {
    mkdirSync(dir, { recursive: true });
    writeFileSync(join(dir, "s.jsonl"), `${claudeLine({ cwd: dir })}\n`);
  }
  mkdirSync(box.bobaHome, { recursive: true });
  const settings = join(box.bobaHome, "settings.yaml");
  writeFileSync(settings, "sources:\n  claude-code:\n    enabled: false\n");
  expect(await collectIn(box)).toMatchObject({ newRecords: 0, files: 0 });
  writeFileSync(settings, "sources:\n  claude-code:\n    paths: [~/extra]\n");
  box.env["CLAUDE_CONFIG_DIR"] = join(box.dir, "other", "projects");
  expect(await collectIn(box)).toMatchObject({ newRecords: 2 });
  delete box.env["CLAUDE_CONFIG_DIR"];
  expect(await collectIn(box)).toMatchObject({ newRecords: 1 });
});

test("what is stored of a record outside any repository", async () => {
  const box = sandbox();
  const atMs = Date.UTC(2026, 3, 1, 10, 0, 0, 123);
  respond(box, { cwd: "/w/sub", atMs, session: "s1", branch: "feat/x", input: 1000, output: 100, edits: ["/w/a/../b.ts", "c.ts"] });
  await collectIn(box);
  const columns =
    "ts, ts_ms, session_id, tool, provider, model, input_tokens, output_tokens, cost_nanousd, branch, logged_branch, repo, commit_sha";
  expect(query(box, `SELECT ${columns}, (SELECT root FROM worktrees WHERE id = worktree) AS root FROM usage_records`)).toEqual([
    {
      ts: Math.floor(atMs / 1000),
      ts_ms: atMs,
      session_id: "s1",
      tool: "claude-code",
      provider: "anthropic",
      model: "claude-sonnet-4-5-20250929",
      input_tokens: 1000,
      output_tokens: 100,
      cost_nanousd: 4_500_000,
      branch: null,
      logged_branch: "feat/x",
      repo: null,
      commit_sha: null,
      root: "/w/sub",
    },
  ]);
  expect(query(box, "SELECT path FROM record_files")).toEqual([]);
});

test("a file of nothing but bad lines is counted whole and listed up to a bound", async () => {
  const box = sandbox();
  writeFileSync(claudeLog(box, "/w", "noise"), '{"input_tokens":\n'.repeat(5000));
  expect(await collectIn(box)).toMatchObject({ newRecords: 0, skippedLines: 5000 });
  expect(query(box, "SELECT count(*) AS n, max(line) AS last FROM skipped")).toEqual([{ n: 1000, last: 1000 }]);
});
