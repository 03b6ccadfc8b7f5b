/** Every hook manager in every order: events arrive, the manager keeps working, and uninstalling leaves what it alone would have left. */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { healHooks } from "../../src/flow/hooks-heal.ts";
import { type Sandbox, sandbox } from "../helpers/sandbox.ts";
import { gitLfs, lfsHook, MANAGERS, type Manager } from "./managers.ts";
import { appAt, events, fingerprints, gitIsNew, install, spool, spoolFile, uninstall } from "./tools.ts";

const ALL = ["post-checkout", "post-commit", "post-rewrite"];

function files(repo: string, manager: Manager): Record<string, string> {
  return fingerprints(repo, ".git/hooks", ".git/config", ...manager.files);
}

/** What the manager alone leaves behind, in a repository of its own. */
function managerAlone(box: Sandbox, manager: Manager): Record<string, string> {
  const repo = box.repo("alone");
  expect(manager.install(box, repo)).toBe(0);
  return files(repo, manager);
}

/** A commit, an amend and a new branch, counted from an empty spool. */
function work(box: Sandbox, repo: string): string[] {
  rmSync(spoolFile(box), { force: true });
  box.git(repo, "commit", "-q", "--allow-empty", "-m", "one");
  box.git(repo, "commit", "-q", "--allow-empty", "--amend", "-m", "two");
  box.git(repo, "checkout", "-q", "-B", "topic");
  return events(box);
}

describe.each(MANAGERS)("$name", (manager) => {
  test("manager first, boba second", async () => {
    const box = sandbox();
    const repo = box.repo();
    expect(manager.install(box, repo)).toBe(0);
    const before = files(repo, manager);
    const report = await install(box, repo);
    expect(report.events.map((event) => event.block)).toEqual([true, true, true, true, true]);
    expect(work(box, repo)).toEqual(ALL);
    await uninstall(box, repo);
    expect(files(repo, manager)).toEqual(before);
  });

  test("boba first, manager second, healed by the next run", async () => {
    const box = sandbox();
    const alone = managerAlone(box, manager);
    const repo = box.repo();
    await install(box, repo);
    expect(manager.install(box, repo)).toBe(0);
    await healHooks(appAt(box, repo), repo);
    expect(work(box, repo)).toEqual(ALL);
    await uninstall(box, repo);
    expect(files(repo, manager)).toEqual(alone);
  });

  test("re-installed three times, healed each time, never an error", async () => {
    const box = sandbox();
    const alone = managerAlone(box, manager);
    const repo = box.repo();
    expect(manager.install(box, repo)).toBe(0);
    await install(box, repo);
    for (let round = 0; round < 3; round++) {
      expect(manager.install(box, repo)).toBe(0);
      await healHooks(appAt(box, repo), repo);
      expect(await healHooks(appAt(box, repo), repo)).toEqual([]);
      expect(work(box, repo)).toEqual(ALL);
    }
    await uninstall(box, repo);
    expect(files(repo, manager)).toEqual(alone);
  });
});

test("healing names who wiped the block", async () => {
  const causes: Record<string, string> = {};
  for (const manager of MANAGERS) {
    const box = sandbox();
    const repo = box.repo();
    await install(box, repo);
    manager.install(box, repo);
    const healed = await healHooks(appAt(box, repo), repo);
    causes[manager.name] = healed.find((one) => one.file.endsWith("post-commit"))?.cause ?? "not healed";
  }
  expect(causes).toEqual({
    husky: "core.hooksPath is now .husky/_ (local): set by husky",
    lefthook: "lefthook moved the hook to post-commit.old",
    "simple-git-hooks": "simple-git-hooks wrote or removed the hook (it removes every hook it does not know)",
    "pre-commit": "pre-commit moved the hook to post-commit.legacy",
  });
});

test("a user's hook that a manager moved aside gets back what was its own", async () => {
  const box = sandbox();
  const repo = box.repo();
  const own = "#!/bin/sh\nexit 0\n";
  writeFileSync(join(repo, ".git/hooks/post-commit"), own, { mode: 0o755 });
  await install(box, repo);
  const lefthook = MANAGERS.find((manager) => manager.name === "lefthook") as Manager;
  lefthook.install(box, repo);
  await uninstall(box, repo);
  expect(readFileSync(join(repo, ".git/hooks/post-commit.old"), "utf8")).toBe(own);
});

describe("git-lfs", () => {
  test("its hooks stay its own; rewrites are still told at once, the rest by new gits or the sweep", async () => {
    const box = sandbox();
    const repo = box.repo();
    expect(gitLfs.install(box, repo)).toBe(0);
    const before = files(repo, gitLfs);
    const report = await install(box, repo);
    expect(report.events.map((event) => [event.event, event.obstacle])).toEqual([
      ["post-commit", "git-lfs"],
      ["post-rewrite", null],
      ["post-checkout", "git-lfs"],
      ["post-merge", "git-lfs"],
      ["post-applypatch", null],
    ]);
    expect(readFileSync(join(repo, ".git/hooks/post-commit"), "utf8")).toBe(lfsHook("post-commit"));
    expect(gitLfs.install(box, repo)).toBe(0);
    expect(work(box, repo)).toEqual(gitIsNew(box) ? ALL : ["post-rewrite"]);
    await uninstall(box, repo);
    expect(files(repo, gitLfs)).toEqual(before);
  });

  test("boba first on an old git: lfs refuses until boba is gone, as it does with any hook", async () => {
    const box = sandbox();
    const repo = box.repo();
    await install(box, repo);
    expect(gitLfs.install(box, repo)).toBe(2);
    await uninstall(box, repo);
    expect(existsSync(join(repo, ".git/hooks/post-commit"))).toBe(false);
    expect(gitLfs.install(box, repo)).toBe(0);
  });
});

test("husky in a new worktree, where .husky/_ is missing: nothing is written into the project", async () => {
  const box = sandbox();
  const repo = box.repo();
  const husky = MANAGERS.find((manager) => manager.name === "husky") as Manager;
  husky.install(box, repo);
  await install(box, repo);
  box.git(repo, "worktree", "add", "-q", join(box.dir, "tree"));
  const tree = join(box.dir, "tree");
  await healHooks(appAt(box, tree), tree);
  expect(existsSync(join(tree, ".husky"))).toBe(false);
  rmSync(spoolFile(box), { force: true });
  box.git(tree, "commit", "-q", "--allow-empty", "-m", "in the tree");
  expect(spool(spoolFile(box)).map((row) => row[1])).toEqual(gitIsNew(box) ? ["post-commit"] : []);
});
