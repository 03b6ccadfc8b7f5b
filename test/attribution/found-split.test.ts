/** What the fuzzer found of commits that are taken apart where a rebase stopped (`edit`, then `reset HEAD~`). */
import { utimesSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { claimedBy, homeOf, pending } from "../helpers/books.ts";
import { type Sandbox, sandbox } from "../helpers/sandbox.ts";
import { commit, head, nextSecond, repoWith, talk, talkAndCommit, todo } from "../helpers/work.ts";

describe("a reset of which git tells only the second, because the rebase left the same commit and its time is kept", () => {
  const still = (box: Sandbox, second: number) => (box.env["GIT_COMMITTER_DATE"] = `@${second} +0000`);

  /** `p` and `q` committed together at the tip; from now on git's clock stands still. Returns the first millisecond of its second. */
  function wide(box: Sandbox, repo: string): number {
    commit(box, repo, "p", "0\n");
    for (const file of ["p", "q"]) box.write(repo, file, "1\n");
    box.git(repo, "add", "-A");
    box.git(repo, "commit", "-q", "-m", "both");
    box.boba(["audit"]);
    nextSecond();
    const second = Math.floor(Date.now() / 1000);
    still(box, second);
    return second * 1000;
  }

  /** Gives the rebase's beginning and the commits their milliseconds. */
  function timed(repo: string, secondMs: number, startMs: number, made: Record<string, number>): void {
    const set = (path: string, ms: number) => utimesSync(`${repo}/.git/${path}`, (secondMs + ms) / 1000, (secondMs + ms) / 1000);
    set("ORIG_HEAD", startMs);
    for (const [sha, ms] of Object.entries(made)) set(`objects/${sha.slice(0, 2)}/${sha.slice(2)}`, ms);
  }

  it("an edit at the stop is in the part that holds its file, with what led to it", () => {
    const box = sandbox();
    const repo = box.repo();
    const secondMs = wide(box, repo);
    const whole = head(box, repo);
    box.tryGit(repo, ["rebase", "-q", "-i", "HEAD~2"], { env: todo("2s/pick/edit/"), expect: 0 });
    nextSecond();
    still(box, secondMs / 1000 + 1);
    box.git(repo, "reset", "-q", "HEAD~");
    expect(box.git(repo, "rev-parse", "ORIG_HEAD")).toBe(whole);
    talk(box, repo, 11, { atMs: secondMs + 1400, branch: "main" });
    talk(box, repo, 12, { atMs: secondMs + 1500, branch: "main", edits: [`${repo}/p`] });
    const first = commit(box, repo, "p", "agent\n");
    const second = commit(box, repo, "q", "1\n");
    box.git(repo, "rebase", "--continue");
    timed(repo, secondMs, 900, { [first]: 1700, [second]: 1800 });
    box.boba(["audit"]);
    expect([first, second].map((sha) => claimedBy(box, sha))).toEqual([[11, 12], []]);
    expect(pending(box)).toEqual({});
  });

  it("one made before the rebase, and put aside by it, is not", () => {
    const box = sandbox();
    const repo = box.repo();
    const secondMs = wide(box, repo);
    box.write(repo, "p", "agent\n");
    talk(box, repo, 11, { atMs: secondMs + 50, edits: [`${repo}/p`] });
    box.tryGit(repo, ["rebase", "-q", "-i", "--autostash", "HEAD~2"], { env: todo("2s/pick/edit/"), expect: 0 });
    box.git(repo, "reset", "-q", "HEAD~");
    const first = commit(box, repo, "p", "1\n");
    const second = commit(box, repo, "q", "1\n");
    box.tryGit(repo, ["rebase", "--continue"]);
    timed(repo, secondMs, 100, { [first]: 700, [second]: 800 });
    box.boba(["audit"]);
    expect([first, second].map((sha) => claimedBy(box, sha))).toEqual([[], []]);
    expect(pending(box)).toEqual({ main: [11] });
  });

  it("nor is one at the stop in what git picks by itself after it was thrown away", () => {
    const box = sandbox();
    const repo = box.repo();
    commit(box, repo, "r", "0\n");
    const secondMs = wide(box, repo);
    const tip = commit(box, repo, "r", "1\n");
    box.tryGit(repo, ["rebase", "-q", "-i", "HEAD~3"], { env: todo("2s/pick/edit/"), expect: 0 });
    box.write(repo, "r", "agent\n");
    talk(box, repo, 11, { atMs: secondMs + 500, branch: "main", edits: [`${repo}/r`] });
    box.git(repo, "reset", "-q", "--hard", "HEAD~");
    box.git(repo, "rebase", "--continue");
    const picked = head(box, repo);
    expect(box.git(repo, "diff", "--name-only", "HEAD~")).toBe("r");
    // As if the reset, too, had left the commit that the rebase did.
    box.git(repo, "update-ref", "ORIG_HEAD", tip);
    timed(repo, secondMs, 100, { [tip]: 20, [picked]: 800 });
    box.boba(["audit"]);
    expect([tip, picked].map((sha) => claimedBy(box, sha))).toEqual([[], []]);
    expect(pending(box)).toEqual({ main: [11] });
  });
});

describe.each([true, false])("a commit that a rebase made and that was taken apart there (hooks: %s)", (hooks) => {
  /** 12 on a commit of `p` and `q`, which is to come before the one that it was made upon; the rebase has stopped at its new version. */
  function stopped(box: Sandbox) {
    const repo = repoWith(box, hooks);
    talkAndCommit(box, repo, 11, "a");
    talk(box, repo, 12);
    for (const file of ["p", "q"]) box.write(repo, file, `${file}\n`);
    box.git(repo, "add", "-A");
    box.git(repo, "commit", "-q", "-m", "both");
    const old = head(box, repo);
    box.boba(["audit"]);
    box.tryGit(repo, ["rebase", "-q", "-i", "HEAD~2"], { env: todo("1{h;d};2{s/pick/edit/;G}"), expect: 0 });
    const whole = head(box, repo);
    expect(whole).not.toBe(old);
    return { repo, old, whole };
  }

  it.each([["-m", "again"], ["-C"]])("holds nothing: all of its parts do (%s)", (...message) => {
    const box = sandbox();
    const { repo, old, whole } = stopped(box);
    box.git(repo, "reset", "-q", "HEAD~");
    const first = commit(box, repo, "p");
    box.git(repo, "add", "-A");
    box.git(repo, "commit", "-q", ...message, ...(message.length > 1 ? [] : [whole]));
    const second = head(box, repo);
    box.git(repo, "rebase", "--continue");
    box.boba(["audit"]);
    expect([old, whole, first, second, head(box, repo)].map((sha) => claimedBy(box, sha))).toEqual([[12], [], [12], [12], [11]]);
  });

  it("is what it was where the reset was taken back", () => {
    const box = sandbox();
    const { repo, old, whole } = stopped(box);
    box.git(repo, "reset", "-q", "HEAD~");
    const part = commit(box, repo, "p");
    box.git(repo, "reset", "-q", "--hard", whole);
    box.git(repo, "rebase", "--continue");
    box.boba(["audit"]);
    expect([old, whole, head(box, repo)].map((sha) => claimedBy(box, sha))).toEqual([[12], [12], [11]]);
    expect(part).not.toBe(whole);
  });
});

it("made again over and over at a stop of a rebase, it is booked as quickly as once", () => {
  const box = sandbox();
  const repo = repoWith(box, true);
  const first = talkAndCommit(box, repo, 11, "a");
  const second = talkAndCommit(box, repo, 12, "b");
  box.boba(["audit"]);
  box.tryGit(repo, ["rebase", "-q", "-i", "HEAD~2"], { env: todo("1s/pick/edit/"), expect: 0 });
  // Each of them may stand for any before it: there are more ways through 24 of them than can be walked.
  for (let nth = 0; nth < 24; nth++) {
    box.git(repo, "reset", "-q", "--soft", "HEAD~1");
    box.git(repo, "commit", "-q", "-m", `a, for the ${nth}th time`);
  }
  box.git(repo, "rebase", "--continue");
  for (const name of ["x", "y"]) {
    box.boba(["audit"]);
    commit(box, repo, name);
  }
  box.boba(["audit"]);
  expect([homeOf(box, box.git(repo, "rev-parse", "HEAD~3")), homeOf(box, box.git(repo, "rev-parse", "HEAD~2"))]).toEqual([[11], [12]]);
  expect([...homeOf(box, first), ...homeOf(box, second)]).toEqual([]);
});
