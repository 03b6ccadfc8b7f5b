/** Worktrees in which no agent ever worked: boba looks at their reflogs all the same. */
import { expect, it } from "vitest";
import { claimedBy, homeOf } from "../helpers/books.ts";
import { sandbox } from "../helpers/sandbox.ts";
import { commit, head, talk } from "../helpers/work.ts";

it("a commit that is amended in a linked worktree which no record names, without hooks, keeps what it held", () => {
  const box = sandbox();
  const repo = box.repo();
  talk(box, repo, 1000);
  const old = commit(box, repo, "a");
  box.boba(["import"], { cwd: repo });
  expect(claimedBy(box, old)).toEqual([1000]);
  const linked = `${box.dir}/linked`;
  box.git(repo, "worktree", "add", "-q", "-b", "side", linked);
  box.git(linked, "commit", "-q", "--amend", "--reset-author", "-m", "other words, another author's date");
  box.boba(["import"], { cwd: repo });
  expect(claimedBy(box, head(box, linked))).toEqual([1000]);
});

it("a commit that is amended in the main worktree, where only a linked one had an agent, keeps what it held", () => {
  const box = sandbox();
  const repo = box.repo();
  const linked = `${box.dir}/linked`;
  box.git(repo, "worktree", "add", "-q", "-b", "side", linked);
  talk(box, linked, 1000);
  commit(box, linked, "a");
  box.boba(["import"], { cwd: linked });
  box.git(repo, "merge", "-q", "--ff-only", "side");
  box.git(repo, "commit", "-q", "--amend", "--reset-author", "-m", "other words");
  box.git(repo, "branch", "-q", "-f", "keep", "HEAD");
  box.git(linked, "reset", "-q", "--hard", "HEAD~1");
  box.boba(["import"], { cwd: linked });
  expect(homeOf(box, head(box, repo))).toEqual([1000]);
});
