/** Merges of every kind, picks that are not committed, reverts: they take what their own conflict cost, and nothing by time. */
import { describe, expect, it } from "vitest";
import { abandoned, branchOf, claimedBy, homeOf, pending } from "../helpers/books.ts";
import { type Sandbox, sandbox } from "../helpers/sandbox.ts";
import { commit, head, repoWith, talk, talkAndCommit } from "../helpers/work.ts";

const balanced = (box: Sandbox) => expect(box.json(["audit"])).toMatchObject({ balanced: true, faults: [] });

describe.each([true, false])("with hooks installed: %s", (hooks) => {
  /** main with a commit of its own, and `feat` with two that cost 11 and 12; HEAD is on main, where 21 was talk. */
  const start = (box: Sandbox) => {
    const repo = repoWith(box, hooks);
    box.git(repo, "checkout", "-q", "-b", "feat");
    const a = talkAndCommit(box, repo, 11, "a");
    const b = talkAndCommit(box, repo, 12, "b");
    box.git(repo, "checkout", "-q", "main");
    const m = commit(box, repo, "m");
    talk(box, repo, 21, { session: "talk" });
    return { repo, a, b, m };
  };
  /** The agent resolves the conflict in `b`. */
  const resolve = (box: Sandbox, repo: string) => {
    box.write(repo, "b", "both\n");
    talk(box, repo, 22, { edits: [`${repo}/b`], session: "resolver" });
    box.git(repo, "add", "b");
  };

  it("an octopus merge takes nothing, and each side keeps its own", () => {
    const box = sandbox();
    const { repo, a, b } = start(box);
    box.git(repo, "checkout", "-q", "-b", "other", "main~1");
    const o = talkAndCommit(box, repo, 13, "o");
    box.git(repo, "checkout", "-q", "main");
    box.git(repo, "merge", "-q", "-m", "octopus", "feat", "other");
    balanced(box);
    expect(box.git(repo, "show", "-s", "--format=%P", "HEAD").split(" ")).toHaveLength(3);
    expect(claimedBy(box, head(box, repo))).toEqual([]);
    expect([a, b, o].map((sha) => homeOf(box, sha))).toEqual([[11], [12], [13]]);
    expect(pending(box)).toEqual({ main: [21] });
    const next = commit(box, repo, "n");
    balanced(box);
    expect(claimedBy(box, next)).toEqual([21]);
  });

  it("merge --no-commit takes what was edited before it was committed", () => {
    const box = sandbox();
    const { repo, a, b } = start(box);
    box.git(repo, "merge", "-q", "--no-ff", "--no-commit", "feat");
    box.write(repo, "n", "n\n");
    talk(box, repo, 22, { edits: [`${repo}/n`], session: "other" });
    box.git(repo, "add", "n");
    box.git(repo, "commit", "-q", "--no-edit");
    balanced(box);
    expect(claimedBy(box, head(box, repo))).toEqual([22]);
    expect([a, b].map((sha) => homeOf(box, sha))).toEqual([[11], [12]]);
    expect(pending(box)).toEqual({ main: [21] });
  });

  it.each(["commit", "merge --continue", "merge --abort"] as const)("a merge with a conflict, then %s", (way) => {
    const box = sandbox();
    const { repo, b } = start(box);
    const theirs = commit(box, repo, "b", "theirs\n", "--author", "Bob <bob@example.com>");
    box.boba(["audit"]);
    expect(claimedBy(box, theirs)).toEqual([21]);
    talk(box, repo, 23, { session: "talk" });
    box.tryGit(repo, ["merge", "-q", "feat"], { expect: 1 });
    if (way === "merge --abort") box.git(repo, "merge", "--abort");
    else {
      resolve(box, repo);
      box.git(repo, ...(way === "commit" ? ["commit", "-q", "--no-edit"] : ["merge", "--continue"]));
    }
    balanced(box);
    expect(claimedBy(box, head(box, repo))).toEqual(way === "merge --abort" ? [21] : [22]);
    expect(homeOf(box, b)).toEqual([12]);
    expect(claimedBy(box, theirs)).toEqual([21]);
    expect(pending(box)).toEqual({ main: [23] });
  });

  it("merge --squash with a conflict: the one commit stands for all, and for what the conflict cost", () => {
    const box = sandbox();
    const { repo } = start(box);
    const theirs = commit(box, repo, "b", "theirs\n");
    talk(box, repo, 23, { session: "talk" });
    box.tryGit(repo, ["merge", "-q", "--squash", "feat"], { expect: 1 });
    resolve(box, repo);
    box.git(repo, "commit", "-q", "--no-edit");
    balanced(box);
    expect(claimedBy(box, head(box, repo))).toEqual([11, 12, 22]);
    expect(branchOf(box, 12)).toBe("feat");
    expect(claimedBy(box, theirs)).toEqual([21]);
    expect(pending(box)).toEqual({ main: [23] });
  });

  it("merge --squash after main moved, then again with what was added to the branch", () => {
    const box = sandbox();
    const { repo } = start(box);
    box.git(repo, "merge", "-q", "--squash", "feat");
    box.git(repo, "commit", "-q", "--no-edit");
    const first = head(box, repo);
    const between = commit(box, repo, "x");
    box.git(repo, "checkout", "-q", "feat");
    talkAndCommit(box, repo, 13, "c");
    box.git(repo, "checkout", "-q", "main");
    box.git(repo, "merge", "-q", "--squash", "feat");
    box.git(repo, "commit", "-q", "--no-edit");
    balanced(box);
    expect(claimedBy(box, first)).toEqual([11, 12]);
    expect(claimedBy(box, between)).toEqual([21]);
    expect(claimedBy(box, head(box, repo))).toEqual([13]);
    expect(pending(box)).toEqual({});
  });

  it("cherry-pick -n, then a commit: one like any other, and the source keeps its own", () => {
    const box = sandbox();
    const { repo, b } = start(box);
    box.git(repo, "cherry-pick", "-n", "feat");
    box.git(repo, "commit", "-q", "-m", "picked by hand");
    balanced(box);
    expect(claimedBy(box, head(box, repo))).toEqual([21]);
    expect(homeOf(box, b)).toEqual([12]);
    expect(pending(box)).toEqual({});
  });

  it("cherry-pick from a branch that nobody booked anything to", () => {
    const box = sandbox();
    const { repo } = start(box);
    box.git(box.dir, "clone", "-q", repo, "colleague");
    const theirs = ["c", "d"].map((file) => commit(box, `${box.dir}/colleague`, file, file, "--author", "Bob <bob@example.com>"));
    box.git(repo, "fetch", "-q", `${box.dir}/colleague`, "main:bob");
    box.git(repo, "cherry-pick", "bob~2..bob");
    balanced(box);
    expect(box.git(repo, "log", "-2", "--format=%an %s")).toBe("Bob d\nBob c");
    const picked = [head(box, repo), box.git(repo, "rev-parse", "HEAD~1")];
    expect([...theirs, ...picked].flatMap((sha) => claimedBy(box, sha))).toEqual([]);
    expect(pending(box)).toEqual({ main: [21] });
  });

  it("a revert, and the revert of that, hold nothing; what was reverted keeps its own", () => {
    const box = sandbox();
    const { repo, a, b } = start(box);
    box.git(repo, "merge", "-q", "--no-edit", "feat");
    box.git(repo, "revert", "--no-edit", a, b);
    box.git(repo, "revert", "--no-edit", "HEAD");
    balanced(box);
    expect([0, 1, 2].flatMap((back) => claimedBy(box, box.git(repo, "rev-parse", `HEAD~${back}`)))).toEqual([]);
    expect([a, b].map((sha) => homeOf(box, sha))).toEqual([[11], [12]]);
    expect(pending(box)).toEqual({ main: [21] });
    expect(abandoned(box)).toEqual([]);
  });
});
