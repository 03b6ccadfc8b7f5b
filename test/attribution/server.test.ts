/** What a server made of a branch comes back with a pull: the books follow, and nobody else's commit gets anything. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { abandoned, claimedBy, homeOf } from "../helpers/books.ts";
import { type Sandbox, sandbox } from "../helpers/sandbox.ts";
import { commit, talkAndCommit } from "../helpers/work.ts";

const BOB = ["--author", "Bob <bob@example.com>"];

interface Team {
  box: Sandbox;
  repo: string;
  /** Another clone, where the server's work is done. */
  server: string;
  /** A colleague's commit that lands before the branch does. */
  theirs: string;
}

/** A branch `feat` of three commits that cost 11, 12 and 13, pushed; main has moved on meanwhile. */
function team(): Team {
  const box = sandbox();
  const repo = box.repo();
  commit(box, repo, "shared", Array.from({ length: 30 }, (_, n) => `line ${n}\n`).join(""));
  box.git(box.dir, "clone", "-q", "--bare", repo, "hub.git");
  box.git(repo, "remote", "add", "origin", join(box.dir, "hub.git"));
  box.git(repo, "fetch", "-q");
  box.git(repo, "branch", "-q", "-u", "origin/main");
  box.boba(["hooks", "install", "--mode", "lazy"], { cwd: repo });
  box.git(repo, "checkout", "-q", "-b", "feat");
  for (const [output, file] of [
    [11, "a"],
    [12, "b"],
    [13, "c"],
  ] as const)
    talkAndCommit(box, repo, output, file);
  box.git(repo, "push", "-q", "-u", "origin", "feat");
  box.git(box.dir, "clone", "-q", "hub.git", "server");
  const server = join(box.dir, "server");
  const theirs = commit(box, server, "t", "t\n", ...BOB);
  return { box, repo, server, theirs };
}

/** Squashes on the server as GitHub does: one new commit, a new date, an address of the host's. */
function squash({ box, server }: Team, branch = "origin/feat", ...more: string[]): string {
  box.git(server, "merge", "-q", "--squash", branch);
  box.git(server, "commit", "-q", "--author", "Ada <1+ada@users.noreply.example.com>", "-m", `Squash ${branch} (#1)`, ...more);
  return box.git(server, "rev-parse", "HEAD");
}

function pull({ box, repo, server }: Team): void {
  box.git(server, "push", "-q", "origin", "main");
  box.git(repo, "checkout", "-q", "main");
  box.git(repo, "pull", "-q", "--ff-only");
}

const balanced = (box: Sandbox) => expect(box.json(["audit"])).toMatchObject({ balanced: true, faults: [] });

test.each(["known before", "seen for the first time after the pull"])("squash, the branch then deleted: %s", (when) => {
  const all = team();
  const { box, repo, theirs } = all;
  if (when === "known before") balanced(box);
  const made = squash(all);
  pull(all);
  box.git(repo, "branch", "-q", "-D", "feat");
  box.git(repo, "update-ref", "-d", "refs/remotes/origin/feat");
  balanced(box);
  expect(homeOf(box, made)).toEqual([11, 12, 13]);
  expect(claimedBy(box, theirs)).toEqual([]);
  expect(abandoned(box)).toEqual([]);
});

test("squash of a branch that took main in on the way, and of one built upon it", () => {
  const all = team();
  const { box, repo, server, theirs } = all;
  box.git(server, "push", "-q", "origin", "main");
  box.git(repo, "fetch", "-q");
  box.git(repo, "merge", "-q", "--no-edit", "origin/main");
  talkAndCommit(box, repo, 14, "d");
  box.git(repo, "push", "-q");
  box.git(repo, "checkout", "-q", "-b", "next");
  talkAndCommit(box, repo, 21, "n");
  balanced(box);
  box.git(server, "fetch", "-q");
  const made = squash(all);
  pull(all);
  balanced(box);
  expect(claimedBy(box, made)).toEqual([11, 12, 13, 14]);
  expect(claimedBy(box, theirs)).toEqual([]);
  expect(homeOf(box, box.git(repo, "rev-parse", "next"))).toEqual([21]);
});

test("rebase merge: commit by commit", () => {
  const all = team();
  const { box, repo, server, theirs } = all;
  balanced(box);
  box.tryGit(server, ["cherry-pick", "origin/main..origin/feat"], { env: { GIT_COMMITTER_NAME: "GitHub" }, expect: 0 });
  pull(all);
  box.git(repo, "branch", "-q", "-D", "feat");
  box.git(repo, "update-ref", "-d", "refs/remotes/origin/feat");
  balanced(box);
  expect([2, 1, 0].map((back) => homeOf(box, box.git(repo, "rev-parse", `HEAD~${back}`)))).toEqual([[11], [12], [13]]);
  expect(claimedBy(box, theirs)).toEqual([]);
});

test("merge commit: the branch's own commits are shipped, and each keeps its own", () => {
  const all = team();
  const { box, repo, server, theirs } = all;
  balanced(box);
  box.git(server, "merge", "-q", "--no-ff", "-m", "Merge pull request #1", "origin/feat");
  pull(all);
  box.git(repo, "branch", "-q", "-D", "feat");
  balanced(box);
  expect([2, 1, 0].map((back) => homeOf(box, box.git(repo, "rev-parse", `HEAD^2~${back}`)))).toEqual([[11], [12], [13]]);
  expect(claimedBy(box, theirs)).toEqual([]);
  expect(abandoned(box)).toEqual([]);
});

test("nothing for a squash with more in it, for a part of the branch picked by someone, for another's equal one-commit change", () => {
  const all = team();
  const { box, repo, server } = all;
  box.git(repo, "checkout", "-q", "-b", "tiny", "main");
  talkAndCommit(box, repo, 31, "version");
  balanced(box);
  const same = commit(box, server, "version", "version\n", ...BOB, "--date", "2030-01-01T00:00:00Z");
  box.git(server, "merge", "-q", "--squash", "origin/feat");
  const more = commit(box, server, "more");
  pull(all);
  balanced(box);
  expect([same, more].map((sha) => claimedBy(box, sha))).toEqual([[], []]);
});

test("reverted and applied again: only the squash itself holds the claims", () => {
  const all = team();
  const { box, repo, server } = all;
  balanced(box);
  const made = squash(all);
  pull(all);
  balanced(box);
  box.git(server, "revert", "--no-edit", "HEAD");
  box.git(server, "revert", "--no-edit", "HEAD");
  pull(all);
  balanced(box);
  expect(claimedBy(box, made)).toEqual([11, 12, 13]);
  expect(claimedBy(box, box.git(repo, "rev-parse", "main"))).toEqual([]);
});

test("the base moved in the lines around: the merge's result is the evidence, where git can tell", () => {
  const all = team();
  const { box, repo, server } = all;
  const text = Array.from({ length: 30 }, (_, n) => `line ${n}\n`);
  const edit = (at: number) => text.map((row, n) => (n === at ? `new ${n}\n` : row)).join("");
  box.write(repo, "shared", edit(10));
  box.git(repo, "commit", "-q", "-a", "-m", "edit");
  box.git(repo, "push", "-q");
  balanced(box);
  commit(box, server, "shared", edit(13), ...BOB);
  box.git(server, "fetch", "-q");
  const made = squash(all);
  pull(all);
  balanced(box);
  const tells = box.tryGit(server, ["merge-tree", "--write-tree", "HEAD~1", "origin/feat"]).status === 0;
  expect(claimedBy(box, made)).toEqual(tells ? [11, 12, 13] : []);
});
