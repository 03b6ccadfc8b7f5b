/** Where a checkout went tells a branch only if it names one: what the fuzzer found of a detached HEAD that was rebased before anyone looked. */
import { expect, it } from "vitest";
import { branchOf, claimedBy } from "../helpers/books.ts";
import { sandbox } from "../helpers/sandbox.ts";
import { commit, head, nextSecond, talk } from "../helpers/work.ts";

it.each(["HEAD", "HEAD~1", "main@{0}", "the beginning of its id"])("a rebase of a HEAD detached at %s: its work is on no branch", (to) => {
  const box = sandbox();
  const repo = box.repo();
  commit(box, repo, "a");
  commit(box, repo, "b");
  box.git(repo, "checkout", "-q", "--detach", to.startsWith("the") ? head(box, repo).slice(0, 7) : to);
  // Within the second of the checkout, git does not tell on which side of it this was said.
  nextSecond();
  talk(box, repo, 11);
  const made = commit(box, repo, "c");
  box.git(repo, "rebase", "-q", "--force-rebase", "HEAD~1");
  expect(box.json(["audit"])).toMatchObject({ balanced: true, faults: [] });
  expect([claimedBy(box, made), branchOf(box, 11)]).toEqual([[11], null]);
});

it("a rebase that goes to the branch it is given: what was committed before is on the branch of before", () => {
  const box = sandbox();
  const repo = box.repo();
  commit(box, repo, "a");
  box.git(repo, "branch", "other");
  box.git(repo, "checkout", "-q", "-b", "feat");
  talk(box, repo, 11);
  const made = commit(box, repo, "b");
  box.git(repo, "rebase", "-q", "--force-rebase", "main~1", "other");
  box.json(["audit"]);
  expect([claimedBy(box, made), branchOf(box, 11)]).toEqual([[11], "feat"]);
});
