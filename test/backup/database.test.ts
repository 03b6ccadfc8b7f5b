/** `boba db info|check|vacuum|analyze|recover`, and ledgers that lost or changed bytes. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { expect, test } from "vitest";
import { claudeLine, claudeLog } from "../helpers/agent.ts";
import { type Sandbox, sandbox } from "../helpers/sandbox.ts";
import { commit, talk } from "../helpers/work.ts";

const RECORDS = 400;

/** A ledger of 400 records, one of them committed, in one file without a log. */
function ledger(box: Sandbox): string {
  const repo = box.repo();
  talk(box, repo, 7);
  commit(box, repo, "a.txt");
  const lines = Array.from({ length: RECORDS - 1 }, (_, n) => claudeLine({ cwd: "/w", output: 1, session: "many", id: `m${n}` }));
  writeFileSync(claudeLog(box, "/w", "many"), `${lines.join("\n")}\n`);
  box.boba(["import"]);
  const db = new Database(box.db);
  db.pragma("wal_checkpoint(TRUNCATE)");
  db.close();
  return repo;
}

test("info tells sizes and rows, check proves soundness, vacuum gives space back, analyze measures", () => {
  const box = sandbox();
  ledger(box);
  const info = box.json(["db", "info"]);
  expect(info).toMatchObject({ schema: "boba.db-info/1", path: box.db, journalMode: "wal" });
  expect(info.tables.find((table: { name: string }) => table.name === "usage_records").rows).toBe(RECORDS);
  expect(box.json(["db", "check", "--full"])).toMatchObject({ sound: true, kind: "full", file: [], orphans: [], balanced: true });
  const db = new Database(box.db);
  db.exec(
    "CREATE TABLE ballast (x); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) INSERT INTO ballast SELECT randomblob(200) FROM n; DROP TABLE ballast",
  );
  db.close();
  expect(box.json(["db", "info"]).freeBytes).toBeGreaterThan(1_000_000);
  const { before, after } = box.json(["db", "vacuum"]);
  expect(before - after).toBeGreaterThan(1_000_000);
  expect(box.json(["db", "info"]).freeBytes).toBe(0);
  box.boba(["db", "analyze"]);
  const measured = new Database(box.db, { readonly: true });
  expect(measured.prepare("SELECT COUNT(*) AS n FROM sqlite_stat1 WHERE tbl = 'usage_records'").get()).not.toEqual({ n: 0 });
  measured.close();
});

test("a record that was booked twice over by hand is found by the check", () => {
  const box = sandbox();
  ledger(box);
  const db = new Database(box.db);
  db.pragma("foreign_keys = OFF");
  db.exec("DELETE FROM commits");
  db.close();
  const found = JSON.parse(box.boba(["db", "check", "--format", "json"], { expect: 3 }).stdout);
  expect(found).toMatchObject({ sound: false, balanced: false });
  expect(found.orphans).toEqual([{ table: "claims", rows: 1 }]);
});

/** Overwrites one page with noise, as a failing disk does. */
function spoilPage(path: string, page: number): void {
  const bytes = readFileSync(path);
  for (let at = page * 4096; at < (page + 1) * 4096; at++) bytes[at] = (at * 7919) % 251;
  writeFileSync(path, bytes);
}

test(
  "whichever page is spoilt: it is said, the file is left alone, and what can be read is recovered to books that balance",
  { timeout: 240_000 },
  () => {
    const box = sandbox();
    ledger(box);
    const good = readFileSync(box.db);
    const pages = good.length / 4096;
    const recovered: number[] = [];
    for (let page = 1; page < pages; page += Math.ceil(pages / 7)) {
      writeFileSync(box.db, good);
      spoilPage(box.db, page);
      const spoilt = readFileSync(box.db);
      const check = box.boba(["db", "check", "--full"], { expect: null });
      expect([0, 3]).toContain(check.status);
      // A free page, or one of an index that is empty, may hold noise and harm nobody.
      if (check.status === 0) continue;
      const target = join(box.dir, `recovered-${page}.db`);
      const done = box.boba(["db", "recover", "--output", target, "--format", "json"], { expect: null });
      if (done.status !== 0) {
        // The page that says where the tables are: only a backup helps, and that is said.
        expect([done.status, done.stderr]).toEqual([3, expect.stringContaining("BOBA-DB-8")]);
        expect(existsSync(target)).toBe(false);
        continue;
      }
      const result = JSON.parse(done.stdout);
      expect(readFileSync(box.db).equals(spoilt)).toBe(true);
      recovered.push(result.tables.find((table: { name: string }) => table.name === "usage_records").rows);
      box.boba(["restore", target]);
      expect(box.json(["db", "check", "--full"]).sound).toBe(true);
      // The logs are still there: whatever was lost is read again.
      expect(box.json(["stats"]).total_requests).toBe(RECORDS);
      expect(box.json(["audit"]).balanced).toBe(true);
    }
    expect(recovered.length).toBeGreaterThan(2);
    expect(Math.max(...recovered)).toBe(RECORDS);
  },
);

test("what is no ledger at all cannot be recovered, and nothing is written", () => {
  const box = sandbox();
  const noise = join(box.dir, "noise.db");
  writeFileSync(noise, Buffer.alloc(20_000, 7));
  expect(box.boba(["db", "recover", noise], { expect: 3 }).stderr).toContain("BOBA-DB-8");
  expect(existsSync(join(box.dir, "usage.recovered.db"))).toBe(false);
  expect(box.boba(["db", "recover", "missing"], { expect: 2 }).stderr).toContain("BOBA-FS-7");
});
