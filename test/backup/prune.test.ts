/** `boba db prune`, and records that are deleted by hand as the operations guide does. */
import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import Database from "better-sqlite3";
import { expect, test } from "vitest";
import type { App } from "../../src/flow/app.ts";
import { prune } from "../../src/flow/db-prune.ts";
import { resolvePaths } from "../../src/platform/paths.ts";
import { query } from "../flow/stored.ts";
import { claudeLine, claudeLog, respond } from "../helpers/agent.ts";
import { ledgerAt } from "../helpers/ledger.ts";
import { type Sandbox, sandbox } from "../helpers/sandbox.ts";
import { commit, talk } from "../helpers/work.ts";

const DAY_MS = 86_400_000;
const ago = (days: number) => Date.now() - days * DAY_MS;

/** Two committed records today, six from 100 to 105 days ago in two sessions. A thousand output tokens cost 15,000,000 nano-dollars. */
function ledger(box: Sandbox): string {
  const repo = box.repo();
  talk(box, repo, 1000);
  talk(box, repo, 2000);
  commit(box, repo, "a.txt");
  for (let n = 0; n < 6; n++)
    respond(box, { cwd: "/w", output: 1000 * (n + 1), atMs: ago(100 + n), session: `old-${n % 2}`, id: `old-${n}`, requestId: `r-${n}` });
  box.boba(["import"]);
  return repo;
}

const reports = (box: Sandbox) =>
  ["day", "month", "model", "tool", "branch", "project"].map((by) => box.json(["report", "--by", by, "--no-import"]));

test("old records go to a checked archive, every report still adds up, and a log that is read again brings nothing back", () => {
  const box = sandbox();
  ledger(box);
  const before = reports(box);
  const lines = box.boba(["export", "--format", "csv", "--no-import"]).stdout.split("\r\n");
  expect(box.json(["db", "prune", "--older-than", "90d", "--dry-run"])).toMatchObject({
    records: 6,
    costNanoUsd: 315_000_000,
    archive: null,
  });
  const pruned = box.json(["db", "prune", "--older-than", "90d"]);
  expect(pruned).toMatchObject({ schema: "boba.db-prune/1", records: 6, costNanoUsd: 315_000_000 });
  expect(gunzipSync(readFileSync(pruned.archive)).toString().split("\r\n")).toEqual([...lines.slice(0, 7), ""]);
  expect(query(box, "SELECT COUNT(*) AS n FROM usage_records")).toEqual([{ n: 2 }]);
  expect(reports(box)).toEqual(before);
  expect(box.json(["stats", "--no-import"])).toMatchObject({ total_requests: 8, total_cost_nano_usd: "360000000" });
  expect(box.json(["report", "--by", "session", "--no-import"]).rows.map(({ key }: { key: string }) => key)).toContain("(pruned)");
  expect(box.json(["audit"]).balanced).toBe(true);
  // The same log under another inode and time: read from its start.
  const log = claudeLog(box, "/w", "old-0");
  writeFileSync(log, `${readFileSync(log, "utf8")}${claudeLine({ cwd: "/w", output: 7, id: "late", atMs: ago(101) })}\n`);
  utimesSync(log, new Date(), new Date());
  expect(box.json(["stats"]).total_requests).toBe(9);
  expect(box.json(["db", "prune", "--older-than", "90d"]).records).toBe(1);
  expect(box.json(["stats"]).total_requests).toBe(9);
  expect(box.json(["db", "prune", "--older-than", "90d"])).toMatchObject({ records: 0, archive: null });
  expect(readdirSync(join(box.bobaHome, "archives"))).toHaveLength(2);
  expect(box.boba(["metrics", "--no-import"]).stdout).toContain("bobamixer_daily_requests 2\n");
});

test("an age that is none, and a folder that cannot be written: nothing is deleted", () => {
  const box = sandbox();
  ledger(box);
  for (const age of ["90", "0d", "3 months"])
    expect(box.boba(["db", "prune", "--older-than", age], { expect: 2 }).stderr).toContain("BOBA-USE-45");
  const file = join(box.dir, "file");
  writeFileSync(file, "");
  expect(box.boba(["db", "prune", "--older-than", "90d", "--archive", file], { expect: 1 }).stderr).toContain("BOBA-FS-3");
  expect(query(box, "SELECT COUNT(*) AS n FROM usage_records")).toEqual([{ n: 8 }]);
});

test("the guide's DELETE, by a program that does not keep foreign keys, leaves books that balance", () => {
  const box = sandbox();
  ledger(box);
  const sql =
    "DELETE FROM usage_records WHERE ts < strftime('%s', 'now', '-90 days'); DELETE FROM usage_records WHERE output_tokens = 2000;";
  if (spawnSync("sqlite3", ["-version"]).status === 0) execFileSync("sqlite3", [box.db, sql]);
  else {
    const db = new Database(box.db);
    db.pragma("foreign_keys = OFF");
    db.exec(sql);
    db.close();
  }
  expect(box.json(["db", "check", "--full"])).toMatchObject({ sound: true });
  expect(box.json(["stats", "--no-import"])).toMatchObject({ total_requests: 1, total_cost_nano_usd: "15000000" });
  expect(query(box, "SELECT COUNT(*) AS n FROM claims")).toEqual([{ n: 1 }]);
});

/** Another prune, of a process that lives, takes over as soon as `progress` says `at`. */
const takenOverAt = (box: Sandbox, at: RegExp): App => ({
  paths: resolvePaths(box.env),
  env: box.env,
  cwd: box.dir,
  now: Date.now,
  log: { write: () => undefined },
  progress(line) {
    if (line === null || !at.test(line)) return;
    const db = new Database(box.db);
    db.prepare("UPDATE meta SET value = ? WHERE key = 'prune'").run(`${process.ppid}:${Date.now()}`);
    db.close();
  },
});

test.each([
  { while: "it archives", at: /^archiving$/, archive: "archives", records: 3000, left: 3000 },
  { while: "it deletes", at: /^pruning: 2000/, archive: null, records: 5000, left: 3000 },
])("a prune that another takes over from while $while stops there, and leaves the other its lock", async (given) => {
  const box = sandbox();
  const filled = ledgerAt(box.db);
  filled.db.transaction(() => {
    for (let n = 0; n < given.records; n++) filled.record({ ts: Math.floor(ago(100) / 1000) + n });
  })();
  filled.close();
  const folder = join(box.dir, "archives");
  const request = { olderThan: "90d", archive: given.archive === null ? null : folder, dryRun: false };
  await expect(prune(takenOverAt(box, given.at), request)).rejects.toMatchObject({ code: "BOBA-DB-31", exit: 3 });
  expect(query(box, "SELECT COUNT(*) AS n FROM usage_records")).toEqual([{ n: given.left }]);
  expect(query(box, "SELECT value FROM meta WHERE key IN ('prune', 'prune.unfinished')")).toEqual([
    { value: expect.stringMatching(new RegExp(`^${process.ppid}:`)) },
  ]);
  if (given.archive !== null) expect(readdirSync(folder)).toEqual([]);
});
