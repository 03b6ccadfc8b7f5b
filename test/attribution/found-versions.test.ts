/** What the fuzzer found where two clones make one commit again, each in its own way; each as the shortest script that shows it. */
import { describe, expect, it } from "vitest";
import { claimedBy } from "../helpers/books.ts";
import { type Sandbox, sandbox } from "../helpers/sandbox.ts";
import { commit, head, nextSecond, talk, talkAndCommit } from "../helpers/work.ts";

/** A hub that somebody else began, their clone of it and mine. */
function clones(box: Sandbox) {
  const hub = box.repo("hub");
  const [theirs, mine] = [`${box.dir}/theirs`, `${box.dir}/mine`];
  for (const path of [theirs, mine]) box.git(box.dir, "clone", "-q", hub, path);
  box.git(theirs, "config", "user.email", "other@example.com");
  return { theirs, mine };
}

/** The agent edits a file here, and the commit on HEAD is amended with it; returns what became of that commit. */
function amendHere(box: Sandbox, mine: string, output: number): string {
  box.write(mine, "mine", "agent\n");
  talk(box, mine, output, { edits: [`${mine}/mine`] });
  box.git(mine, "add", "mine");
  box.git(mine, "commit", "-q", "--amend", "--no-edit");
  return head(box, mine);
}

/** Somebody makes `sha` again a minute later, on a branch that is fetched here then; with a change more, or upon another commit. */
function madeAgain(box: Sandbox, { theirs, mine }: ReturnType<typeof clones>, sha: string, how: "amended" | "moved"): string {
  const env = { GIT_COMMITTER_DATE: `${Math.floor(Date.now() / 1000) + 60} +0000` };
  box.git(theirs, "fetch", "-q");
  box.git(theirs, "checkout", "-q", "-b", "again", how === "amended" ? sha : `${sha}~1`);
  if (how === "amended") {
    box.write(theirs, "more", "more\n");
    box.git(theirs, "add", "more");
    box.tryGit(theirs, ["commit", "-q", "--amend", "--no-edit"], { env, expect: 0 });
  } else {
    commit(box, theirs, "base");
    box.tryGit(theirs, ["cherry-pick", sha], { env, expect: 0 });
  }
  box.git(theirs, "push", "-q", "origin", "again");
  box.boba(["audit"]);
  box.git(mine, "fetch", "-q");
  box.boba(["audit"]);
  return head(box, theirs);
}

/** A commit of theirs, pushed, and what it is here. */
function theirCommit(box: Sandbox, { theirs, mine }: ReturnType<typeof clones>): string {
  const sha = commit(box, theirs, "a");
  box.git(theirs, "push", "-q", "origin", "HEAD:refs/heads/side");
  box.git(mine, "fetch", "-q");
  box.git(mine, "checkout", "-q", "-b", "side", "--no-track", sha);
  return sha;
}

describe("somebody else's commit, made again here and there", () => {
  it("with a change of its own, theirs does not get what was added here", () => {
    const box = sandbox();
    const both = clones(box);
    const original = theirCommit(box, both);
    const here = amendHere(box, both.mine, 11);
    const there = madeAgain(box, both, original, "amended");
    expect([here, there, original].map((sha) => claimedBy(box, sha))).toEqual([[11], [], []]);
  });

  it("with the same change, theirs does not get what was said here before it was amended", () => {
    const box = sandbox();
    const both = clones(box);
    const original = theirCommit(box, both);
    talk(box, both.mine, 11);
    box.git(both.mine, "commit", "-q", "--amend", "--no-edit");
    const here = head(box, both.mine);
    const there = madeAgain(box, both, original, "moved");
    expect([here, there, original].map((sha) => claimedBy(box, sha))).toEqual([[11], [], []]);
  });

  it("picked here once more with a conflict, and without hooks, the pick does not get it either", () => {
    const box = sandbox();
    const { mine, ...rest } = clones(box);
    const original = theirCommit(box, { mine, ...rest });
    const here = amendHere(box, mine, 11);
    box.git(mine, "checkout", "-q", "main");
    commit(box, mine, "a", "other\n");
    box.boba(["audit"]);
    box.tryGit(mine, ["cherry-pick", original], { expect: 1 });
    box.write(mine, "a", "both\n");
    box.git(mine, "add", "a");
    box.git(mine, "cherry-pick", "--continue");
    box.boba(["audit"]);
    expect([here, head(box, mine)].map((sha) => claimedBy(box, sha))).toEqual([[11], []]);
  });
});

it.each(["with a conflict", "cleanly"])(
  "what was amended here of theirs keeps what that cost when it is rebased %s, without hooks",
  (how) => {
    const box = sandbox();
    const both = clones(box);
    const { mine } = both;
    theirCommit(box, both);
    // Cleanly, all versions have one change: then only the line that was rebased tells which of them is meant.
    if (how === "cleanly") {
      talk(box, mine, 11);
      nextSecond();
      box.git(mine, "commit", "-q", "--amend", "--no-edit");
    } else amendHere(box, mine, 11);
    box.git(mine, "checkout", "-q", "main");
    commit(box, mine, how === "cleanly" ? "m" : "a", "other\n");
    box.git(mine, "checkout", "-q", "side");
    box.boba(["audit"]);
    box.tryGit(mine, ["rebase", "-q", "main"], { expect: how === "cleanly" ? 0 : 1 });
    if (how !== "cleanly") {
      box.write(mine, "a", "both\n");
      box.git(mine, "add", "a");
      box.git(mine, "rebase", "--continue");
    }
    box.boba(["audit"]);
    expect(claimedBy(box, head(box, mine))).toEqual([11]);
  },
);

describe("a commit that was written here, and made again elsewhere", () => {
  function mine(box: Sandbox) {
    const both = clones(box);
    box.git(both.mine, "checkout", "-q", "-b", "side");
    const original = talkAndCommit(box, both.mine, 11, "a");
    box.git(both.mine, "push", "-q", "origin", "side");
    return { both, original };
  }

  it("with a change of its own, gets what the first version of it cost, not what was added here since", () => {
    const box = sandbox();
    const { both, original } = mine(box);
    const here = amendHere(box, both.mine, 12);
    const there = madeAgain(box, both, original, "amended");
    expect([original, here, there].map((sha) => claimedBy(box, sha))).toEqual([[11], [11, 12], [11]]);
  });

  it("with the same change, gets it too, not what was said here since", () => {
    const box = sandbox();
    const { both, original } = mine(box);
    talk(box, both.mine, 12);
    // Within the second, git would make the very same commit again.
    nextSecond();
    box.git(both.mine, "commit", "-q", "--amend", "--no-edit");
    const here = head(box, both.mine);
    const there = madeAgain(box, both, original, "moved");
    expect([original, here, there].map((sha) => claimedBy(box, sha))).toEqual([[11], [11, 12], [11]]);
  });

  it.each(["amended", "moved"] as const)("gets all of it where it has but one version (%s)", (how) => {
    const box = sandbox();
    const { both, original } = mine(box);
    const there = madeAgain(box, both, original, how);
    expect([original, there].map((sha) => claimedBy(box, sha))).toEqual([[11], [11]]);
  });
});

it("a rebase of one branch makes again what is on it, not what the same commit was amended to on another", () => {
  const box = sandbox();
  const repo = box.repo();
  box.git(repo, "checkout", "-q", "-b", "feat");
  const original = talkAndCommit(box, repo, 11, "a");
  box.git(repo, "branch", "kept");
  box.git(repo, "checkout", "-q", "main");
  commit(box, repo, "m");
  box.git(repo, "checkout", "-q", "feat");
  talk(box, repo, 12);
  // In the same second it would be the same commit.
  nextSecond();
  box.git(repo, "commit", "-q", "--amend", "--no-edit");
  const amended = head(box, repo);
  box.boba(["audit"]);
  box.git(repo, "checkout", "-q", "kept");
  box.git(repo, "rebase", "-q", "main");
  box.boba(["audit"]);
  expect([original, amended, head(box, repo)].map((sha) => claimedBy(box, sha))).toEqual([[11], [11, 12], [11]]);
});
