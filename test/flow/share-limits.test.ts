/** Sharing when things go wrong for long, and when many do it at once. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isRefusal, isShareDue, plainReason } from "../../src/core/share.ts";
import { shareNotes, shareTroubles } from "../../src/flow/share.ts";
import { openLedger } from "../../src/store/open.ts";
import { allRepos } from "../../src/store/places.ts";
import { wantShare } from "../../src/store/shares.ts";
import { addNote, line, manyCommits } from "../helpers/cells.ts";
import { BOBA, sandbox } from "../helpers/sandbox.ts";
import { commit, talk } from "../helpers/work.ts";
import { appAt } from "../hooks/tools.ts";

const MINUTE_MS = 60_000;

test("a push that never ends is given up with all it started, kept, and tried again later and later", async () => {
  const box = sandbox();
  const at = box.repo();
  box.boba(["hooks", "install", "--share", "--mode", "lazy"], { cwd: at });
  talk(box, at, 11);
  commit(box, at, "f");
  box.boba(["drain"], { cwd: at });
  const tries = join(box.dir, "tries");
  const ssh = join(box.dir, "dead-ssh");
  // The process id shows afterwards whether it was left running.
  writeFileSync(ssh, `#!/bin/sh\necho $$ >>'${tries}'\nexec sleep 600\n`, { mode: 0o755 });
  box.git(at, "config", "core.sshCommand", ssh);
  const db = openLedger(box.db);
  const repo = allRepos(db)[0]?.id as number;
  const counted = () => (existsSync(tries) ? readFileSync(tries, "utf8").trim().split("\n") : []);
  let nowMs = Date.now();
  const app = { ...appAt(box, at), now: () => nowMs };
  try {
    wantShare(db, repo, "git@host.invalid:x.git", at);
    for (const [afterMs, made] of [
      [0, 1],
      [4 * MINUTE_MS, 1],
      [2 * MINUTE_MS, 2],
      [6 * MINUTE_MS, 2],
      [5 * MINUTE_MS, 3],
    ] as const) {
      nowMs += afterMs;
      expect(await shareNotes(app, db, { timeLimitMs: 700 })).toBe(0);
      expect(counted()).toHaveLength(made);
      wantShare(db, repo, "git@host.invalid:x.git", at);
    }
    expect(shareTroubles(db)).toEqual([
      { repo: "repo", remote: "git@host.invalid:x.git", refused: false, reason: "no answer in time", failedAtMs: nowMs },
    ]);
    // Gone, or dead and waiting for whoever adopted it.
    for (const id of counted()) expect(spawnSync("ps", ["-o", "stat=", "-p", id], { encoding: "utf8" }).stdout).toMatch(/^(Z.*\n)?$/);
  } finally {
    db.close();
  }
});

test("when to try again: 5, 10, 20 minutes, at most 6 hours; a day after a refusal", () => {
  const waits = (failures: number, refused: boolean, minutes: number) =>
    isShareDue({ failures, failedAtMs: 1000, refused }, 1000 + minutes * MINUTE_MS);
  expect([waits(1, false, 4.9), waits(1, false, 5), waits(3, false, 19.9), waits(3, false, 20)]).toEqual([false, true, false, true]);
  expect([waits(60, false, 359), waits(60, false, 360), waits(1, true, 1439), waits(1, true, 1440)]).toEqual([false, true, false, true]);
  expect([isShareDue({ failures: 9, failedAtMs: 5000, refused: true }, 4000), waits(0, false, 0)]).toEqual([true, true]);
});

test("what counts as the remote's no, and that no secret is kept", () => {
  expect(
    [
      "! [remote rejected] refs/notes/boba/a -> refs/notes/boba/a (pre-receive hook declined)",
      "ERROR: Permission to o/r denied to ada",
    ].map(isRefusal),
  ).toEqual([true, true]);
  expect(
    ["git@host: Permission denied (publickey).", "no answer in time", "fatal: unable to access 'x': Could not resolve host"].map(isRefusal),
  ).toEqual([false, false, false]);
  expect(plainReason("fatal: unable to access 'https://ada:secret@host/x':\u001b[31m")).toBe(
    "fatal: unable to access 'https://host/x': [31m",
  );
});

test("eight clones push 50 notes each at once: all arrive at the first try, and a reader's union is exact", async () => {
  const box = sandbox();
  const seed = box.repo("seed");
  const remote = join(box.dir, "remote.git");
  box.git(box.dir, "clone", "-q", "--bare", seed, remote);
  const clones = Array.from({ length: 8 }, (_, n) => {
    const at = join(box.dir, `clone-${n}`);
    box.git(box.dir, "clone", "-q", remote, at);
    box.git(at, "checkout", "-q", "-b", `work-${n}`);
    manyCommits(box, at, `of ${n}`, 50);
    const writer = `0000000${n}`;
    box.git(at, "config", "boba.clone", writer);
    const shas = box.git(at, "rev-list", "HEAD", "^origin/main").split("\n");
    // One process for the fifty of them.
    const notes = shas.map((sha, m) => {
      const text = `${line((n * 50 + m + 1).toString(16), { nano_usd: 1_000_000 * (n + 1) })}\n`;
      return `N inline ${sha}\ndata ${text.length}\n${text}`;
    });
    const stream = `commit refs/notes/boba/${writer}\ncommitter a <a@b> 1 +0000\ndata 1\nx\n${notes.join("")}`;
    box.tryGit(at, ["fast-import", "--quiet"], { input: stream, expect: 0 });
    return at;
  });
  const runs = clones.map(
    (cwd) =>
      new Promise<[number | null, string]>((resolve) => {
        const child = spawn(process.execPath, [BOBA, "notes", "push"], { cwd, env: box.env });
        let said = "";
        child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
        child.on("close", (code) => resolve([code, said]));
      }),
  );
  expect(await Promise.all(runs)).toEqual(clones.map(() => [0, "boba: pushed to origin: 50 notes\n"]));
  for (const at of clones) box.git(at, "push", "-q", "origin", "HEAD");
  const reader = join(box.dir, "reader");
  box.git(box.dir, "clone", "-q", remote, reader);
  // The same cell noted by a second writer must not count again.
  const twice = box.git(reader, "rev-parse", "origin/work-0");
  addNote(box, reader, "0000ffff", twice, line("1", { nano_usd: 1_000_000 }));
  box.git(reader, "push", "-q", "origin", "refs/notes/boba/0000ffff");
  box.git(reader, "merge", "-q", "-s", "ours", "-m", "all", ...clones.map((_, n) => `origin/work-${n}`));
  const json = box.json(["ci", "--base", "origin/main"], { cwd: reader });
  // 50 x (1 + 2 + ... + 8) thousandths of a dollar, two requests each.
  expect(json).toMatchObject({ requests: 800, cost_nano_usd: String(50 * 36 * 1_000_000), commits: 401, commits_with_data: 400 });
});
