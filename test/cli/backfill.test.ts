import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { respond } from "../helpers/agent.ts";
import { claimedBy } from "../helpers/books.ts";
import { past } from "../helpers/history.ts";
import { type Sandbox, sandbox } from "../helpers/sandbox.ts";
import { commit, talk, talkAndCommit } from "../helpers/work.ts";

/** An environment whose git notes each of its starts in a file, with a way to count them. */
function countingGit(box: Sandbox): { env: NodeJS.ProcessEnv; count(): number } {
  const bin = join(box.dir, "bin");
  const log = join(box.dir, "git-starts");
  mkdirSync(bin, { recursive: true });
  const real = box.git(box.dir, "--exec-path");
  writeFileSync(join(bin, "git"), `#!/bin/sh\necho "$1" >>'${log}'\nexec '${join(real, "git")}' "$@"\n`);
  chmodSync(join(bin, "git"), 0o755);
  rmSync(log, { force: true });
  return {
    env: { PATH: `${bin}${delimiter}${box.env["PATH"] ?? ""}` },
    count: () => readFileSync(log, "utf8").split("\n").length - 1,
  };
}

/** Worktrees with events, by name. */
function sweptRoots(box: Sandbox): string[] {
  const db = new Database(box.db, { readonly: true });
  const rows = db.prepare("SELECT root FROM worktrees WHERE id IN (SELECT worktree FROM git_events) ORDER BY root").pluck().all();
  db.close();
  return rows as string[];
}

describe("boba backfill", () => {
  it("books what logs and reflogs held before boba was there, once", () => {
    const box = sandbox();
    const { at, shas } = past(box, 20, 6);
    // After the last commit, and outside: 1,000 output tokens are 0.015 $.
    respond(box, { cwd: at, output: 1000, session: "later" });
    const nowhere = join(box.dir, "nowhere");
    mkdirSync(nowhere);
    respond(box, { cwd: nowhere, output: 2000, session: "away" });
    const first = box.json(["backfill"]);
    expect(first).toMatchObject({ schema: "boba.backfill/1", new_records: 122, booked: 120, commits_with_data: 20, errors: [] });
    expect(first.buckets.committed).toMatchObject({ requests: 120, cost_nano_usd: "1800000" });
    expect(first.buckets.pending).toMatchObject({ requests: 1, cost_nano_usd: "15000000" });
    expect(first.buckets.outside).toMatchObject({ requests: 1, cost_nano_usd: "30000000" });
    expect(first.waiting).toEqual([{ why: "no commit since", requests: 1 }]);
    expect(first.repos).toMatchObject([{ repo: "old", reflog_from: "2026-05-28T20:36:40.000Z", records_from: "2026-05-28T20:26:41.000Z" }]);
    expect(claimedBy(box, shas[7] as string)).toEqual([1, 1, 1, 1, 1, 1]);
    const again = box.json(["backfill"]);
    expect(again).toEqual({ ...first, new_records: 0, booked: 0 });
    // The records of the last commit begin 600 s before it, at 20:26:40 + 19 * 600 s = 23:36:40.
    const late = box.json(["backfill", "--since", "2026-05-28T23:36:40Z"], { env: { TZ: "UTC" } });
    expect(late.buckets.committed.requests).toBe(6);
    expect(late.commits_with_data).toBe(1);
    expect(late.waiting).toEqual(first.waiting);
    const text = box.boba(["backfill"]).stdout;
    expect(text).toContain("0 new records read, 0 records booked to commits in this run");
    expect(text).toContain("120 requests on 20 commits, <$0.01");
    // One waits, but it is later than the reflog's beginning.
    expect(text).not.toContain("reflog");
  });

  it("books nothing from before the reflog's first entry that is left", () => {
    const box = sandbox();
    const { at, shas } = past(box, 4, 3);
    const log = join(at, ".git", "logs", "HEAD");
    writeFileSync(log, readFileSync(log, "utf8").split("\n").slice(2).join("\n"));
    const summary = box.json(["backfill"]);
    expect(summary.booked).toBe(6);
    expect(shas.map((sha) => claimedBy(box, sha).length)).toEqual([0, 0, 3, 3]);
    expect(summary.waiting).toEqual([{ why: "no history here", requests: 6 }]);
    // The commits that are left are of 20:56:40 and 21:06:40, the oldest record is of 20:26:41.
    const text = "old: its reflog begins 2026-05-28T20:56Z; records from before it (oldest 2026-05-28T20:26Z) wait for a commit\n";
    expect(box.boba(["backfill"]).stdout.endsWith(text)).toBe(true);
    // Of what is told, nothing is that old.
    expect(box.boba(["backfill", "--since", "2026-05-28T20:56:40Z"]).stdout).not.toContain("reflog");
  });

  it("starts as many git processes for 300 commits as for 10", () => {
    const counts = [10, 300].map((commits) => {
      const box = sandbox();
      past(box, commits, 3);
      const { env, count } = countingGit(box);
      expect(box.json(["backfill"], { env }).booked).toBe(3 * commits);
      box.boba(["report", "--by", "state", "--no-import"], { env });
      return count();
    });
    expect(counts[0]).toBeGreaterThan(3);
    expect(counts[1]).toBe(counts[0]);
  });

  it("starts as many git processes for eight squashes that nothing names as for one", () => {
    const counts = [1, 8].map((branches) => {
      const box = sandbox();
      const at = box.repo();
      const squashes = Array.from({ length: branches }, (_, n) => {
        box.git(at, "checkout", "-q", "-b", `side-${n}`);
        talkAndCommit(box, at, 10 + n, `f${n}`);
        box.git(at, "checkout", "-q", "main");
        box.git(at, "merge", "-q", "--squash", `side-${n}`);
        box.git(at, "commit", "-q", "-m", `work ${n}`);
        return box.git(at, "rev-parse", "HEAD");
      });
      const { env, count } = countingGit(box);
      expect(box.json(["backfill"], { env }).booked).toBe(branches);
      expect(squashes.map((sha) => claimedBy(box, sha))).toEqual(squashes.map((_, n) => [10 + n]));
      const first = count();
      // Nothing is looked at twice.
      commit(box, at, "last");
      box.boba(["import"], { env });
      const second = count() - first;
      commit(box, at, "very last");
      box.boba(["import"], { env });
      expect(count() - first - second).toBe(second);
      return [first, second];
    });
    expect(counts[1]).toEqual(counts[0]);
  });

  it("looks through worktrees that no record names, like every run", () => {
    const box = sandbox();
    const at = box.repo();
    talkAndCommit(box, at, 10, "a");
    const other = join(box.dir, "other");
    box.git(at, "worktree", "add", "-q", "-b", "side", other);
    commit(box, other, "b");
    box.boba(["import"]);
    expect(sweptRoots(box)).toEqual([other, at]);
    // The agent stands in one worktree and edits in the other, whose commit comes later.
    talk(box, at, 20, { edits: [join(other, "c")] });
    const made = commit(box, other, "c");
    box.boba(["import"]);
    expect(claimedBy(box, made)).toEqual([20]);
  });
});

describe("boba hooks install", () => {
  it("offers the backfill only where there is history, and does it when told", () => {
    const box = sandbox();
    const bare = box.repo("new");
    expect(box.boba(["hooks", "install"], { cwd: bare }).stdout).not.toContain("history:");
    const { at } = past(box, 2, 3);
    expect(box.boba(["hooks", "install"], { cwd: at }).stdout).toContain(
      "history: 1 log file is not read yet; to book it, run: boba backfill",
    );
    const done = box.boba(["hooks", "install", "--backfill"], { cwd: at }).stdout;
    expect(done).toContain("6 new records read, 6 records booked to commits in this run");
    expect(box.boba(["hooks", "install"], { cwd: at }).stdout).not.toContain("history:");
    talk(box, at, 5);
    box.boba(["import"]);
    expect(box.boba(["hooks", "install"], { cwd: at }).stdout).toContain("history: 1 record waits for a commit; to book it");
  });
});

describe("boba drain --summary", () => {
  it("prints one line about the commit at HEAD, or none, and never fails", () => {
    const box = sandbox();
    const at = box.repo();
    box.git(at, "checkout", "-q", "-b", "feat/x");
    expect(box.boba(["drain", "--summary"], { cwd: at }).stdout).toBe("");
    // 12,400 tokens in three requests: 10,000 of input at 3 $/M, 2,000 + 300 + 100 of output at 15 $/M = 0.03 + 0.036 $.
    talk(box, at, 2000, { input: 10_000 });
    talk(box, at, 300);
    talk(box, at, 100);
    commit(box, at, "a");
    expect(box.boba(["drain", "--summary"], { cwd: at }).stdout).toBe("boba: 3 requests, 12.4K tokens, $0.07 on feat/x\n");
    expect(box.boba(["drain"], { cwd: at }).stdout).toBe("");
    box.git(at, "checkout", "-q", "--detach");
    const sha = box.git(at, "rev-parse", "HEAD");
    expect(box.boba(["drain", "--summary"], { cwd: at }).stdout).toMatch(new RegExp(` on ${sha.slice(0, 8)}\n$`));
    expect(box.boba(["drain", "--summary"]).stdout).toBe("");
    writeFileSync(box.db, "no database at all");
    const broken = box.boba(["drain", "--summary"], { cwd: at });
    expect([broken.stdout, broken.stderr]).toEqual(["", ""]);
  });
});
