/** What the fuzzer found in rebases, each as the shortest script that shows it. */
import { utimesSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { claimedBy, pending } from "../helpers/books.ts";
import { type Sandbox, sandbox } from "../helpers/sandbox.ts";
import { commit, head, nextSecond, repoWith, talk, talkAndCommit, todo } from "../helpers/work.ts";

describe.each([true, false])("a rebase of a detached HEAD, whose end git does not log (hooks: %s)", (hooks) => {
  /** Two commits on a detached HEAD, with 11 and 12, and `main` one commit ahead of where they began. */
  function detached(box: Sandbox): string {
    const repo = repoWith(box, hooks);
    box.git(repo, "checkout", "-q", "--detach");
    talkAndCommit(box, repo, 11, "a");
    talkAndCommit(box, repo, 12, "b");
    const tip = head(box, repo);
    box.git(repo, "checkout", "-q", "main");
    commit(box, repo, "m");
    box.git(repo, "checkout", "-q", "--detach", tip);
    box.boba(["audit"]);
    return repo;
  }

  it.each([[], ["--apply"]])("carries, and what is committed after it takes what was said after it %s", (...args) => {
    const box = sandbox();
    const repo = detached(box);
    box.git(repo, "rebase", "-q", ...args, "main");
    box.boba(["audit"]);
    expect(claimedBy(box, box.git(repo, "rev-parse", "HEAD~1"))).toEqual([11]);
    expect(claimedBy(box, head(box, repo))).toEqual([12]);
    talkAndCommit(box, repo, 13, "c");
    box.boba(["audit"]);
    expect(claimedBy(box, head(box, repo))).toEqual([13]);
  });

  it("counts for nothing while it has stopped, nor when it is given up", () => {
    const box = sandbox();
    const repo = detached(box);
    box.tryGit(repo, ["rebase", "-q", "-i", "main"], { env: todo("2s/pick/edit/"), expect: 0 });
    const made = head(box, repo);
    box.boba(["audit"]);
    expect(claimedBy(box, made)).toEqual([]);
    box.git(repo, "rebase", "--abort");
    box.boba(["audit"]);
    expect(claimedBy(box, made)).toEqual([]);
    expect(claimedBy(box, head(box, repo))).toEqual([12]);
  });

  it("ends where another begins", () => {
    const box = sandbox();
    const repo = detached(box);
    box.git(repo, "rebase", "-q", "main");
    const first = head(box, repo);
    box.git(repo, "checkout", "-q", "main");
    commit(box, repo, "n");
    box.git(repo, "checkout", "-q", "--detach", first);
    box.git(repo, "rebase", "-q", "main");
    box.boba(["audit"]);
    expect(claimedBy(box, first)).toEqual([12]);
    expect(claimedBy(box, head(box, repo))).toEqual([12]);
  });
});

describe("an edit at a stop, in the second in which the rebase began", () => {
  /** A conflict in `a` between `feat` and `main`; HEAD is on `feat`, all is booked. */
  function conflict(box: Sandbox): string {
    const repo = box.repo();
    commit(box, repo, "a", "0\n");
    box.git(repo, "checkout", "-q", "-b", "feat");
    commit(box, repo, "a", "mine\n");
    box.git(repo, "checkout", "-q", "main");
    commit(box, repo, "a", "theirs\n");
    box.git(repo, "checkout", "-q", "feat");
    talk(box, repo, 10);
    // Not an empty commit: at one, `rebase --apply` of newer gits stops again.
    commit(box, repo, "t");
    box.boba(["audit"]);
    return repo;
  }

  /** The agent resolves it, at a cost of 11, and the rebase goes on; returns the commit that this makes. */
  function resolve(box: Sandbox, repo: string): string {
    box.write(repo, "a", "both\n");
    talk(box, repo, 11, { edits: [`${repo}/a`] });
    box.git(repo, "add", "a");
    box.git(repo, "rebase", "--continue");
    box.boba(["audit"]);
    return box.git(repo, "log", "-1", "--format=%H", "--", "a");
  }

  it.each([[], ["--apply"]])("belongs to the commit that resolves the conflict %s", (...args) => {
    const box = sandbox();
    const repo = conflict(box);
    box.tryGit(repo, ["rebase", "-q", ...args, "main"], { expect: 1 });
    expect(claimedBy(box, resolve(box, repo))).toEqual([11]);
  });

  it("does not when it was made before, and stashed away by the rebase", () => {
    const box = sandbox();
    const repo = conflict(box);
    box.write(repo, "a", "agent\n");
    talk(box, repo, 11, { edits: [`${repo}/a`] });
    box.tryGit(repo, ["rebase", "-q", "--autostash", "main"], { expect: 1 });
    box.write(repo, "a", "by hand\n");
    box.git(repo, "add", "a");
    box.tryGit(repo, ["rebase", "--continue"]);
    box.boba(["audit"]);
    const made = box.git(repo, "log", "-1", "--format=%H", "--", "a");
    expect(claimedBy(box, made)).toEqual([]);
    expect(pending(box)).toEqual({ feat: [11] });
  });

  it("is taken for one of the rebase where only the second is known", () => {
    const box = sandbox();
    const repo = conflict(box);
    // The rebase begins when a second does.
    nextSecond();
    box.tryGit(repo, ["rebase", "-q", "main"], { expect: 1 });
    utimesSync(`${repo}/.git/ORIG_HEAD`, 0, 0);
    expect(claimedBy(box, resolve(box, repo))).toEqual([11]);
  });
});

it("what a rebase made on the way and then squashed holds nothing: only the end of it does", () => {
  const box = sandbox();
  const repo = box.repo();
  for (const output of [11, 12, 13]) talkAndCommit(box, repo, output, `f${output}`);
  const edit = { GIT_EDITOR: "sed -i '1s/$/ ~/'" };
  box.tryGit(repo, ["rebase", "-q", "-i", "HEAD~2"], { env: { ...todo("1s/pick/reword/;2s/pick/squash/"), ...edit }, expect: 0 });
  const steps = box.git(repo, "log", "-g", "--format=%H", "HEAD", "--grep-reflog=rebase (reword)", "--").split("\n");
  box.boba(["audit"]);
  expect(claimedBy(box, head(box, repo))).toEqual([12, 13]);
  const [reworded = ""] = steps;
  expect(reworded).toMatch(/^[0-9a-f]{40}$/);
  expect(claimedBy(box, reworded)).toEqual([]);
});

it("what was edited at a stop goes on to what the rebase made of that commit then", () => {
  const box = sandbox();
  const repo = box.repo();
  for (const output of [11, 12]) talkAndCommit(box, repo, output, `f${output}`);
  box.git(repo, "checkout", "-q", "-b", "other", "HEAD~2");
  commit(box, repo, "o");
  box.git(repo, "checkout", "-q", "main");
  box.boba(["audit"]);
  const edit = { GIT_EDITOR: "sed -i '1s/$/ ~/'" };
  box.tryGit(repo, ["rebase", "-q", "-i", "other"], { env: { ...todo("1s/pick/edit/;2s/pick/squash/"), ...edit }, expect: 0 });
  box.write(repo, "f11", "agent\n");
  talk(box, repo, 13, { edits: [`${repo}/f11`] });
  box.git(repo, "commit", "-q", "-a", "--amend", "-m", "reworded");
  const amended = head(box, repo);
  box.boba(["audit"]);
  expect(claimedBy(box, amended)).toEqual([13]);
  box.tryGit(repo, ["rebase", "--continue"], { env: edit, expect: 0 });
  box.boba(["audit"]);
  expect(claimedBy(box, head(box, repo))).toEqual([11, 12, 13]);
});
