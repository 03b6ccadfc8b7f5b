/** What the fuzzer found, each as the shortest script that shows it. */
import { describe, expect, it } from "vitest";
import { branchOf, claimedBy, pending } from "../helpers/books.ts";
import { type Sandbox, sandbox } from "../helpers/sandbox.ts";
import { commit, head, repoWith, talk, talkAndCommit, todo } from "../helpers/work.ts";

/** A clone of a repository whose last commit a colleague wrote and pushed. */
function cloned(box: Sandbox) {
  const start = box.repo("start");
  box.git(start, "config", "user.email", "colleague@example.com");
  const theirs = commit(box, start, "theirs");
  const repo = `${box.dir}/mine`;
  box.git(box.dir, "clone", "-q", start, repo);
  return { repo, theirs };
}

describe("a commit that stands for another gains claims; the other gains nothing", () => {
  it("a colleague's commits that were amended here do not get what the amended ones cost", () => {
    const box = sandbox();
    const { repo } = cloned(box);
    const theirs: string[] = [];
    const mine: string[] = [];
    // Eight times, because which of two versions comes first must not hang on their names.
    for (let n = 1; n <= 8; n++) {
      theirs.push(commit(box, `${box.dir}/start`, `theirs${n}`));
      box.git(repo, "fetch", "-q");
      box.git(repo, "checkout", "-q", "-b", `b${n}`, "--no-track", "origin/main");
      talk(box, repo, n);
      box.git(repo, "commit", "-q", "--amend", "-m", `mine ${n}`);
      mine.push(head(box, repo));
    }
    box.boba(["audit"]);
    expect(mine.map((sha) => claimedBy(box, sha))).toEqual([[1], [2], [3], [4], [5], [6], [7], [8]]);
    expect(theirs.flatMap((sha) => claimedBy(box, sha))).toEqual([]);
  });

  it("nor do one's own commits get what their amended versions cost", () => {
    const box = sandbox();
    const repo = box.repo();
    // Eight times, because which of two versions comes first must not hang on their names.
    const before: string[] = [];
    const after: string[] = [];
    for (let n = 1; n <= 8; n++) {
      before.push(commit(box, repo, `a${n}`));
      talk(box, repo, n);
      box.git(repo, "commit", "-q", "--amend", "-m", `again ${n}`);
      after.push(head(box, repo));
    }
    box.boba(["audit"]);
    expect(after.map((sha) => claimedBy(box, sha))).toEqual([[1], [2], [3], [4], [5], [6], [7], [8]]);
    expect(before.flatMap((sha) => claimedBy(box, sha))).toEqual([]);
  });

  it("a colleague's commit that was picked here does not get what resolving its conflict cost", () => {
    const box = sandbox();
    const { repo } = cloned(box);
    const start = `${box.dir}/start`;
    box.git(start, "checkout", "-q", "-b", "side");
    const theirs = commit(box, start, "theirs", "side\n");
    box.git(repo, "fetch", "-q");
    commit(box, repo, "theirs", "mine\n");
    talk(box, repo, 10);
    box.boba(["audit"]);
    box.tryGit(repo, ["cherry-pick", theirs], { expect: 1 });
    box.write(repo, "theirs", "both\n");
    talk(box, repo, 11, { edits: [`${repo}/theirs`], session: "two" });
    box.git(repo, "add", "theirs");
    box.git(repo, "cherry-pick", "--continue");
    box.boba(["audit"]);
    box.boba(["audit"]);
    expect(claimedBy(box, head(box, repo))).toEqual([11]);
    expect(claimedBy(box, theirs)).toEqual([]);
  });
});

describe("what was edited before a clean replay began is not in it", () => {
  it.each(["revert", "cherry-pick", "am"] as const)("%s of a commit in a file whose edit is stashed", (way) => {
    const box = sandbox();
    const repo = box.repo();
    commit(box, repo, "a", "1\n");
    box.git(repo, "checkout", "-q", "-b", "side");
    const source = commit(box, repo, "a", "2\n");
    const mail = box.git(repo, "format-patch", "-q", "-1", "-o", box.dir);
    expect(mail).toBe("");
    if (way !== "revert") box.git(repo, "checkout", "-q", "main");
    // Another parent: within one second, git would make the very same commit again.
    if (way !== "revert") commit(box, repo, "m");
    box.boba(["audit"]);
    box.write(repo, "a", "agent\n");
    talk(box, repo, 11, { edits: [`${repo}/a`] });
    box.git(repo, "stash", "push", "-q");
    if (way === "revert") box.git(repo, "revert", "--no-edit", source);
    else if (way === "cherry-pick") box.git(repo, "cherry-pick", source);
    else box.git(repo, "am", "-q", `${box.dir}/0001-a.patch`);
    box.boba(["audit"]);
    expect(claimedBy(box, head(box, repo))).toEqual([]);
    expect(pending(box)).toEqual({ [way === "revert" ? "side" : "main"]: [11] });
  });
});

describe("a branch renamed while another is checked out", () => {
  it("takes along what was booked to it and what waits on it", () => {
    const box = sandbox();
    const repo = box.repo();
    box.git(repo, "checkout", "-q", "-b", "old");
    talkAndCommit(box, repo, 11, "a");
    talk(box, repo, 12);
    box.boba(["audit"]);
    box.git(repo, "checkout", "-q", "main");
    box.git(repo, "branch", "-m", "old", "new");
    box.boba(["audit"]);
    expect(branchOf(box, 11)).toBe("new");
    expect(pending(box)).toEqual({ new: [12] });
    box.git(repo, "branch", "-m", "new", "newer");
    box.boba(["audit"]);
    expect(branchOf(box, 11)).toBe("newer");
    expect(pending(box)).toEqual({ newer: [12] });
  });
});

describe("without any hook", () => {
  it.each(["continue", "commit"] as const)("a rebase that stopped on a conflict carries what the commit held (%s)", (way) => {
    const box = sandbox();
    const repo = box.repo();
    commit(box, repo, "a", "0\n");
    box.git(repo, "checkout", "-q", "-b", "feat");
    talkAndCommit(box, repo, 11, "b");
    talk(box, repo, 12);
    commit(box, repo, "a", "mine\n");
    box.git(repo, "checkout", "-q", "main");
    commit(box, repo, "a", "theirs\n");
    box.git(repo, "checkout", "-q", "feat");
    box.tryGit(repo, ["rebase", "-q", "main"], { expect: 1 });
    box.write(repo, "a", "both\n");
    box.git(repo, "add", "a");
    if (way === "commit") box.git(repo, "commit", "-q", "--no-edit");
    box.git(repo, "rebase", "--continue");
    box.boba(["audit"]);
    expect(claimedBy(box, box.git(repo, "rev-parse", "HEAD~1"))).toEqual([11]);
    expect(claimedBy(box, head(box, repo))).toEqual([12]);
  });
});

it.each([true, false])("a reword, then a squash, of commits that need not be picked again (hooks: %s)", (hooks) => {
  const box = sandbox();
  const repo = repoWith(box, hooks);
  for (const output of [11, 12, 13]) talkAndCommit(box, repo, output, `f${output}`);
  const edit = { GIT_EDITOR: "sed -i '1s/$/ ~/'" };
  box.tryGit(repo, ["rebase", "-q", "-i", "HEAD~2"], { env: { ...todo("1s/pick/reword/"), ...edit }, expect: 0 });
  box.boba(["audit"]);
  box.tryGit(repo, ["rebase", "-q", "-i", "HEAD~2"], { env: { ...todo("2s/pick/squash/"), ...edit }, expect: 0 });
  box.boba(["audit"]);
  expect(claimedBy(box, head(box, repo))).toEqual([12, 13]);
});

it("a squash that is amended takes what was said since, though its message still names what was squashed", () => {
  const box = sandbox();
  const repo = box.repo();
  box.git(repo, "checkout", "-q", "-b", "side");
  talkAndCommit(box, repo, 11, "a");
  box.git(repo, "checkout", "-q", "main");
  box.git(repo, "merge", "-q", "--squash", "side");
  box.git(repo, "commit", "-q", "--no-edit");
  talk(box, repo, 12);
  box.write(repo, "b", "b\n");
  box.git(repo, "add", "b");
  box.git(repo, "commit", "-q", "--amend", "--no-edit");
  box.boba(["audit"]);
  expect(box.git(repo, "log", "-1", "--format=%B")).toContain("Squashed commit of the following:");
  expect(claimedBy(box, head(box, repo))).toEqual([11, 12]);
});

it.each(["lazy", "background"])("a squash is the commit made after it, not an earlier one upon the same commit (hooks: %s)", (mode) => {
  const box = sandbox();
  const repo = box.repo();
  box.boba(["hooks", "install", "--mode", "lazy"], { cwd: repo });
  // A background program is one that looks after every step: done here by hand, so that nothing is left to chance.
  const look = () => (mode === "background" ? box.boba(["audit"]) : undefined);
  box.git(repo, "checkout", "-q", "-b", "side");
  talkAndCommit(box, repo, 11, "a");
  box.git(repo, "checkout", "-q", "--detach", "main");
  const earlier = commit(box, repo, "a", "earlier\n");
  box.git(repo, "checkout", "-q", "main");
  look();
  box.git(repo, "merge", "-q", "--squash", "side");
  look();
  box.git(repo, "commit", "-q", "-m", "all of it");
  look();
  const squash = head(box, repo);
  box.git(repo, "checkout", "-q", "--detach", "HEAD~1");
  const later = commit(box, repo, "a", "later\n");
  box.boba(["audit"]);
  expect([earlier, squash, later].map((sha) => claimedBy(box, sha))).toEqual([[], [11], []]);
});

describe("a squash that was thrown away", () => {
  /** `side` with a commit of `a` that cost 11; on main, `a` and `side` are folded together and that is reset. */
  function thrownAway(box: Sandbox): string {
    const repo = repoWith(box, true);
    commit(box, repo, "a", "first\n");
    box.git(repo, "checkout", "-q", "-b", "side");
    talkAndCommit(box, repo, 11, "a");
    box.git(repo, "checkout", "-q", "main");
    box.git(repo, "merge", "-q", "--squash", "side");
    box.git(repo, "reset", "-q", "--hard");
    return repo;
  }

  it("is not in the commit made after it, which changes the same file and holds what was said for it", () => {
    const box = sandbox();
    const repo = thrownAway(box);
    talk(box, repo, 12);
    const next = commit(box, repo, "a", "another\n");
    box.boba(["audit"]);
    expect([claimedBy(box, next), claimedBy(box, box.git(repo, "rev-parse", "side"))]).toEqual([[12], [11]]);
  });

  it("nor in one made after HEAD was reset to another commit", () => {
    const box = sandbox();
    const repo = thrownAway(box);
    box.git(repo, "merge", "-q", "--squash", "side");
    box.git(repo, "reset", "-q", "--hard", "HEAD~1");
    const next = commit(box, repo, "a", "another\n");
    box.boba(["audit"]);
    expect(claimedBy(box, next)).toEqual([]);
  });

  it("is in the commit when it was made again, with more in it, under another message", () => {
    const box = sandbox();
    const repo = thrownAway(box);
    box.git(repo, "merge", "-q", "--squash", "side");
    box.write(repo, "more", "more\n");
    box.git(repo, "add", "more");
    box.git(repo, "commit", "-q", "-m", "all of it");
    box.boba(["audit"]);
    expect(claimedBy(box, head(box, repo))).toEqual([11]);
  });
});

it("a mail is the commit it was made from, not what that one was reworded to since", () => {
  const box = sandbox();
  const repo = box.repo();
  box.git(repo, "checkout", "-q", "-b", "side");
  talkAndCommit(box, repo, 11, "a");
  expect(box.git(repo, "format-patch", "-q", "-1", "-o", box.dir)).toBe("");
  talk(box, repo, 12);
  box.git(repo, "commit", "-q", "--amend", "-m", "reworded");
  box.git(repo, "checkout", "-q", "main");
  commit(box, repo, "m");
  box.git(repo, "am", "-q", `${box.dir}/0001-a.patch`);
  box.boba(["audit"]);
  expect(claimedBy(box, head(box, repo))).toEqual([11]);
});
