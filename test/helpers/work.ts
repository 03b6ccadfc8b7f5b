/** A developer with an agent: responses and commits in real time, each response known by its output tokens. */
import { pause } from "../../src/platform/pause.ts";
import { respond, type Response } from "./agent.ts";
import type { Sandbox } from "./sandbox.ts";

/** Waits until the clock has moved on: two moments of a test must not share a millisecond. */
export function tick(): void {
  const start = Date.now();
  while (Date.now() - start < 3) pause(1);
}

/** Waits until a second begins: git's times tell no more. */
export function nextSecond(): void {
  const second = Math.floor(Date.now() / 1000);
  while (Math.floor(Date.now() / 1000) === second) pause(2);
}

/** A repository with one commit, with or without boba's hooks. */
export function repoWith(box: Sandbox, hooks: boolean): string {
  const repo = box.repo();
  if (hooks) box.boba(["hooks", "install", "--mode", "lazy"], { cwd: repo });
  return repo;
}

/** The agent answers in `cwd`, now; the branch it logs is the one HEAD names. */
export function talk(box: Sandbox, cwd: string, output: number, more: Partial<Response> = {}): void {
  tick();
  const branch = box.tryGit(cwd, ["symbolic-ref", "--short", "-q", "HEAD"]).stdout.trim() || "HEAD";
  respond(box, { cwd, output, branch, ...more });
  tick();
}

/** Writes a file and commits it; returns the commit. */
export function commit(box: Sandbox, cwd: string, file: string, text = `${file}\n`, ...args: string[]): string {
  box.write(cwd, file, text);
  box.git(cwd, "add", "--", file);
  box.git(cwd, "commit", "-q", "-m", file, ...args);
  return box.git(cwd, "rev-parse", "HEAD");
}

/** The agent answers and its work is committed. */
export function talkAndCommit(box: Sandbox, cwd: string, output: number, file: string): string {
  talk(box, cwd, output);
  return commit(box, cwd, file);
}

export const head = (box: Sandbox, cwd: string): string => box.git(cwd, "rev-parse", "HEAD");

/** An editor for `git rebase -i` that edits the todo list with sed. */
export const todo = (script: string): NodeJS.ProcessEnv => ({ GIT_SEQUENCE_EDITOR: `sed -i -e '${script}'` });

/** main, and `feat` with three commits (of `a`, `b` and `c`) that cost 11, 12 and 13; main has moved on. HEAD is on feat. */
export function branched(box: Sandbox, hooks: boolean): string {
  const repo = repoWith(box, hooks);
  box.git(repo, "checkout", "-q", "-b", "feat");
  talkAndCommit(box, repo, 11, "a");
  talkAndCommit(box, repo, 12, "b");
  talkAndCommit(box, repo, 13, "c");
  box.git(repo, "checkout", "-q", "main");
  commit(box, repo, "m");
  box.git(repo, "checkout", "-q", "feat");
  return repo;
}
