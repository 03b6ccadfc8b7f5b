/** Rewritten commits gain what the old ones held; replays claim nothing new; what was dropped is abandoned. */
import { describe, expect, it } from "vitest";
import { abandoned, claimedBy, homeOf, pending } from "../helpers/books.ts";
import { type Sandbox, sandbox } from "../helpers/sandbox.ts";
import { branched, commit, head, talk, talkAndCommit, todo } from "../helpers/work.ts";

const last = (box: Sandbox, repo: string, back: number) => box.git(repo, "rev-parse", `HEAD~${back}`);
const balanced = (box: Sandbox) => expect(box.json(["audit"])).toMatchObject({ balanced: true, faults: [] });

describe("amend", () => {
  it("keeps what the commit held and takes what is new, again and again", () => {
    const box = sandbox();
    const repo = box.repo();
    talkAndCommit(box, repo, 11, "a");
    talk(box, repo, 12);
    box.git(repo, "commit", "-q", "--amend", "-m", "a2");
    talk(box, repo, 13);
    box.git(repo, "commit", "-q", "--amend", "-m", "a3");
    balanced(box);
    expect(homeOf(box, head(box, repo))).toEqual([11, 12, 13]);
    expect(abandoned(box)).toEqual([]);
  });
});

describe.each([true, false])("rebase (hooks installed: %s)", (hooks) => {
  it("onto a moved branch: every commit keeps its own", () => {
    const box = sandbox();
    const repo = branched(box, hooks);
    talk(box, repo, 14);
    box.git(repo, "rebase", "-q", "main");
    balanced(box);
    expect([2, 1, 0].map((back) => homeOf(box, last(box, repo, back)))).toEqual([[11], [12], [13]]);
    expect(pending(box)).toEqual({ feat: [14] });
    expect(claimedBy(box, box.git(repo, "rev-parse", "main"))).toEqual([]);
  });

  it("with --apply, the same", () => {
    const box = sandbox();
    const repo = branched(box, hooks);
    box.git(repo, "rebase", "-q", "--apply", "main");
    balanced(box);
    expect([2, 1, 0].map((back) => homeOf(box, last(box, repo, back)))).toEqual([[11], [12], [13]]);
  });

  it("squash and fixup unite, drop abandons, reword and reorder keep", () => {
    const box = sandbox();
    const repo = branched(box, hooks);
    box.tryGit(repo, ["rebase", "-q", "-i", "main"], { env: todo("2s/pick/squash/"), expect: 0 });
    balanced(box);
    expect([1, 0].map((back) => homeOf(box, last(box, repo, back)))).toEqual([[11, 12], [13]]);
    box.tryGit(repo, ["rebase", "-q", "-i", "main"], { env: todo("2s/pick/fixup/"), expect: 0 });
    balanced(box);
    expect(homeOf(box, head(box, repo))).toEqual([11, 12, 13]);
    talkAndCommit(box, repo, 14, "d");
    talkAndCommit(box, repo, 15, "e");
    box.tryGit(repo, ["rebase", "-q", "-i", "main"], { env: todo("2{h;d};3{G}"), expect: 0 });
    balanced(box);
    expect([1, 0].map((back) => homeOf(box, last(box, repo, back)))).toEqual([[15], [14]]);
    box.tryGit(repo, ["rebase", "-q", "-i", "main"], { env: todo("2s/pick/reword/;3s/pick/drop/"), expect: 0 });
    balanced(box);
    expect(homeOf(box, head(box, repo))).toEqual([15]);
    expect(abandoned(box)).toEqual([14]);
  });

  it("edit and split: the part git names keeps the claim, talk during the rebase stays pending", () => {
    const box = sandbox();
    const repo = branched(box, hooks);
    box.tryGit(repo, ["rebase", "-q", "-i", "main"], { env: todo("2s/pick/edit/") });
    talk(box, repo, 21);
    commit(box, repo, "extra");
    box.git(repo, "rebase", "--continue");
    balanced(box);
    expect(homeOf(box, last(box, repo, 3))).toEqual([11]);
    expect(homeOf(box, head(box, repo))).toEqual([13]);
    expect(pending(box)).toEqual({ feat: [21] });
  });

  it.each(["continue", "commit", "skip", "abort"] as const)("a conflict, then %s", (way) => {
    const box = sandbox();
    const repo = branched(box, hooks);
    box.git(repo, "checkout", "-q", "main");
    const theirs = commit(box, repo, "b", "theirs\n");
    box.git(repo, "checkout", "-q", "feat");
    box.boba(["audit"]);
    const before = head(box, repo);
    box.tryGit(repo, ["rebase", "-q", "main"], { expect: 1 });
    if (way === "continue" || way === "commit") {
      box.write(repo, "b", "both\n");
      box.git(repo, "add", "b");
      if (way === "commit") box.git(repo, "commit", "-q", "-m", "b");
      box.git(repo, "rebase", "--continue");
    } else box.git(repo, "rebase", `--${way}`);
    balanced(box);
    expect(claimedBy(box, theirs)).toEqual([]);
    expect(pending(box)).toEqual({});
    if (way === "abort") {
      expect(head(box, repo)).toBe(before);
      expect([2, 1, 0].map((back) => homeOf(box, last(box, repo, back)))).toEqual([[11], [12], [13]]);
    } else if (way === "skip") {
      expect([1, 0].map((back) => homeOf(box, last(box, repo, back)))).toEqual([[11], [13]]);
      expect(abandoned(box)).toEqual([12]);
    } else expect([2, 1, 0].map((back) => homeOf(box, last(box, repo, back)))).toEqual([[11], [12], [13]]);
  });

  it("a skipped first commit never lands on someone else's", () => {
    const box = sandbox();
    const repo = branched(box, hooks);
    box.git(repo, "checkout", "-q", "main");
    const theirs = commit(box, repo, "a", "theirs\n");
    box.git(repo, "checkout", "-q", "feat");
    box.tryGit(repo, ["rebase", "-q", "main"], { expect: 1 });
    box.git(repo, "rebase", "--skip");
    balanced(box);
    expect(claimedBy(box, theirs)).toEqual([]);
    expect(abandoned(box)).toEqual([11]);
    expect([1, 0].map((back) => homeOf(box, last(box, repo, back)))).toEqual([[12], [13]]);
  });

  it("pull --rebase", () => {
    const box = sandbox();
    const repo = box.repo();
    box.git(box.dir, "clone", "-q", "--bare", repo, "hub.git");
    box.git(repo, "remote", "add", "origin", `${box.dir}/hub.git`);
    box.git(repo, "fetch", "-q");
    box.git(repo, "branch", "-q", "-u", "origin/main");
    if (hooks) box.boba(["hooks", "install", "--mode", "lazy"], { cwd: repo });
    box.git(box.dir, "clone", "-q", "hub.git", "colleague");
    const theirs = commit(box, `${box.dir}/colleague`, "t");
    box.git(`${box.dir}/colleague`, "push", "-q");
    talkAndCommit(box, repo, 11, "a");
    talk(box, repo, 12);
    box.git(repo, "pull", "-q", "--rebase");
    balanced(box);
    expect(homeOf(box, head(box, repo))).toEqual([11]);
    expect(claimedBy(box, theirs)).toEqual([]);
    expect(pending(box)).toEqual({ main: [12] });
  });
});

describe("replays claim nothing by time", () => {
  it("merges, fast-forwards, cherry-picks, reverts", () => {
    const box = sandbox();
    const repo = branched(box, true);
    box.git(repo, "checkout", "-q", "main");
    talk(box, repo, 21);
    box.git(repo, "merge", "-q", "--no-ff", "-m", "merge", "feat");
    box.git(repo, "revert", "--no-edit", "HEAD~1");
    box.git(repo, "checkout", "-q", "-b", "ff", "feat");
    box.git(repo, "merge", "-q", "--ff-only", "main");
    balanced(box);
    expect(pending(box)).toEqual({ main: [21] });
    expect(abandoned(box)).toEqual([]);
  });
});
