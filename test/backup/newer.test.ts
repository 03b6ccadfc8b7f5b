/** `boba restore --replace-newer`: the way back to an older boba. */
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { expect, test } from "vitest";
import { MIGRATIONS } from "../../src/store/migrations.ts";
import { respond } from "../helpers/agent.ts";
import { type Sandbox, sandbox } from "../helpers/sandbox.ts";

/** Two responses are in the backup, a third only in the ledger and in the agent's log. */
function upgraded(box: Sandbox, changes: string): string {
  for (let n = 0; n < 2; n++) respond(box, { cwd: "/w", output: 1000, id: `msg-${n}`, requestId: `req-${n}` });
  box.boba(["import"]);
  const { path } = box.json(["backup"]);
  respond(box, { cwd: "/w", output: 1000, id: "msg-2", requestId: "req-2" });
  box.boba(["import"]);
  const db = new Database(box.db);
  db.exec(`${changes}; PRAGMA user_version = 99`);
  db.close();
  return path;
}

/** What a later schema may do: other columns and tables, of which some refer to others, views, triggers, counted ids, a text index. */
const CHANGES = `
  ALTER TABLE usage_records RENAME COLUMN cost_nanousd TO cost;
  CREATE TABLE later (id INTEGER PRIMARY KEY AUTOINCREMENT, seq INTEGER NOT NULL REFERENCES usage_records (seq));
  INSERT INTO later (seq) SELECT seq FROM usage_records;
  CREATE INDEX later_seq ON later (seq);
  CREATE VIRTUAL TABLE words USING fts5 (word);
  INSERT INTO words VALUES ('one');
  CREATE VIEW both AS SELECT * FROM later JOIN usage_records USING (seq);
  CREATE TRIGGER later_gone BEFORE DELETE ON later BEGIN SELECT RAISE(ABORT, 'never'); END;
  DROP TABLE pruned_ids`;

test("a newer ledger is left alone until told otherwise, then kept aside, and the backup works as ever, also for who has the file open", () => {
  const box = sandbox();
  const path = upgraded(box, CHANGES);
  const refused = box.boba(["stats"], { expect: 3 }).stderr;
  expect(refused).toContain("BOBA-DB-1");
  expect(refused).toContain("upgrade boba: npm i -g bobamixer@latest");
  expect(refused).toContain("boba restore --replace-newer <backup> (see boba backup list)");
  expect(box.boba(["restore", path], { expect: 3 }).stderr).toContain("--replace-newer");
  const [reader, writer] = [new Database(box.db), new Database(box.db)];
  const count = reader.prepare("SELECT COUNT(*) FROM usage_records").pluck();
  const write = writer.prepare("UPDATE usage_records SET cost = 1");
  expect([count.get(), write.run().changes]).toEqual([3, 3]);
  const dry = box.json(["restore", "--replace-newer", path, "--dry-run"]);
  expect(dry).toMatchObject({ before: null, after: { rows: { usage_records: 2 } }, kept: null });
  expect(count.get()).toBe(3);
  const restored = box.json(["restore", "--replace-newer", path]);
  expect(restored.kept).toMatch(/\/backups\/newer-\d{8}T\d{9}Z\.db$/);
  expect(count.get()).toBe(2);
  expect(() => write.run()).toThrow("no such column");
  reader.close();
  writer.close();

  const db = new Database(box.db, { readonly: true });
  const made = new Database(join(sandbox().dir, "made.db"));
  for (const step of MIGRATIONS) made.exec(step);
  const schema = "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_stat%' ORDER BY type, name";
  expect(
    db
      .prepare(schema)
      .all()
      .filter((row) => (row as { name: string }).name !== "sqlite_sequence"),
  ).toEqual(made.prepare(schema).all());
  expect([db.pragma("user_version", { simple: true }), db.pragma("integrity_check", { simple: true })]).toEqual([MIGRATIONS.length, "ok"]);
  db.close();
  made.close();
  const kept = new Database(restored.kept, { readonly: true });
  expect(kept.prepare("SELECT COUNT(*) AS rows, SUM(cost) AS cost FROM both").get()).toEqual({ rows: 3, cost: 3 });
  expect([kept.pragma("user_version", { simple: true }), kept.pragma("integrity_check", { simple: true })]).toEqual([99, "ok"]);
  kept.close();

  expect(box.json(["stats"])).toMatchObject({ total_requests: 3, total_cost_nano_usd: "45000000" });
  expect(box.json(["audit"]).balanced).toBe(true);
  expect(readdirSync(box.bobaHome).filter((name) => name.startsWith(".boba-work-"))).toEqual([]);
});

test("over a ledger that is not newer the option changes nothing, and a newer backup is refused with it too", () => {
  const box = sandbox();
  const path = upgraded(box, "SELECT 1");
  const newer = box.json(["restore", "--replace-newer", path]);
  expect(newer).toMatchObject({ before: { rows: { usage_records: 3 } }, after: { rows: { usage_records: 2 } } });
  expect(box.boba(["restore", "--replace-newer", newer.kept], { expect: 3 }).stderr).toContain("BOBA-DB-1");
  box.boba(["stats"]);
  expect(box.json(["restore", "--replace-newer", path]).kept).toMatch(/\/backups\/replaced-[^/]+\.db$/);
  writeFileSync(box.db, "nothing of a database");
  expect(box.json(["restore", "--replace-newer", path]).kept).toMatch(/\/backups\/damaged-[^/]+\.db$/);
  expect(box.json(["stats", "--no-import"]).total_requests).toBe(2);
});
