/** Commands of newer gits: run where git has them, else fed through what they leave behind (as git 2.55 was seen to). */
import type { RunOptions, Sandbox } from "./sandbox.ts";

type Env = NonNullable<RunOptions["env"]>;

/** Whether this git has the command with this option. */
const has = (box: Sandbox, at: string, command: string, option: string) => box.tryGit(at, [command, "-h"]).stdout.includes(option);

/** A commit like `sha` with another parent, and whatever else `change` says; author and date stay. */
function again(box: Sandbox, at: string, sha: string, parent: string, change: { tree?: string; message?: string } = {}): string {
  const [name = "", email = "", date = ""] = box.git(at, "show", "-s", "--format=%an%n%ae%n%aI", sha).split("\n");
  const env = { GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email, GIT_AUTHOR_DATE: date };
  const tree = change.tree ?? box.git(at, "rev-parse", `${sha}^{tree}`);
  const message = change.message ?? box.git(at, "show", "-s", "--format=%B", sha);
  const made = box.tryGit(at, ["commit-tree", "-p", parent, "-m", message, tree], { env, expect: 0 });
  return made.stdout.trim();
}

/** The tree of `onto` with the change of `sha` on top. */
function merged(box: Sandbox, at: string, sha: string, onto: string): string {
  const index: Env = { GIT_INDEX_FILE: `${box.dir}/index` };
  box.tryGit(at, ["read-tree", onto], { env: index, expect: 0 });
  const patch = box.tryGit(at, ["diff-tree", "-p", "--binary", `${sha}^`, sha]).stdout;
  if (patch !== "") box.tryGit(at, ["apply", "--cached"], { env: index, input: patch, expect: 0 });
  return box.tryGit(at, ["write-tree"], { env: index, expect: 0 }).stdout.trim();
}

/** Commits after `base` up to `tip`, made again upon `onto`. Returns the last. */
function replayed(box: Sandbox, at: string, base: string, tip: string, onto: string): string {
  const shas = box.git(at, "rev-list", "--reverse", `${base}..${tip}`).split("\n").filter(Boolean);
  return shas.reduce((parent, sha) => again(box, at, sha, parent, { tree: merged(box, at, sha, parent) }), onto);
}

/** `git history reword <rev>`: the subject becomes `subject`. */
export function historyReword(box: Sandbox, at: string, rev: string, subject: string): void {
  if (has(box, at, "history", "history reword")) {
    box.tryGit(at, ["history", "reword", rev], { env: { GIT_EDITOR: `sed -i '1s/.*/${subject}/'` }, expect: 0 });
    return;
  }
  const made = again(box, at, rev, box.git(at, "rev-parse", `${rev}^`), { message: subject });
  box.git(at, "update-ref", "-m", `reword: updating ${rev}`, "HEAD", replayed(box, at, rev, "HEAD", made));
}

/** `git history fixup <rev>`: what is staged goes into that commit. */
export function historyFixup(box: Sandbox, at: string, rev: string): void {
  if (has(box, at, "history", "history fixup")) {
    box.git(at, "history", "fixup", rev);
    return;
  }
  const staged = box.tryGit(at, ["diff", "--cached", "--binary", "HEAD"]).stdout;
  const index: Env = { GIT_INDEX_FILE: `${box.dir}/index` };
  box.tryGit(at, ["read-tree", rev], { env: index, expect: 0 });
  box.tryGit(at, ["apply", "--cached"], { env: index, input: staged, expect: 0 });
  const tree = box.tryGit(at, ["write-tree"], { env: index, expect: 0 }).stdout.trim();
  const made = again(box, at, rev, box.git(at, "rev-parse", `${rev}^`), { tree });
  box.git(at, "update-ref", "-m", `fixup: updating ${rev}`, "HEAD", replayed(box, at, rev, "HEAD", made));
}

/** `git history split <rev>`: `first` (a file the commit added) becomes a commit of its own, before the rest. */
export function historySplit(box: Sandbox, at: string, rev: string, first: string, subjects: readonly [string, string]): void {
  if (has(box, at, "history", "history split")) {
    // Git asks for each part's message in turn; what is to be the first part is chosen by path.
    const editor = `f() { if grep -q . ${box.dir}/asked 2>/dev/null; then s='${subjects[1]}'; else s='${subjects[0]}'; fi; echo x >>${box.dir}/asked; printf '%s\\n' "$s" >"$1"; }; f`;
    box.tryGit(at, ["history", "split", rev, "--", first], { env: { GIT_EDITOR: editor }, input: "y\n", expect: 0 });
    return;
  }
  const parent = box.git(at, "rev-parse", `${rev}^`);
  const index: Env = { GIT_INDEX_FILE: `${box.dir}/index` };
  box.tryGit(at, ["read-tree", parent], { env: index, expect: 0 });
  box.tryGit(at, ["update-index", "--add", "--cacheinfo", `100644,${box.git(at, "rev-parse", `${rev}:${first}`)},${first}`], {
    env: index,
    expect: 0,
  });
  const tree = box.tryGit(at, ["write-tree"], { env: index, expect: 0 }).stdout.trim();
  const one = again(box, at, rev, parent, { tree, message: subjects[0] });
  const two = again(box, at, rev, one, { message: subjects[1] });
  box.git(at, "update-ref", "-m", `split: updating ${rev}`, "HEAD", replayed(box, at, rev, "HEAD", two));
}

/** `git replay --onto <onto> <onto>..<branch>`, which moves the branch itself from 2.53 on. */
export function replayOnto(box: Sandbox, at: string, onto: string, branch: string): void {
  if (has(box, at, "replay", "--ref-action")) {
    box.git(at, "replay", "--onto", onto, `${onto}..${branch}`);
    return;
  }
  const base = box.git(at, "merge-base", onto, branch);
  const made = replayed(box, at, base, branch, onto);
  box.git(at, "update-ref", "-m", `replay --onto ${box.git(at, "rev-parse", onto)}`, `refs/heads/${branch}`, made);
}

/** `git replay --advance <branch> <base>..<tip>`: picks upon a branch without checking it out. */
export function replayAdvance(box: Sandbox, at: string, branch: string, base: string, tip: string): void {
  if (has(box, at, "replay", "--ref-action")) {
    box.git(at, "replay", "--advance", branch, `${base}..${tip}`);
    return;
  }
  const made = replayed(box, at, base, tip, branch);
  box.git(at, "update-ref", "-m", `replay --advance ${branch}`, `refs/heads/${branch}`, made);
}

/** `git replay --revert <branch> <rev>^..<rev>`. */
export function replayRevert(box: Sandbox, at: string, branch: string, rev: string): void {
  if (has(box, at, "replay", "--revert")) {
    box.git(at, "replay", "--revert", branch, `${rev}^..${rev}`);
    return;
  }
  const index: Env = { GIT_INDEX_FILE: `${box.dir}/index` };
  box.tryGit(at, ["read-tree", branch], { env: index, expect: 0 });
  const patch = box.tryGit(at, ["diff-tree", "-p", "--binary", rev, `${rev}^`]).stdout;
  box.tryGit(at, ["apply", "--cached"], { env: index, input: patch, expect: 0 });
  const tree = box.tryGit(at, ["write-tree"], { env: index, expect: 0 }).stdout.trim();
  const made = box.git(at, "commit-tree", "-p", branch, "-m", `Revert "${box.git(at, "show", "-s", "--format=%s", rev)}"`, tree);
  box.git(at, "update-ref", "-m", `replay --revert ${branch}`, `refs/heads/${branch}`, made);
}
