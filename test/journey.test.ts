/** One record, from the agent's log to the pipeline. Every figure is worked out here by hand. */
import Database from "better-sqlite3";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { respond, SENTINEL } from "./helpers/agent.ts";
import { sandbox, sandboxIn } from "./helpers/sandbox.ts";
import { commit, tick } from "./helpers/work.ts";

it("one response: log, ledger, commit, note, report, pipeline", () => {
  const box = sandbox();
  const repo = box.repo("shop");
  box.git(box.dir, "init", "-q", "--bare", "hub.git");
  box.git(repo, "remote", "add", "origin", `file://${box.dir}/hub.git`);
  box.git(repo, "push", "-q", "-u", "origin", "main");
  box.boba(["hooks", "install", "--mode", "lazy"], { cwd: repo });
  box.git(repo, "checkout", "-q", "-b", "feat/PAY-7");

  // 1,000 in at 3 $/M, 2,000 out at 15, 100,000 read at 0.30, 4,000 written for 5 min at 3.75, 10,000 for 1 h at 6, one search at 0.01.
  const nano = 1_000 * 3_000 + 2_000 * 15_000 + 100_000 * 300 + 4_000 * 3_750 + 10_000 * 6_000 + 10_000_000;
  expect(nano).toBe(148_000_000);
  const atMs = Date.now();
  respond(box, {
    cwd: join(repo, "src-not-there-yet"),
    atMs,
    session: "s-1",
    branch: "feat/PAY-7",
    id: "msg_1",
    requestId: "req_1",
    input: 1_000,
    output: 2_000,
    cacheRead: 100_000,
    write5m: 4_000,
    write1h: 10_000,
    edits: [join(repo, "cart.js")],
    usage: { server_tool_use: { web_search_requests: 1 } },
  });
  tick();
  const sha = commit(box, repo, "cart.js");

  const byBranch = box.json(["report", "--by", "branch"], { cwd: repo });
  const counts = { requests: 1, input_tokens: 1000, output_tokens: 2000, cache_read_tokens: 100_000, cache_write_tokens: 14_000 };
  expect(byBranch).toMatchObject({
    schema: "boba.report/1",
    by: "branch",
    totals: { ...counts, total_tokens: 117_000, cost_nano_usd: `${nano}` },
  });
  expect(byBranch.rows).toMatchObject([{ branch: "feat/PAY-7", cost_usd: 0.148, committed: { cost_nano_usd: `${nano}`, requests: 1 } }]);
  expect(box.json(["report", "--by", "ticket"]).rows).toMatchObject([{ key: "PAY-7", cost_usd: 0.148 }]);
  expect(box.json(["report", "--by", "commit"]).rows).toMatchObject([
    { commit: sha, subject: "cart.js", branch: "feat/PAY-7", cost_usd: 0.148 },
  ]);

  const db = new Database(box.db, { readonly: true });
  const row = db.prepare("SELECT * FROM usage_records").get();
  db.close();
  expect(row).toMatchObject({
    ts: Math.floor(atMs / 1000),
    ts_ms: atMs,
    session_id: "s-1",
    tool: "claude-code",
    provider: "anthropic",
    model: "claude-sonnet-4-5-20250929",
    cache_write_5m_tokens: 4000,
    cache_write_1h_tokens: 10_000,
    web_searches: 1,
    cost_nanousd: nano,
    commit_sha: sha,
    branch: "feat/PAY-7",
  });

  const clone = box.git(repo, "config", "boba.clone");
  const note = box.git(repo, "notes", `--ref=boba/${clone}`, "show", sha);
  const cell = JSON.parse(note);
  expect(Object.keys(cell)).toEqual("v id tool model branch requests input output cache_read cache_write nano_usd from to".split(" "));
  expect(cell).toMatchObject({ v: 1, branch: "feat/PAY-7", requests: 1, input: 1000, output: 2000, cache_write: 14_000, nano_usd: nano });

  box.git(repo, "push", "-q", "origin", "feat/PAY-7");
  box.boba(["notes", "push"], { cwd: repo });
  const runner = sandboxIn(join(box.dir, "runner"));
  runner.git(box.dir, "clone", "-q", "--depth=1", "--branch", "feat/PAY-7", `file://${box.dir}/hub.git`, "checkout");
  const summary = join(box.dir, "summary.md");
  const found = runner.json(["ci", "--base", box.git(repo, "rev-parse", "main")], { cwd: join(box.dir, "checkout") });
  expect(found).toMatchObject({
    schema: "boba.ci/1",
    head: sha,
    cost_nano_usd: `${nano}`,
    commits: 1,
    commits_with_data: 1,
    total_tokens: 117_000,
  });
  const over = runner.boba(["ci", "--base", "main", "--max-usd", "0.10"], {
    cwd: join(box.dir, "checkout"),
    expect: 1,
    env: { GITHUB_STEP_SUMMARY: summary },
  });
  expect(over.stdout).toContain("$0.15");
  expect(readFileSync(summary, "utf8")).toContain("$0.15");
  expect(existsSync(runner.bobaHome)).toBe(false);

  // Counts, never content: nothing that boba keeps or prints holds a word of the conversation.
  for (const name of readdirSync(box.bobaHome, { recursive: true }) as string[]) {
    const path = join(box.bobaHome, name);
    if (statSync(path).isFile()) expect(readFileSync(path).includes(SENTINEL), name).toBe(false);
  }
  expect(`${note}${over.stdout}${JSON.stringify(byBranch)}`).not.toContain(SENTINEL);
});
