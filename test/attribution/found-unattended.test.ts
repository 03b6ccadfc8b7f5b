/** A rebase that goes on without stopping takes nothing up that an agent edits meanwhile: the fuzzer found such an edit in it. */
import { readFileSync, utimesSync } from "node:fs";
import { expect, it } from "vitest";
import { claimedBy, pending } from "../helpers/books.ts";
import { sandbox } from "../helpers/sandbox.ts";
import { commit, head, talk, todo } from "../helpers/work.ts";

it.each(["pick", "squash", "fixup"])("a step that git took without stopping (%s) holds no edit of its own second", (verb) => {
  const box = sandbox();
  const repo = box.repo();
  for (const text of ["1\n", "2\n"]) commit(box, repo, "a", text);
  // In a later second than the commits, so that only the rebase can be meant.
  while (Date.now() % 1000 > 100) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
  const env = { ...todo(`1s/pick/reword/;2s/pick/${verb}/`), GIT_EDITOR: "sed -i '1s/$/ ~/'" };
  box.tryGit(repo, ["rebase", "-q", "-i", "HEAD~2"], { env, expect: 0 });
  const second = /> (\d+) \S+\trebase(?: -i)? \(start\)/.exec(readFileSync(`${repo}/.git/logs/HEAD`, "utf8"))?.[1];
  utimesSync(`${repo}/.git/ORIG_HEAD`, 0, 0);
  talk(box, repo, 11, { atMs: Number(second) * 1000 + 1, edits: [`${repo}/a`] });
  expect(box.json(["audit"])).toMatchObject({ balanced: true });
  expect(claimedBy(box, head(box, repo))).toEqual([]);
  expect(pending(box)).toEqual({ main: [11] });
});
