/** ORIG_HEAD tells when HEAD was moved away from a commit: the wrong entry must not be given that time. */
import { expect, it } from "vitest";
import { pending } from "../helpers/books.ts";
import { sandbox } from "../helpers/sandbox.ts";
import { commit, nextSecond, talk } from "../helpers/work.ts";

it("a rebase onto a commit, and within moments a rebase away from that commit: each keeps its own time", () => {
  const box = sandbox();
  const repo = box.repo();
  box.git(repo, "checkout", "-q", "-b", "feat");
  commit(box, repo, "a");
  box.git(repo, "checkout", "-q", "main");
  commit(box, repo, "m");
  box.git(repo, "checkout", "-q", "feat");
  // ORIG_HEAD is feat's old tip here, and main's tip, onto which this goes, after the last rebase.
  box.git(repo, "rebase", "-q", "main");
  talk(box, repo, 21);
  // In the next second: near enough to be taken for the time of the first rebase.
  nextSecond();
  box.git(repo, "checkout", "-q", "main");
  talk(box, repo, 22);
  box.git(repo, "rebase", "-q", "feat");
  expect(box.json(["audit"])).toMatchObject({ balanced: true });
  expect(pending(box)).toEqual({ feat: [21], main: [22] });
});
