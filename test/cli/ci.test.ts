import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { addNote, commits, line } from "../helpers/cells.ts";
import { type Sandbox, sandbox } from "../helpers/sandbox.ts";

/** `main`, and a branch of five commits of which four carry notes of two writers. */
function pullRequest(): { box: Sandbox; at: string; base: string; shas: string[] } {
  const box = sandbox();
  const at = box.repo();
  const base = box.git(at, "rev-parse", "HEAD");
  box.git(at, "checkout", "-q", "-b", "feat/x");
  const shas = commits(box, at, "one", "two", "three", "four", "five");
  const [one, two, three, four] = shas as [string, string, string, string];
  addNote(box, at, "aaaaaaaa", one, line("1"));
  // Carried over by an amend: the same cell on two commits, with one request more on the newer.
  addNote(box, at, "aaaaaaaa", two, line("1", { requests: 3, nano_usd: 1_750_000_000 }));
  addNote(
    box,
    at,
    "aaaaaaaa",
    three,
    `${line("3", { model: "model-b", nano_usd: 4_000_000 })}\n${line("4", { model: "model-b", nano_usd: 2_000_000 })}`,
  );
  addNote(box, at, "bbbbbbbb", four, line("5", { tool: "codex", model: "unknown", nano_usd: null }));
  return { box, at, base, shas };
}

test("the contract: totals, by model, by commit, coverage; a cell on two commits counts once, at the newest", () => {
  const { box, at, base, shas } = pullRequest();
  const [one, two, three, four, five] = shas as [string, string, string, string, string];
  const json = box.json(["ci", "--base", base, "--head", "feat/x", "--no-fetch"], { cwd: at });
  const tokens = (n: number) => ({
    input_tokens: 10 * n,
    output_tokens: 20 * n,
    cache_read_tokens: 30 * n,
    cache_write_tokens: 40 * n,
    total_tokens: 100 * n,
  });
  const row = (cells: number, requests: number, nano: number | null, unpriced = 0) => ({
    requests,
    ...tokens(cells),
    cost_usd: nano === null ? null : nano / 1e9,
    cost_nano_usd: nano === null ? null : String(nano),
    unpriced_requests: unpriced,
  });
  expect(json).toEqual({
    schema: "boba.ci/1",
    base,
    head: five,
    ...row(4, 9, 1_756_000_000, 2),
    commits: 5,
    commits_with_data: 4,
    by_model: [
      { model: "model-a", tool: "claude-code", ...row(1, 3, 1_750_000_000) },
      { model: "model-b", tool: "claude-code", ...row(2, 4, 6_000_000) },
      { model: "unknown", tool: "codex", ...row(1, 2, null, 2) },
    ],
    by_commit: [
      { commit: five, subject: "five", has_data: false, ...row(0, 0, null) },
      { commit: four, subject: "four", has_data: true, ...row(1, 2, null, 2) },
      { commit: three, subject: "three", has_data: true, ...row(2, 4, 6_000_000) },
      { commit: two, subject: "two", has_data: true, ...row(1, 3, 1_750_000_000) },
      { commit: one, subject: "one", has_data: true, ...row(0, 0, null) },
    ],
    skipped: { bad_lines: 0, bad_lines_by_reason: {}, newer_lines: 0, unreadable_notes: 0, entries_not_notes: 0, bad_refs: 0 },
  });
  expect(existsSync(box.bobaHome)).toBe(false);
});

test("the Markdown, to stdout and to the step summary, with nothing of a home or a database", () => {
  const { box, at, base, shas } = pullRequest();
  const [, two, three, four] = shas as [string, string, string, string];
  const summary = join(box.dir, "summary.md");
  writeFileSync(summary, "before\n");
  const args = ["ci", "summary", "--base", base, "--head", "feat/x", "--no-fetch"];
  const { stdout, stderr } = box.boba(args, { cwd: at, env: { GITHUB_STEP_SUMMARY: summary, HOME: "/nonexistent" } });
  expect(stdout).toBe(
    `### AI cost of this pull request: &gt;= $1.75

400 tokens · 9 requests · 4 of 5 commits carry data (80 %)

2 of 9 requests have no known price: the cost is a floor.

| Model | Requests | Input | Cache read | Cache write | Output | USD |
| --- | --: | --: | --: | --: | --: | --: |
| model-a (claude-code) | 3 | 10 | 30 | 40 | 20 | $1.75 |
| model-b (claude-code) | 4 | 20 | 60 | 80 | 40 | &lt;$0.01 |
| unknown (codex) | 2 | 10 | 30 | 40 | 20 | n/a |
| **Total** | 9 | 40 | 120 | 160 | 80 | &gt;= $1.75 |

<details><summary>By commit (3)</summary>

| Commit | Subject | Models | Requests | USD |
| --- | --- | --- | --: | --: |
| ${two.slice(0, 7)} | two | model-a | 3 | $1.75 |
| ${three.slice(0, 7)} | three | model-b | 4 | &lt;$0.01 |
| ${four.slice(0, 7)} | four | unknown | 2 | n/a |

</details>

<sub>List-price estimate, not an invoice. Self-reported by developers' machines through git notes.</sub>
`,
  );
  expect(stderr).toBe("");
  expect(readFileSync(summary, "utf8")).toBe(`before\n${stdout}`);
});

test("a summary that is full is left alone, and the figures are printed all the same", () => {
  const { box, at, base } = pullRequest();
  const summary = join(box.dir, "summary.md");
  writeFileSync(summary, "x".repeat(1024 * 1024 - 100));
  const args = ["ci", "--base", base, "--no-fetch"];
  const { stdout, stderr } = box.boba(args, { cwd: at, env: { GITHUB_STEP_SUMMARY: summary } });
  expect(stdout).toContain("$1.75");
  expect(stderr).toContain("the step summary is full");
  expect(readFileSync(summary).length).toBe(1024 * 1024 - 100);
});

test("--max-usd fails only above the limit, in one line, after printing", () => {
  const { box, at, base } = pullRequest();
  const ci = (limit: string, expected: number) =>
    box.boba(["ci", "--base", base, "--no-fetch", "--max-usd", limit], { cwd: at, expect: expected });
  expect(ci("1.756", 0).stderr).toBe("");
  const over = ci("1.755999999", 1);
  expect(over.stderr).toBe("boba: the AI cost is >= $1.756, above the limit of $1.755999999\n");
  expect(over.stdout).toContain("### AI cost");
  expect(ci("twenty", 2).stderr).toContain("[BOBA-CI-3]");
});

test("a range without notes has no cost rather than none, and passes every gate", () => {
  const box = sandbox();
  const at = box.repo();
  commits(box, at, "one");
  const json = box.json(["ci", "--base", "HEAD~1", "--no-fetch", "--max-usd", "0"], { cwd: at });
  expect(json).toMatchObject({ cost_usd: null, cost_nano_usd: null, commits: 1, commits_with_data: 0, by_model: [] });
  const { stdout } = box.boba(["ci", "--base", "HEAD~1", "--no-fetch"], { cwd: at });
  expect(stdout).toContain("### AI cost of this pull request: n/a\n");
  expect(stdout).toContain("0 of 1 commit carries data (0 %)");
});

test("one of anything is told in the singular", () => {
  const box = sandbox();
  const at = box.repo();
  const [sha] = commits(box, at, "one") as [string];
  addNote(box, at, "aaaaaaaa", sha, `${line("1", { requests: 1, nano_usd: null })}\n{"v":2}`);
  const { stdout } = box.boba(["ci", "--base", "HEAD~1", "--no-fetch"], { cwd: at });
  expect(stdout).toContain("100 tokens · 1 request · 1 of 1 commit carries data (100 %)\n");
  expect(stdout).toContain("\n1 of 1 request has no known price: the cost is a floor.\n");
  expect(stdout).toContain("\nSkipped: 1 line of a later format.\n");
});

test("without a range, outside a repository, or with a name nobody knows it says what to type", () => {
  const box = sandbox();
  const at = box.repo();
  expect(box.boba(["ci"], { cwd: at, expect: 2 }).stderr).toContain("[BOBA-CI-1]\n  name them: boba ci --base");
  expect(box.boba(["ci", "--base", "x"], { expect: 2 }).stderr).toContain("[BOBA-NOTE-1]");
  expect(box.boba(["ci", "--base", "nobody", "--no-fetch"], { cwd: at, expect: 2 }).stderr).toContain('"nobody"');
  expect(box.boba(["ci", "--base=--all", "--no-fetch"], { cwd: at, expect: 2 }).stderr).toContain("[BOBA-CI-1]");
  expect(box.boba(["ci", "--base", "1".repeat(40), "--no-fetch"], { cwd: at, expect: 1 }).stderr).toContain("[BOBA-CI-2]");
});
