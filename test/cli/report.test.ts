import { describe, expect, it } from "vitest";
import { ledgerAt } from "../helpers/ledger.ts";
import { type Sandbox, sandbox } from "../helpers/sandbox.ts";
import { talkAndCommit } from "../helpers/work.ts";

const SHA = { main: "1".repeat(40), feature: "2".repeat(40), gone: "3".repeat(40), other: "4".repeat(40) };

/**
 * Two repositories that both have a branch `main`. In dollars: api main 1 + 2 committed; api feat/ABC-7 4 committed, 8 abandoned,
 * 16 pending and one request without a price; web main 32 committed; outside 64. Sum 127, 8 requests, one unpriced.
 */
function filled(): Sandbox {
  const box = sandbox();
  const ledger = ledgerAt(box.db);
  const api = ledger.repo("github.com/acme/api");
  const web = ledger.repo("github.com/acme/web");
  ledger.commit(api, SHA.main, { author: "Ada", subject: "Add login" });
  ledger.commit(api, SHA.feature, { author: "Bob", subject: "Fix login" });
  ledger.commit(api, SHA.gone, { author: "Bob", subject: "Try something", reachable: false });
  ledger.commit(web, SHA.other, { author: "Ada", subject: "Start" });
  const usd = (dollars: number) => dollars * 1_000_000_000;
  const tokens = { input: 1, output: 10, cacheRead: 100, write5m: 1000, write1h: 10_000 };
  ledger.record({ ...tokens, repo: api, branch: "main", commit: SHA.main, costNanoUsd: usd(1) });
  ledger.record({ ...tokens, repo: api, branch: "main", commit: SHA.main, costNanoUsd: usd(2) });
  ledger.record({ ...tokens, repo: api, branch: "feat/ABC-7", commit: SHA.feature, costNanoUsd: usd(4) });
  ledger.record({ ...tokens, repo: api, branch: "feat/ABC-7", commit: SHA.gone, costNanoUsd: usd(8) });
  ledger.record({ ...tokens, repo: api, branch: "feat/ABC-7", costNanoUsd: usd(16) });
  ledger.record({ ...tokens, repo: api, branch: "feat/ABC-7", costNanoUsd: null, model: "new-model" });
  ledger.record({ ...tokens, repo: web, branch: "main", commit: SHA.other, costNanoUsd: usd(32) });
  ledger.record({ ...tokens, costNanoUsd: usd(64) });
  ledger.skip("/logs/a.jsonl", 3, "not JSON");
  ledger.skip("/logs/a.jsonl", 9, "not JSON");
  ledger.skip("/logs/b.jsonl", 0, "cannot be read");
  ledger.close();
  return box;
}

describe("boba report", () => {
  it("by branch keeps namesakes apart and splits each row", () => {
    const report = filled().json(["report", "--by", "branch", "--no-import"]);
    expect(report.schema).toBe("boba.report/1");
    expect(report.range).toEqual({ from: null, to: null });
    const rows = report.rows.map((row: any) => [row.key, row.repo, row.cost_usd, row.bucket]);
    expect(rows).toEqual([
      ["main", "github.com/acme/web", 32, undefined],
      ["feat/ABC-7", "github.com/acme/api", 28, undefined],
      ["main", "github.com/acme/api", 3, undefined],
      ["outside", undefined, 64, "outside"],
    ]);
    expect(report.rows[1]).toMatchObject({
      requests: 4,
      unpriced_requests: 1,
      cost_nano_usd: "28000000000",
      input_tokens: 4,
      output_tokens: 40,
      cache_read_tokens: 400,
      cache_write_tokens: 44_000,
      total_tokens: 44_444,
      committed: { cost_nano_usd: "4000000000", requests: 1 },
      pending: { cost_nano_usd: "16000000000", requests: 2 },
      abandoned: { cost_nano_usd: "8000000000", requests: 1 },
    });
    expect(report.totals).toMatchObject({
      requests: 8,
      cost_usd: 127,
      cost_nano_usd: "127000000000",
      total_tokens: 88_888,
      unpriced_requests: 1,
    });
    expect(report.skipped).toEqual({ lines: 2, files: 1, reasons: { "not JSON": 2, "cannot be read": 1 } });
    expect(report.unpriced_models).toEqual({ "new-model": 1 });
  });

  it("prints a table that ends with a floor, the gaps and what the figures are", () => {
    const { stdout } = filled().boba(["report", "--by", "branch", "--no-import"], { env: { COLUMNS: "80" } });
    expect(stdout.split("\n")).toEqual([
      "Cost by branch, all time",
      "",
      expect.stringMatching(/^branch +repo +requests +committed +pending +abandoned +cost$/),
      expect.stringMatching(/^─+$/),
      expect.stringMatching(/^main +web +1 +\$32\.00 +- +- +\$32\.00$/),
      expect.stringMatching(/^feat\/ABC-7 +api +4 +\$4\.00 +>= \$16\.00 +\$8\.00 +>= \$28\.00$/),
      expect.stringMatching(/^main +api +2 +\$3\.00 +- +- +\$3\.00$/),
      expect.stringMatching(/^outside any repo +1 +- +- +- +\$64\.00$/),
      expect.stringMatching(/^─+$/),
      expect.stringMatching(/^total +8 +\$39\.00 +>= \$16\.00 +\$8\.00 +>= \$127\.00$/),
      "",
      "Unpriced: 1 request, not in the cost: new-model (1)",
      "Skipped: 2 lines and 1 file that could not be read: cannot be read (1), not JSON",
      "  (2)",
      "API list prices, not an invoice.",
      "",
    ]);
  });

  it("by ticket has a row for what names none", () => {
    const report = filled().json(["report", "--by", "ticket", "--no-import"]);
    expect(report.rows.map((row: any) => [row.key, row.cost_usd])).toEqual([
      ["ABC-7", 28],
      ["(no ticket)", 35],
      ["outside", 64],
    ]);
  });

  it("takes the ticket pattern from the settings", () => {
    const box = filled();
    box.write(box.bobaHome, "settings.yaml", "tickets:\n  pattern: '^feat/([A-Z]+)'\n");
    expect(box.json(["report", "--by", "ticket", "--no-import"]).rows[0].key).toBe("ABC");
    box.write(box.bobaHome, "settings.yaml", "tickets:\n  pattern: '('\n");
    const failed = box.boba(["report", "--by", "ticket", "--no-import"], { expect: 2 });
    expect(failed.stderr).toContain("[BOBA-CFG-20]");
  });

  it("by commit and author lists committed rows, then one row for each other bucket", () => {
    const box = filled();
    const commits = box.json(["report", "--by", "commit", "--no-import"]).rows;
    expect(commits.map((row: any) => [row.commit, row.subject, row.author, row.branch, row.bucket, row.cost_usd])).toEqual([
      [SHA.other, "Start", "Ada", "main", "committed", 32],
      [SHA.feature, "Fix login", "Bob", "feat/ABC-7", "committed", 4],
      [SHA.main, "Add login", "Ada", "main", "committed", 3],
      [undefined, undefined, undefined, undefined, "pending", 16],
      [undefined, undefined, undefined, undefined, "abandoned", 8],
      [undefined, undefined, undefined, undefined, "outside", 64],
    ]);
    const authors = box.json(["report", "--by", "author", "--no-import"]).rows;
    expect(authors.map((row: any) => [row.key, row.cost_usd])).toEqual([
      ["Ada", 35],
      ["Bob", 4],
      ["pending", 16],
      ["abandoned", 8],
      ["outside", 64],
    ]);
  });

  it("folds what --top leaves out, so the total holds", () => {
    const report = filled().json(["report", "--by", "branch", "--top", "1", "--no-import"]);
    expect(report.rows.map((row: any) => [row.key, row.cost_usd])).toEqual([
      ["main", 32],
      ["(2 others)", 31],
      ["outside", 64],
    ]);
    expect(report.totals.cost_usd).toBe(127);
  });

  it("shows what has no price as n/a, never as 0", () => {
    const box = filled();
    const row = box.json(["report", "--by", "model", "--no-import"]).rows[1];
    expect([row.key, row.cost_usd, row.cost_nano_usd, row.unpriced_requests]).toEqual(["new-model", null, "0", 1]);
    const { stdout } = box.boba(["report", "--by", "model", "--no-import"]);
    expect(stdout).toMatch(/^new-model .* n\/a +0%$/m);
  });

  it("filters by repository, branch and time", () => {
    const box = filled();
    const cost = (...args: string[]) => box.json(["report", "--by", "model", "--no-import", ...args]).totals.cost_usd;
    expect(cost("--repo", "web")).toBe(32);
    expect(cost("--repo", "/src/github.com/acme/api", "--branch", "main")).toBe(3);
    expect(cost("--project", "none")).toBe(0);
    // The helper's records are all of 1790000000 = 2026-09-21T14:13:20Z.
    expect(cost("--since", "2026-09-21T14:13:20Z")).toBe(127);
    expect(cost("--since", "2026-09-21T14:13:21Z")).toBe(0);
    expect(cost("--until", "2026-09-21T14:13:20Z")).toBe(0);
  });

  it.each([
    [["--by", "moon"], "BOBA-USE-2"],
    [["--format", "xml"], "BOBA-USE-2"],
    [["--since", "soon"], "BOBA-USE-20"],
    [["--repo", "nope"], "BOBA-USE-22"],
    [["--top", "0"], "BOBA-USE-23"],
  ])("refuses %j", (args, code) => {
    const { stderr, stdout } = filled().boba(["report", "--no-import", ...args], { expect: 2 });
    expect(stderr).toContain(`[${code}]`);
    expect(stdout).toBe("");
  });

  it("refuses a branch that neither a record nor git knows, and names the nearest", () => {
    const box = sandbox();
    const at = box.repo();
    talkAndCommit(box, at, 1000, "one");
    const says = (branch: string, ...more: string[]) =>
      box.boba(["report", "--branch", branch, ...more], { cwd: at, expect: null }).stderr.trimEnd();
    expect(says("mian")).toBe('boba: no record is on a branch called "mian" [BOBA-USE-71]\n  did you mean `main`?');
    expect(says("feat/x")).toBe('boba: no record is on a branch called "feat/x" [BOBA-USE-71]\n  there is: main');
    // One that is known has nothing in this range; one that git knows has nothing yet.
    box.git(at, "branch", "feat/y");
    expect([says("main", "--until", "2020-01-01"), says("feat/y")]).toEqual(["", ""]);
    expect(box.boba(["report", "--branch", "feat/y"], { cwd: at }).stdout).toContain("Nothing recorded.");
    // One of a colleague's, and one asked for from elsewhere.
    box.git(box.dir, "clone", "-q", at, "second");
    talkAndCommit(box, `${box.dir}/second`, 1000, "two");
    expect(box.boba(["report", "--branch", "feat/y"], { cwd: `${box.dir}/second` }).stdout).toContain("Nothing recorded.");
    expect(box.boba(["report", "--branch", "feat/y", "--repo", at], { cwd: box.dir }).stdout).toContain("Nothing recorded.");
  });

  it("is empty, not broken, without a record", () => {
    const box = sandbox();
    expect(box.boba(["report", "--no-import"]).stdout).toBe(
      "Cost by branch, all time\n\nNothing recorded.\n\nAPI list prices, not an invoice.\n",
    );
    const report = box.json(["report", "--no-import"]);
    expect([report.rows, report.totals.requests, report.totals.cost_usd]).toEqual([[], 0, 0]);
    expect(box.boba(["report", "--format", "csv", "--no-import"]).stdout.split("\r\n")).toHaveLength(2);
  });
});
