/** What arrives in the spool when git itself runs the hooks. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Sandbox, sandbox } from "../helpers/sandbox.ts";
import { installHooks } from "../../src/flow/hooks-install.ts";
import { appAt, gitIsNew, installOnce, NEW_GIT, OLD_GIT, spool, spoolFile } from "./tools.ts";

function commit(box: Sandbox, repo: string, file: string, text = file): string {
  writeFileSync(join(repo, file), text);
  box.git(repo, "add", "-A");
  box.git(repo, "commit", "-q", "-m", file);
  return box.git(repo, "rev-parse", "HEAD");
}

function rows(box: Sandbox, event: string): string[][] {
  return spool(spoolFile(box)).filter((row) => row[1] === event);
}

test("quotes, spaces and letters of any language in the paths of the repository and of boba", async () => {
  const box = sandbox();
  const name = `it's a "répo" $HOME; \`x\` #1`;
  const repo = box.repo(name);
  box.bobaHome = join(box.dir, `b'o"b\\a ü #`);
  await installHooks(appAt(box, repo, { BOBA_HOME: box.bobaHome }), {
    global: false,
    mode: "lazy",
    force: false,
    gits: [gitIsNew(box) ? NEW_GIT : OLD_GIT],
  });
  const head = commit(box, repo, "a");
  expect(spool(spoolFile(box))).toEqual([["v1", "post-commit", join(repo, ".git"), repo, "refs/heads/main", head]]);
});

test("a linked worktree names its own git directory", async () => {
  const box = sandbox();
  const repo = box.repo();
  await installOnce(box, repo);
  const tree = join(box.dir, "tree");
  box.git(repo, "worktree", "add", "-q", "-b", "side", tree);
  const head = commit(box, tree, "a");
  const gitDir = join(repo, ".git", "worktrees", "tree");
  const root = box.git(repo, "rev-parse", "main");
  expect(rows(box, "post-checkout")).toEqual([["v1", "post-checkout", gitDir, tree, "refs/heads/side", root, "0".repeat(40), root, "1"]]);
  expect(rows(box, "post-commit")).toEqual([["v1", "post-commit", gitDir, tree, "refs/heads/side", head]]);
});

test("a submodule is a repository of its own", async () => {
  const box = sandbox();
  const inner = box.repo("inner");
  const outer = box.repo("outer");
  box.git(outer, "submodule", "--quiet", "add", inner, "sub");
  const sub = join(outer, "sub");
  await installOnce(box, sub);
  const head = commit(box, sub, "a");
  expect(rows(box, "post-commit")).toEqual([["v1", "post-commit", join(outer, ".git", "modules", "sub"), sub, "refs/heads/main", head]]);
});

test("a detached HEAD and packed refs are told as they are", async () => {
  const box = sandbox();
  const repo = box.repo();
  await installOnce(box, repo);
  box.git(repo, "checkout", "-q", "--detach");
  const head = commit(box, repo, "a");
  expect(rows(box, "post-commit").map((row) => row.slice(4))).toEqual([["-", head]]);
  box.git(repo, "branch", "packed");
  box.git(repo, "pack-refs", "--all");
  box.git(repo, "checkout", "-q", "packed");
  expect(rows(box, "post-checkout").at(-1)?.slice(4, 6)).toEqual(["refs/heads/packed", "-"]);
});

test.each([["--merge"], ["--apply"]])("rebase %s: one line for each pair", async (backend) => {
  const box = sandbox();
  const repo = box.repo();
  box.git(repo, "checkout", "-q", "-b", "topic");
  const old = ["a", "b", "c"].map((file) => commit(box, repo, file));
  box.git(repo, "checkout", "-q", "main");
  commit(box, repo, "base");
  await installOnce(box, repo);
  box.git(repo, "rebase", "-q", backend, "main", "topic");
  const made = box.git(repo, "rev-list", "--reverse", "main..topic").split("\n");
  expect(made).toHaveLength(3);
  expect(rows(box, "rewritten")).toEqual(old.map((sha, n) => ["v1", "rewritten", join(repo, ".git"), repo, "-", "-", sha, made[n]]));
  expect(rows(box, "post-rewrite").map((row) => row[6])).toEqual(["rebase"]);
});

test("amend, cherry-pick, squash merge", async () => {
  const box = sandbox();
  const repo = box.repo();
  await installOnce(box, repo);
  commit(box, repo, "a");
  box.git(repo, "commit", "-q", "--amend", "-m", "again");
  expect(rows(box, "post-rewrite").map((row) => row[6])).toEqual(["amend"]);
  box.git(repo, "checkout", "-q", "-b", "topic");
  const one = commit(box, repo, "one");
  const two = commit(box, repo, "two");
  box.git(repo, "checkout", "-q", "main");
  box.git(repo, "merge", "-q", "--squash", "topic");
  expect(
    rows(box, "squashed")
      .map((row) => row[6])
      .toSorted(),
  ).toEqual([one, two].toSorted());
  box.git(repo, "reset", "-q", "--hard");
  box.git(repo, "cherry-pick", one);
  expect(rows(box, "picked").map((row) => row.slice(4))).toEqual([["-", "-", one, box.git(repo, "rev-parse", "HEAD")]]);
  box.git(repo, "merge", "-q", "--no-ff", "topic");
  expect(rows(box, "post-merge").map((row) => row[6])).toEqual(["1", "0"]);
});

test("am tells each applied patch", async () => {
  const box = sandbox();
  const repo = box.repo();
  box.git(repo, "checkout", "-q", "-b", "topic");
  commit(box, repo, "one");
  commit(box, repo, "two");
  mkdirSync(join(box.dir, "patches"));
  box.git(repo, "format-patch", "-q", "-o", join(box.dir, "patches"), "main");
  box.git(repo, "checkout", "-q", "main");
  await installOnce(box, repo);
  box.git(repo, "am", "-q", join(box.dir, "patches", "0001-one.patch"), join(box.dir, "patches", "0002-two.patch"));
  expect(rows(box, "post-applypatch").map((row) => row[5])).toEqual(box.git(repo, "rev-list", "--reverse", "-2", "HEAD").split("\n"));
});

test("a repository with reftables: the event is told, the ref is left to the sweep", async () => {
  const box = sandbox();
  const repo = join(box.dir, "tables");
  const made = box.tryGit(box.dir, ["init", "-q", "--ref-format=reftable", repo]);
  // Git before 2.45 has no such format, and says so.
  expect([0, 129]).toContain(made.status);
  if (made.status !== 0) return;
  await installOnce(box, repo);
  commit(box, repo, "a");
  expect(rows(box, "post-commit").map((row) => row.slice(4))).toEqual([["-", "-"]]);
});
