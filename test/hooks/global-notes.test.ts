/** Installed once for all repositories: each gets its notes, and uninstalling leaves each as it was. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { sandbox } from "../helpers/sandbox.ts";
import { talkAndCommit } from "../helpers/work.ts";

it("a global installation writes notes in every repository that has something to note, and takes its ids back", () => {
  const box = sandbox();
  const repo = box.repo();
  const config = readFileSync(`${repo}/.git/config`, "utf8");
  box.boba(["hooks", "install", "--global", "--mode", "lazy"], { cwd: repo });
  const sha = talkAndCommit(box, repo, 1000, "a");
  box.boba(["stats"], { cwd: repo });
  const clone = box.git(repo, "config", "boba.clone");
  expect(JSON.parse(box.git(repo, "notes", `--ref=boba/${clone}`, "show", sha))).toMatchObject({
    requests: 1,
    output: 1000,
    nano_usd: 15_000_000,
  });
  box.boba(["hooks", "uninstall", "--global"], { cwd: repo });
  expect(readFileSync(`${repo}/.git/config`, "utf8")).toBe(config);
});

it("a global installation: the first push of notes gives the repository its id and takes what was just committed", () => {
  const box = sandbox();
  const repo = box.repo();
  box.git(box.dir, "clone", "-q", "--bare", repo, "hub.git");
  box.git(repo, "remote", "add", "origin", `${box.dir}/hub.git`);
  box.boba(["hooks", "install", "--global", "--mode", "lazy"], { cwd: repo });
  const sha = talkAndCommit(box, repo, 1000, "a");
  expect(box.boba(["notes", "push"], { cwd: repo }).stderr).toContain("1 note");
  const clone = box.git(repo, "config", "boba.clone");
  const pushed = box.git(repo, "ls-remote", "origin", `refs/notes/boba/${clone}`).split("\t")[0];
  expect(pushed).toBe(box.git(repo, "rev-parse", `refs/notes/boba/${clone}`));
  expect(box.git(repo, "notes", `--ref=boba/${clone}`, "show", sha)).toContain('"nano_usd":15000000');
});
