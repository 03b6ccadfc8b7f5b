/** What the fuzzer found in what a rebase does without stopping: edits made meanwhile are not in it, and commits without a change are. */
import { readFileSync, utimesSync } from "node:fs";
import { expect, it } from "vitest";
import { claimedBy, pending } from "../helpers/books.ts";
import { sandbox } from "../helpers/sandbox.ts";
import { commit, head, nextSecond, talk, talkAndCommit, todo } from "../helpers/work.ts";

it.each(["pick", "squash", "fixup"])("a step that git took without stopping (%s) holds no edit of its own second", (verb) => {
  const box = sandbox();
  const env = { ...todo(`1s/pick/reword/;2s/pick/${verb}/`), GIT_EDITOR: "sed -i '1s/$/ ~/'" };
  let repo = "";
  let seconds: string[] = [];
  // All of it within one second, which a busy machine may need several tries for.
  for (let tries = 0; tries < 20 && new Set(seconds).size !== 1; tries++) {
    repo = box.repo(`repo-${tries}`);
    for (const text of ["1\n", "2\n"]) commit(box, repo, "a", text);
    // In a later second than the commits, so that only the rebase can be meant.
    nextSecond();
    box.tryGit(repo, ["rebase", "-q", "-i", "HEAD~2"], { env, expect: 0 });
    seconds = [...readFileSync(`${repo}/.git/logs/HEAD`, "utf8").matchAll(/> (\d+) \S+\trebase/g)].map(([, second]) => second as string);
  }
  const [second] = seconds;
  utimesSync(`${repo}/.git/ORIG_HEAD`, 0, 0);
  talk(box, repo, 11, { atMs: Number(second) * 1000 + 1, edits: [`${repo}/a`] });
  expect(box.json(["audit"])).toMatchObject({ balanced: true });
  expect(claimedBy(box, head(box, repo))).toEqual([]);
  expect(pending(box)).toEqual({ main: [11] });
});

it("a fixup without a change gives the very same commit again within a second: it is in it, and what was skipped is not", () => {
  const box = sandbox();
  const repo = box.repo();
  box.boba(["hooks", "install", "--mode", "lazy"], { cwd: repo });
  talkAndCommit(box, repo, 11, "a");
  talk(box, repo, 12);
  box.git(repo, "commit", "-q", "--allow-empty", "-m", "empty");
  talk(box, repo, 13);
  const skipped = commit(box, repo, "b", "mine\n");
  box.git(repo, "checkout", "-q", "-b", "other", "HEAD~3");
  const theirs = commit(box, repo, "b", "theirs\n");
  box.git(repo, "checkout", "-q", "main");
  box.boba(["audit"]);
  const env = { ...todo("2s/pick/fixup/"), GIT_EDITOR: "true", GIT_COMMITTER_DATE: `@${Math.floor(Date.now() / 1000)} +0000` };
  box.tryGit(repo, ["rebase", "-q", "-i", "other"], { env, expect: 1 });
  box.tryGit(repo, ["rebase", "--skip"], { env, expect: 0 });
  box.boba(["audit"]);
  expect(box.git(repo, "log", "-g", "--format=%gs", "HEAD", "--grep-reflog=rebase (fixup)", "--")).toBe("");
  expect(claimedBy(box, head(box, repo))).toEqual([11, 12]);
  expect(claimedBy(box, theirs)).toEqual([]);
  expect(claimedBy(box, skipped)).toEqual([13]);
});
