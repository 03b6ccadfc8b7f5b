/** Spools that cannot be read stop nothing. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { claimedBy } from "../helpers/books.ts";
import { sandbox } from "../helpers/sandbox.ts";
import { head, talkAndCommit } from "../helpers/work.ts";

test.each([
  ["a folder", (path: string) => mkdirSync(path)],
  ["a pipe that nobody writes to", (path: string) => expect(spawnSync("mkfifo", [path]).status).toBe(0)],
  ["33 MB", (path: string) => writeFileSync(path, Buffer.alloc(33 * 1024 * 1024, 10))],
])("%s where a repository's spool should be is told in the log, and the rest is collected and booked", (_, make) => {
  const box = sandbox();
  const repo = box.repo();
  box.boba(["hooks", "install", "--mode", "lazy"], { cwd: repo });
  talkAndCommit(box, repo, 11, "a");
  make(join(repo, ".git", "boba-spool"));
  for (let run = 0; run < 2; run++) expect(box.json(["audit"])).toMatchObject({ balanced: true });
  expect(claimedBy(box, head(box, repo))).toEqual([11]);
  expect(existsSync(join(repo, ".git", "boba-spool"))).toBe(false);
  expect(readFileSync(join(box.bobaHome, "logs", "boba.log"), "utf8")).toMatch(/spool not read.*(a folder|not a file|too large)/);
});
