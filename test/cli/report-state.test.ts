import { mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Sandbox, sandbox } from "../helpers/sandbox.ts";
import { commit, talk, talkAndCommit } from "../helpers/work.ts";

/** sonnet-4-5: 1,000 output tokens are 0.015 $; each response is known by its output tokens. */
function outputByState(box: Sandbox, at: string, ...args: string[]): Record<string, number> {
  const report = box.json(["report", "--by", "state", ...args], { cwd: at });
  return Object.fromEntries(report.rows.map((row: any) => [row.state, row.output_tokens]));
}

/** A clone on `main` whose first commit is pushed. */
function cloned(box: Sandbox): string {
  const origin = join(box.dir, "origin.git");
  box.git(box.dir, "init", "-q", "--bare", "-b", "main", origin);
  const at = box.repo("work");
  box.git(at, "remote", "add", "origin", origin);
  box.git(at, "push", "-q", "-u", "origin", "main");
  return at;
}

describe("boba report --by state", () => {
  it("tells six states apart, in their order, and adds up", () => {
    const box = sandbox();
    const at = cloned(box);
    talkAndCommit(box, at, 1000, "a");
    talkAndCommit(box, at, 2000, "b");
    box.git(at, "revert", "--no-edit", "HEAD");
    talkAndCommit(box, at, 4000, "c");
    box.git(at, "revert", "--no-edit", "HEAD");
    box.git(at, "revert", "--no-edit", "HEAD");
    box.git(at, "push", "-q", "origin", "main");
    box.git(at, "checkout", "-q", "-b", "feat");
    talkAndCommit(box, at, 8000, "d");
    box.git(at, "checkout", "-q", "-b", "gone");
    talkAndCommit(box, at, 16_000, "e");
    box.git(at, "checkout", "-q", "main");
    box.git(at, "branch", "-q", "-D", "gone");
    talk(box, at, 32_000);
    const outside = join(box.dir, "nowhere");
    mkdirSync(outside);
    talk(box, outside, 64_000);

    const report = box.json(["report", "--by", "state"]);
    expect(report.rows.map((row: any) => [row.key, row.state, row.bucket, row.output_tokens, row.cost_nano_usd])).toEqual([
      ["shipped", "shipped", "committed", 5000, "75000000"],
      ["open", "open", "committed", 8000, "120000000"],
      ["reverted", "reverted", "committed", 2000, "30000000"],
      ["abandoned", "abandoned", "abandoned", 16_000, "240000000"],
      ["pending", "pending", "pending", 32_000, "480000000"],
      ["outside", "outside", "outside", 64_000, "960000000"],
    ]);
    expect(report.totals).toMatchObject({ requests: 7, cost_nano_usd: "1905000000" });
    expect(report.state_unknown).toEqual([]);
    const stats = box.json(["stats", "--by-state"]);
    expect(stats.groups.map((row: any) => [row.state, row.output_tokens])).toEqual(
      report.rows.map((row: any) => [row.state, row.output_tokens]),
    );
    expect(outputByState(box, at, "--branch", "feat")).toEqual({ open: 8000 });
  });

  it("goes by what the remote's default branch has, not by the local one", () => {
    const box = sandbox();
    const at = cloned(box);
    talkAndCommit(box, at, 10, "a");
    expect(outputByState(box, at)).toEqual({ open: 10 });
    box.git(at, "push", "-q", "origin", "main");
    expect(outputByState(box, at)).toEqual({ shipped: 10 });
    box.git(at, "push", "-q", "origin", "main~1:refs/heads/trunk");
    box.git(at, "fetch", "-q");
    box.git(at, "remote", "set-head", "origin", "trunk");
    expect(outputByState(box, at)).toEqual({ open: 10 });
  });

  it("knows a revert of a merge, of a commit before it was rebased, and a backport", () => {
    const box = sandbox();
    const at = box.repo();
    box.git(at, "branch", "release");
    box.git(at, "checkout", "-q", "-b", "pr");
    talkAndCommit(box, at, 1, "one");
    talkAndCommit(box, at, 2, "two");
    box.git(at, "checkout", "-q", "main");
    talkAndCommit(box, at, 4, "four");
    const picked = talkAndCommit(box, at, 8, "eight");
    box.git(at, "merge", "-q", "--no-ff", "-m", "merge", "pr");
    box.git(at, "checkout", "-q", "release");
    box.git(at, "cherry-pick", "-x", picked);
    expect(outputByState(box, at)).toEqual({ shipped: 15 });
    box.git(at, "checkout", "-q", "main");
    box.git(at, "revert", "-m", "1", "--no-edit", "HEAD");
    expect(outputByState(box, at)).toEqual({ shipped: 12, reverted: 3 });

    box.git(at, "checkout", "-q", "-b", "moved", "HEAD~2");
    const before = talkAndCommit(box, at, 16, "sixteen");
    box.git(at, "rebase", "-q", "main");
    box.git(at, "checkout", "-q", "main");
    box.git(at, "merge", "-q", "--ff-only", "moved");
    expect(outputByState(box, at)).toEqual({ shipped: 28, reverted: 3 });
    commit(box, at, "undo", "undo\n", "-m", `This reverts commit ${before}.`);
    expect(outputByState(box, at)).toEqual({ shipped: 12, reverted: 19 });
  });

  it("counts as open, and says so, what it cannot ask git about", () => {
    const box = sandbox();
    const at = box.repo();
    talkAndCommit(box, at, 5, "a");
    box.git(at, "branch", "-m", "main", "trunk");
    expect(outputByState(box, at)).toEqual({ shipped: 5 });
    box.git(at, "branch", "second");
    const unsure = box.json(["report", "--by", "state"]);
    expect(unsure.rows.map((row: any) => row.state)).toEqual(["open"]);
    expect(unsure.state_unknown).toEqual([{ repo: "repo", reason: "no default branch" }]);
    renameSync(at, `${at}-elsewhere`);
    const gone = box.boba(["report", "--by", "state"]).stdout;
    expect(gone).toMatch(/^open +1 /m);
    expect(gone).toContain("Not told shipped from open: repo (repository gone); its commits count as open.");
  });
});

describe("evidence", () => {
  it("is kept with each claim, shown with --why, and shared out below the report", () => {
    const box = sandbox();
    const at = box.repo();
    // In dollars: 0.015 before its session's edit, 0.030 the edit, 0.030 with no edit to go by.
    talk(box, at, 1000, { session: "edits" });
    talk(box, at, 2000, { session: "edits", edits: [join(at, "a")] });
    talk(box, at, 2000, { session: "talks" });
    const first = commit(box, at, "a");
    const report = box.json(["report", "--by", "commit", "--why"], { cwd: at });
    expect(report.evidence.files).toEqual({ requests: 1, cost_nano_usd: "30000000" });
    const counted = ["files", "sequence", "time"].map((kind) => report.evidence[kind].requests);
    expect(counted.reduce((sum, n) => sum + n, 0)).toBe(3);
    expect(report.rows[0].why.reduce((sum: number, reason: any) => sum + reason.requests, 0)).toBe(3);
    expect(report.rows[0].why).toContainEqual({ via: "commit", evidence: "files", requests: 1 });

    box.git(at, "commit", "-q", "--amend", "-m", "better");
    const amended = box.json(["show", "HEAD", "--why"], { cwd: at });
    expect(amended.commits[0].commit).not.toBe(first);
    expect(amended.commits[0].why).toEqual([{ via: "amend", evidence: "reflog", requests: 3 }]);
    expect(box.boba(["show", "HEAD", "--why"], { cwd: at }).stdout).toContain("why amend: reflog 3");
    // Carried claims change nothing about the evidence of the first ones: 30 of 75 are 40 %.
    expect(box.boba(["report", "--by", "branch"], { cwd: at }).stdout).toMatch(/booked by files 40 %, sequence \d+ %, time \d+ %/);
    expect(box.boba(["report", "--by", "commit", "--why"], { cwd: at }).stdout).toMatch(/amend: reflog 3/);
    box.boba(["report", "--by", "branch", "--why"], { cwd: at, expect: 2 });
  });
});
