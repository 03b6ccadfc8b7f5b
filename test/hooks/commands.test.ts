/** `boba hooks ...` as typed: what it prints, where it refuses, and the global installation. */
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { healHooks } from "../../src/flow/hooks-heal.ts";
import { installHooks } from "../../src/flow/hooks-install.ts";
import { hooksStatus } from "../../src/flow/hooks-status.ts";
import type { InstallReport } from "../../src/core/hooks.ts";
import { addInclude, includeLines } from "../../src/flow/hooks-include.ts";
import { installText, installWarning, statusText } from "../../src/report/hooks-text.ts";
import { sandbox } from "../helpers/sandbox.ts";
import { appAt, events, fingerprints, install, NEW_GIT, OLD_GIT } from "./tools.ts";

test("install, install again, status, remove", () => {
  const box = sandbox();
  const repo = box.repo();
  const before = fingerprints(repo, ".git");
  const first = box.boba(["hooks", "install", "--mode", "lazy"], { cwd: repo }).stdout;
  expect(first).toMatch(new RegExp(`^installed in ${repo}\n {2}mode {7}lazy\n`));
  expect(first).toContain("next: make a commit, then run: boba\n");
  const installed = fingerprints(box.dir, "repo/.git", "home/.boba/git-hooks");
  expect(box.boba(["hooks", "install"], { cwd: repo }).stdout).toMatch(/^already installed in /);
  expect(fingerprints(box.dir, "repo/.git", "home/.boba/git-hooks")).toEqual(installed);
  const status = box.json(["hooks", "status"], { cwd: repo });
  expect(status).toMatchObject({
    schema: "boba.hooks-status/1",
    root: repo,
    mode: "lazy",
    include: { repository: true, global: false },
    moved: [],
    lfs: false,
    warnings: [],
  });
  expect(status.clone).toMatch(/^[0-9a-f]{8}$/);
  expect(box.boba(["hooks", "remove"], { cwd: repo }).stdout).toContain(`restored  ${join(repo, ".git", "config")}`);
  expect(fingerprints(repo, ".git")).toEqual(before);
  expect(existsSync(join(box.bobaHome, "git-hooks"))).toBe(false);
  expect(box.boba(["hooks", "uninstall"], { cwd: repo }).stdout).toBe("nothing of boba was installed here\n");
});

test("wrong words and places", () => {
  const box = sandbox();
  const repo = box.repo();
  expect(box.boba(["hooks", "install"], { cwd: box.home, expect: 2 }).stderr).toContain("[BOBA-HOOK-1]");
  expect(box.boba(["hooks", "install", "--mode", "loud"], { cwd: repo, expect: 2 }).stderr).toContain(
    "--mode is one of background, lazy, summary",
  );
  expect(box.boba(["hooks", "status", "--format", "xml"], { cwd: repo, expect: 2 }).stderr).toContain("use one of: text, json");
  expect(box.boba(["hooks", "status"], { cwd: box.home }).stdout).toMatch(/^not inside a repository\n/);
});

test("CI and bare repositories are skipped, unless forced", () => {
  const box = sandbox();
  const repo = box.repo();
  const bare = join(box.dir, "bare.git");
  box.git(box.dir, "init", "-q", "--bare", bare);
  const before = fingerprints(repo, ".git");
  expect(box.boba(["hooks", "install"], { cwd: repo, env: { CI: "true" } }).stdout).toMatch(/^nothing done: CI is set/);
  expect(box.boba(["hooks", "install"], { cwd: bare }).stdout).toMatch(/^nothing done: a bare repository/);
  expect(fingerprints(repo, ".git")).toEqual(before);
  expect(existsSync(box.bobaHome)).toBe(false);
  box.boba(["hooks", "install", "--force"], { cwd: bare });
  expect(readFileSync(join(bare, "config"), "utf8")).toContain("git-hooks/gitconfig");
  expect(box.boba(["hooks", "install", "--force"], { cwd: repo, env: { CI: "true" } }).stdout).toMatch(/^installed in /);
});

test("--global: one include in the global file, through a link; each repository gets its blocks when boba first runs there", async () => {
  const box = sandbox();
  const repo = box.repo();
  const real = join(box.dir, "dotfiles-gitconfig");
  writeFileSync(real, readFileSync(join(box.home, ".gitconfig")));
  rmSync(join(box.home, ".gitconfig"));
  symlinkSync(real, join(box.home, ".gitconfig"));
  const before = fingerprints(box.dir, "repo/.git", "home/.gitconfig", "dotfiles-gitconfig");
  const report = await installHooks(appAt(box, box.home), { global: true, mode: "lazy", force: false, gits: [OLD_GIT] });
  expect(report).toMatchObject({
    scope: "global",
    root: null,
    clone: null,
    include: { state: "added", file: join(box.home, ".gitconfig") },
  });
  expect(box.git(repo, "config", "--global", "include.path")).toBe(join(box.bobaHome, "git-hooks", "gitconfig"));
  expect((await healHooks(appAt(box, repo), repo)).map((one) => one.cause)).toEqual(
    Array.from({ length: 5 }, () => "first run of boba in this worktree"),
  );
  box.git(repo, "commit", "-q", "--allow-empty", "-m", "x");
  expect(events(box)).toEqual(["post-commit"]);
  box.git(repo, "update-ref", "-d", "HEAD");
  box.boba(["hooks", "uninstall", "--global"], { cwd: box.home });
  const lasting = (files: Record<string, string>) =>
    Object.fromEntries(Object.entries(files).filter(([path]) => /hooks|config/.test(path)));
  expect(lasting(fingerprints(box.dir, "repo/.git", "home/.gitconfig", "dotfiles-gitconfig"))).toEqual(lasting(before));
});

test("--all takes boba out of every repository, also from a linked worktree's hooks; a deleted repository is no trouble", async () => {
  const box = sandbox();
  const [one, two, gone] = [box.repo("one"), box.repo("two"), box.repo("gone")];
  const before = fingerprints(box.dir, "one/.git", "two/.git");
  for (const repo of [one, two, gone]) await install(box, repo);
  rmSync(gone, { recursive: true });
  box.boba(["hooks", "uninstall", "--all"], { cwd: box.home });
  expect(fingerprints(box.dir, "one/.git", "two/.git")).toEqual(before);
});

test("--purge drops this repository's notes and undelivered hints, and nobody else's notes", () => {
  const box = sandbox();
  const repo = box.repo();
  box.boba(["hooks", "install", "--mode", "lazy"], { cwd: repo });
  box.git(repo, "notes", "--ref=boba/0123abcd", "add", "-m", "cell");
  box.git(repo, "notes", "--ref=review", "add", "-m", "mine");
  const hooks = join(box.bobaHome, "git-hooks");
  // The second of each was set aside by a run that was killed.
  for (const spool of [join(repo, ".git", "boba-spool"), join(hooks, "spool")])
    for (const path of [spool, `${spool}.taken-1790000000000-1`]) writeFileSync(path, "v1\n");
  box.boba(["hooks", "uninstall", "--purge"], { cwd: repo });
  expect(box.git(repo, "for-each-ref", "--format=%(refname)", "refs/notes")).toBe("refs/notes/review");
  expect(readdirSync(join(repo, ".git")).filter((name) => name.startsWith("boba-spool"))).toEqual([]);
  expect(existsSync(hooks)).toBe(false);
});

test("a locked configuration: an error that says so, and nothing half done", () => {
  const box = sandbox();
  const repo = box.repo();
  const config = readFileSync(join(repo, ".git/config"), "utf8");
  box.write(repo, ".git/config.lock", "");
  const result = box.boba(["hooks", "install"], { cwd: repo, expect: 1 });
  expect(result.stderr).toContain("[BOBA-HOOK-3]");
  expect(readFileSync(join(repo, ".git/config"), "utf8")).toBe(config);
});

test("a repository that other accounts use gets no include, because git would die on a file it may not open", async () => {
  const box = sandbox();
  const repo = box.repo();
  box.git(repo, "config", "core.sharedRepository", "group");
  const report = await installHooks(appAt(box, repo), { global: false, mode: "lazy", force: false, gits: [NEW_GIT, OLD_GIT] });
  expect(report.include.state).toBe("absent");
  expect(report.events.map((event) => event.block)).toEqual([true, true, true, true, true]);
  expect(box.tryGit(repo, ["config", "include.path"]).status).toBe(1);
});

test("status explains what a manager or an agent did to core.hooksPath", async () => {
  const box = sandbox();
  const repo = box.repo();
  await install(box, repo);
  box.git(repo, "config", "extensions.worktreeConfig", "true");
  box.git(repo, "config", "--worktree", "core.hooksPath", "/no/such/folder");
  const shadowed = await hooksStatus(appAt(box, repo), [OLD_GIT]);
  expect(shadowed.hooksPath).toMatchObject({ dir: "/no/such/folder", value: "/no/such/folder", scope: "worktree", exists: false });
  expect(shadowed.events.map((event) => event.obstacle)).toEqual(Array.from({ length: 5 }, () => "shared-folder"));
  expect(shadowed.warnings).toEqual([
    "core.hooksPath names a folder that does not exist: /no/such/folder (file:.git/config.worktree)",
    "core.hooksPath is set for this worktree alone (config.worktree)",
  ]);
  box.git(repo, "config", "--worktree", "core.hooksPath", "");
  const off = await hooksStatus(appAt(box, repo), [OLD_GIT, NEW_GIT]);
  expect(off.warnings[0]).toBe("core.hooksPath is empty (file:.git/config.worktree): git runs no hook files, of nobody");
  expect(statusText(off)).toContain("post-commit      include; older git: sweep, core.hooksPath is empty: git runs no hook files");
});

test("a read-only configuration: the two lines to add, and no failure", () => {
  const box = sandbox();
  const folder = join(box.dir, "read-only");
  mkdirSync(folder);
  chmodSync(box.dir, 0o755);
  const file = join(folder, "gitconfig");
  writeFileSync(file, "[user]\n\tname = Ada\n");
  chmodSync(folder, 0o555);
  // Permissions do not hold root back: for the one call this process is somebody else.
  const root = process.getuid?.() === 0;
  if (root) process.seteuid?.(65534);
  const { state } = addInclude(file, "/home/ada/.boba/git-hooks/gitconfig");
  if (root) process.seteuid?.(0);
  chmodSync(folder, 0o755);
  expect(state).toBe("read-only");
  expect(readFileSync(file, "utf8")).toBe("[user]\n\tname = Ada\n");
  const report: InstallReport = {
    scope: "global",
    skipped: null,
    root: null,
    mode: "background",
    share: false,
    include: { state, file, lines: includeLines("/home/ada/.boba/git-hooks/gitconfig") },
    clone: null,
    events: [],
    written: [],
    snippets: [],
  };
  expect(installWarning(report)).toBe(
    `boba: ${file} cannot be written; add these two lines to it:\n[include]\n\tpath = /home/ada/.boba/git-hooks/gitconfig\n`,
  );
  expect(installText(report)).toContain(`git 2.54+  not set up: ${file} is read-only\n`);
});
