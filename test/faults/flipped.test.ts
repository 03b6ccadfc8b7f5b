/** One byte of the ledger's file changes: it is said, and what can be recovered is right, row by row. */
import { copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { expect, test } from "vitest";
import { respond } from "../helpers/agent.ts";
import { ledgerAt } from "../helpers/ledger.ts";
import type { Sandbox } from "../helpers/sandbox.ts";
import { fill, intoOneFile, stage, withDb } from "./stage.ts";

const RECORDS = 4_000;
const PAGE = 4096;

interface Page {
  pageno: number;
  pagetype: string;
  name: string;
}

/** Also a record that needs a page of its own for its text, and pages that are free. */
function build(box: Sandbox): void {
  ledgerAt(box.db).close();
  fill(box.db, { records: RECORDS, fromS: 1_770_000_000, stepS: 60 });
  withDb(
    box.db,
    (db) =>
      db.exec(`UPDATE usage_records SET project = printf('%.9000c', 'p') WHERE seq = 77;
        CREATE TABLE ballast (x); INSERT INTO ballast SELECT id || id || id FROM usage_records; DROP TABLE ballast`),
    false,
  );
  intoOneFile(box.db);
}

/** Pages of each kind, and the first page of the list of free ones. */
function pagesOf(box: Sandbox): { find: (name: string, type: string) => number; free: number } {
  const pages = withDb(box.db, (db) => db.prepare("SELECT pageno, pagetype, name FROM dbstat").all() as Page[]);
  const find = (name: string, type: string) => (pages.filter((page) => page.name === name && page.pagetype === type).at(-1) as Page).pageno;
  return { find, free: readFileSync(box.db).readUInt32BE(32) };
}

/** What a record says, as one text. */
const rowsOf = (path: string): Set<string> =>
  new Set(
    withDb(path, (db) =>
      db
        .prepare(
          "SELECT id || ' ' || ts_ms || ' ' || session_id || ' ' || model || ' ' || input_tokens || ' ' || output_tokens || ' ' || ifnull(cost_nanousd, 'n/a') FROM usage_records",
        )
        .pluck()
        .all(),
    ) as string[],
  );

test("in the log: what was stored last is missing, that is said, and what agents logged is read again", async () => {
  const set = stage((box) => {
    for (let n = 0; n < 40; n++) respond(box, { cwd: "/w", output: n });
    // Somebody else has it open: the log is not taken into the file when boba ends.
    ledgerAt(box.db).close();
    const db = new Database(box.db, { readonly: true });
    db.prepare("SELECT COUNT(*) FROM usage_records").get();
    box.boba(["import"]);
    copyFileSync(`${box.db}-wal`, join(box.dir, "out", "wal"));
    copyFileSync(box.db, join(box.dir, "out", "db"));
    db.close();
  });
  try {
    const { box } = set;
    const put = (change: (wal: Buffer) => void) => {
      for (const end of ["-wal", "-shm"]) rmSync(box.db + end, { force: true });
      const wal = readFileSync(join(box.dir, "out", "wal"));
      change(wal);
      copyFileSync(join(box.dir, "out", "db"), box.db);
      writeFileSync(`${box.db}-wal`, wal);
    };
    const records = () => withDb(box.db, (db) => db.prepare("SELECT COUNT(*) FROM usage_records").pluck().get());
    put(() => undefined);
    box.boba(["db", "check", "--full"]);
    expect(records()).toBe(40);
    for (const command of [["db", "check"], ["doctor"]]) {
      // In the first page of the first transaction.
      put((wal) => (wal[32 + 24 + 100] = (wal[32 + 24 + 100] as number) ^ 0xff));
      expect(box.boba(command, { expect: null }).stdout).toMatch(/damaged: \d+ of (its )?\d+ pages/);
      expect(records()).toBe(0);
    }
    expect(box.json(["stats"]).total_requests).toBe(40);
  } finally {
    await set.remove();
  }
});

test("in each region: doctor or the check says it, and no wrong row is recovered", { timeout: 240_000 }, async () => {
  const set = stage(build);
  try {
    const { box } = set;
    const good = readFileSync(box.db);
    const known = rowsOf(box.db);
    const { find, free } = pagesOf(box);
    const at = (page: number, offset: number) => (page - 1) * PAGE + offset;
    // [region, byte, whether all records can be recovered]
    const regions: readonly (readonly [string, number, boolean])[] = [
      ["the name of the format", 3, true],
      ["the type of the schema's page", 100, false],
      ["the number of cells of a table's leaf", at(find("usage_records", "leaf"), 3), false],
      ["the type of a table's leaf", at(find("usage_records", "leaf"), 0), false],
      ["where a cell of a table's leaf begins", at(find("usage_records", "leaf"), 8), false],
      ["a child of a table's interior page", at(find("usage_records", "internal"), 9), false],
      ["a page of the index of ids", at(find("sqlite_autoindex_usage_records_1", "leaf"), 2000), true],
      ["a page of the index of times", at(find("usage_records_ts", "leaf"), 3), true],
      ["the list of free pages", at(free, 4), true],
      ["where a long text goes on", at(find("usage_records", "overflow"), 0), false],
    ];
    let recovered = 0;
    for (const [region, byte, isWhole] of regions) {
      const bytes = Buffer.from(good);
      bytes[byte] = (bytes[byte] as number) ^ 0xff;
      for (const end of ["-wal", "-shm"]) rmSync(box.db + end, { force: true });
      writeFileSync(box.db, bytes);
      const check = box.boba(["db", "check", "--full"], { expect: 3 });
      expect([region, check.stdout + check.stderr]).toEqual([region, expect.stringMatching(/not sound|BOBA-DB-2/)]);
      const target = join(box.dir, "out", "recovered.db");
      rmSync(target, { force: true });
      const done = box.boba(["db", "recover", "--output", target, "--format", "json"], { expect: null });
      if (done.status !== 0) {
        expect([region, isWhole, done.stderr]).toEqual([region, false, expect.stringContaining("[BOBA-DB-8]")]);
        continue;
      }
      recovered++;
      const told = JSON.parse(done.stdout);
      const found = rowsOf(target);
      expect([region, [...found].filter((row) => !known.has(row))]).toEqual([region, []]);
      expect([region, told.tables.find(({ name }: { name: string }) => name === "usage_records").rows]).toEqual([region, found.size]);
      if (isWhole) expect([region, found.size]).toEqual([region, RECORDS]);
      // What an index still tells is what there was: whoever reads the answer knows how many are lost.
      if (told.recordsBefore !== null) expect([region, told.recordsBefore]).toEqual([region, RECORDS]);
      expect(readFileSync(box.db).equals(bytes)).toBe(true);
    }
    expect(recovered).toBeGreaterThan(7);
  } finally {
    await set.remove();
  }
});
