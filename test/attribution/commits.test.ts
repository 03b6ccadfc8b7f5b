/** Where records go when commits are made: the plain cases. Every response is known by its own number of output tokens. */
import { describe, expect, it } from "vitest";
import { branchOf, claimedBy, pending } from "../helpers/books.ts";
import { respond } from "../helpers/agent.ts";
import { sandbox } from "../helpers/sandbox.ts";
import { commit, head, talk, talkAndCommit } from "../helpers/work.ts";

describe("a commit claims what was pending in its worktree", () => {
  it("each commit its own responses, the rest stays pending", () => {
    const box = sandbox();
    const repo = box.repo();
    const first = talkAndCommit(box, repo, 11, "a");
    const second = talkAndCommit(box, repo, 12, "b");
    talk(box, repo, 13);
    box.boba(["audit"]);
    expect(claimedBy(box, first)).toEqual([11]);
    expect(claimedBy(box, second)).toEqual([12]);
    expect(pending(box)).toEqual({ main: [13] });
  });

  it("the root commit, and an empty one", () => {
    const box = sandbox();
    const repo = box.repo();
    box.git(repo, "update-ref", "-d", "HEAD");
    box.git(repo, "reflog", "expire", "--expire=all", "--all");
    talk(box, repo, 11);
    const root = commit(box, repo, "a");
    talk(box, repo, 12);
    box.git(repo, "commit", "-q", "--allow-empty", "-m", "empty");
    box.boba(["audit"]);
    expect(claimedBy(box, root)).toEqual([11]);
    expect(claimedBy(box, head(box, repo))).toEqual([12]);
  });

  it("on a detached HEAD, and the branch made from it carries what is left", () => {
    const box = sandbox();
    const repo = box.repo();
    box.git(repo, "checkout", "-q", "--detach");
    const detached = talkAndCommit(box, repo, 11, "a");
    talk(box, repo, 12);
    box.git(repo, "checkout", "-q", "-b", "kept");
    box.boba(["audit"]);
    expect(claimedBy(box, detached)).toEqual([11]);
    expect(branchOf(box, 11)).toBe(null);
    expect(pending(box)).toEqual({ kept: [12] });
    const kept = commit(box, repo, "b");
    box.boba(["audit"]);
    expect(claimedBy(box, kept)).toEqual([12]);
    expect(branchOf(box, 12)).toBe("kept");
  });

  it("only in its own worktree", () => {
    const box = sandbox();
    const repo = box.repo();
    const linked = `${box.dir}/linked`;
    box.git(repo, "worktree", "add", "-q", "-b", "side", linked);
    talk(box, repo, 11, { session: "one" });
    talk(box, linked, 12, { session: "two" });
    const side = commit(box, linked, "s");
    box.boba(["audit"]);
    expect(claimedBy(box, side)).toEqual([12]);
    expect(pending(box)).toEqual({ main: [11] });
    expect(box.json(["audit"]).balanced).toBe(true);
  });

  it("a late record, logged after the commit but dated before it, belongs to that commit", () => {
    const box = sandbox();
    const repo = box.repo();
    const beforeMs = Date.now();
    talk(box, repo, 11);
    const first = commit(box, repo, "a");
    const second = talkAndCommit(box, repo, 12, "b");
    box.boba(["audit"]);
    respond(box, { cwd: repo, output: 13, atMs: beforeMs });
    box.boba(["audit"]);
    expect(claimedBy(box, first)).toEqual([11, 13]);
    expect(claimedBy(box, second)).toEqual([12]);
  });
});

describe("pending work follows the working tree", () => {
  it("to a branch made at the same commit", () => {
    const box = sandbox();
    const repo = box.repo();
    talk(box, repo, 11);
    box.git(repo, "checkout", "-q", "-b", "feat");
    const made = talkAndCommit(box, repo, 12, "a");
    box.boba(["audit"]);
    expect(claimedBy(box, made)).toEqual([11, 12]);
    expect(branchOf(box, 11)).toBe("feat");
  });

  it("and stays with its branch when HEAD moves to another commit", () => {
    const box = sandbox();
    const repo = box.repo();
    box.git(repo, "checkout", "-q", "-b", "feat");
    talkAndCommit(box, repo, 11, "a");
    talk(box, repo, 12);
    box.boba(["audit"]);
    box.git(repo, "checkout", "-q", "main");
    box.boba(["audit"]);
    const onMain = talkAndCommit(box, repo, 13, "m");
    box.boba(["audit"]);
    expect(claimedBy(box, onMain)).toEqual([13]);
    expect(pending(box)).toEqual({ feat: [12] });
    box.git(repo, "checkout", "-q", "feat");
    const back = commit(box, repo, "b");
    box.boba(["audit"]);
    expect(claimedBy(box, back)).toEqual([12]);
  });

  it("through a rename of its branch, which takes what was booked along", () => {
    const box = sandbox();
    const repo = box.repo();
    box.git(repo, "checkout", "-q", "-b", "old");
    talkAndCommit(box, repo, 11, "a");
    box.boba(["audit"]);
    talk(box, repo, 12);
    box.git(repo, "branch", "-m", "new");
    box.boba(["audit"]);
    expect(branchOf(box, 11)).toBe("new");
    expect(pending(box)).toEqual({ new: [12] });
  });
});

describe("file evidence", () => {
  it("two commits from one dirty tree: each takes the responses that edited its files", () => {
    const box = sandbox();
    const repo = box.repo();
    talk(box, repo, 11, { edits: [`${repo}/c1`] });
    talk(box, repo, 12, { edits: [`${repo}/c2`] });
    box.write(repo, "c2", "2");
    const one = commit(box, repo, "c1");
    box.boba(["audit"]);
    expect(claimedBy(box, one)).toEqual([11]);
    expect(pending(box)).toEqual({ main: [12] });
    const two = commit(box, repo, "c2", "2");
    box.boba(["audit"]);
    expect(claimedBy(box, two)).toEqual([12]);
  });

  it("what led to an edit goes with it, what came after the last edit goes by time", () => {
    const box = sandbox();
    const repo = box.repo();
    talk(box, repo, 11);
    talk(box, repo, 12, { edits: [`${repo}/a`] });
    talk(box, repo, 13);
    const made = commit(box, repo, "b");
    box.boba(["audit"]);
    expect(claimedBy(box, made)).toEqual([13]);
    const next = commit(box, repo, "a");
    box.boba(["audit"]);
    expect(claimedBy(box, next)).toEqual([11, 12]);
  });

  it("an agent that stands in one worktree and edits in another belongs to the other", () => {
    const box = sandbox();
    const repo = box.repo();
    const linked = `${box.dir}/linked`;
    box.git(repo, "worktree", "add", "-q", "-b", "side", linked);
    talk(box, linked, 10, { session: "other" });
    box.boba(["audit"]);
    talk(box, repo, 11, { edits: [`${linked}/a`] });
    const side = commit(box, linked, "a");
    box.boba(["audit"]);
    expect(claimedBy(box, side)).toEqual([10, 11]);
    expect(branchOf(box, 11)).toBe("side");
  });
});

it("an edit of a file that git ignores is talk like any other", () => {
  const box = sandbox();
  const repo = box.repo();
  commit(box, repo, ".gitignore", "*.log\n");
  talk(box, repo, 11, { edits: [`${repo}/debug.log`] });
  const made = commit(box, repo, "a");
  box.boba(["audit"]);
  expect(claimedBy(box, made)).toEqual([11]);
});
