/** The ledger is made and upgraded by whoever comes first, while others come too. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import Database from "better-sqlite3";
import { expect, test } from "vitest";
import { BobaError } from "../../src/core/errors.ts";
import { explainDatabaseError } from "../../src/store/open.ts";
import { MIGRATIONS } from "../../src/store/migrations.ts";
import { BOBA, type Sandbox, sandbox } from "../helpers/sandbox.ts";

async function atOnce(box: Sandbox, processes: number): Promise<[code: number, stderr: string][]> {
  const children = Array.from({ length: processes }, () =>
    spawn(process.execPath, [BOBA, "audit", "--no-import"], { env: box.env, cwd: box.dir }),
  );
  return Promise.all(
    children.map(async (child) => {
      let stderr = "";
      child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
      const [code] = (await once(child, "close")) as [number];
      return [code, stderr] as [number, string];
    }),
  );
}

const versionOf = (box: Sandbox) => {
  const db = new Database(box.db, { readonly: true });
  const version = db.pragma("user_version", { simple: true });
  db.close();
  return version;
};

/** A ledger as the first boba left it, with a note in it. */
function oldLedger(box: Sandbox, note: string): void {
  mkdirSync(dirname(box.db), { recursive: true });
  const db = new Database(box.db);
  db.pragma("journal_mode = WAL");
  db.exec(MIGRATIONS[0] as string);
  db.prepare("INSERT INTO meta (key, value) VALUES ('a', ?)").run(note);
  db.pragma("user_version = 1");
  db.close();
}

const copiesOf = (box: Sandbox) => readdirSync(join(box.bobaHome, "backups")).toSorted();

function noteIn(path: string): unknown[] {
  const db = new Database(path, { readonly: true });
  const found = [db.pragma("user_version", { simple: true }), db.prepare("SELECT value FROM meta").pluck().get()];
  db.close();
  return found;
}

test("six processes that all find no ledger make one, and none of them an older one to be kept", async () => {
  const box = sandbox();
  for (let round = 0; round < 3; round++) {
    rmSync(box.bobaHome, { recursive: true, force: true });
    expect(await atOnce(box, 6)).toEqual(Array.from({ length: 6 }, () => [0, ""]));
    expect(versionOf(box)).toBe(MIGRATIONS.length);
    expect(existsSync(join(box.bobaHome, "backups"))).toBe(false);
  }
});

test("six processes that all find an older ledger upgrade it once, and one checked copy of it stays", async () => {
  const box = sandbox();
  oldLedger(box, "b");
  expect(await atOnce(box, 6)).toEqual(Array.from({ length: 6 }, () => [0, ""]));
  expect(versionOf(box)).toBe(MIGRATIONS.length);
  const names = copiesOf(box);
  expect(names).toEqual([expect.stringMatching(/^usage-schema-1-\d{8}T\d{9}Z\.db$/)]);
  const path = join(box.bobaHome, "backups", names[0] as string);
  expect(noteIn(path)).toEqual([1, "b"]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test("each upgrade has a copy of its own, of what there was then; the newest three stay, with whatever is not such a copy", () => {
  const box = sandbox();
  const folder = join(box.bobaHome, "backups");
  mkdirSync(folder, { recursive: true });
  // The clock was ahead once: a copy of a later time than the one just made.
  const ahead = "usage-schema-1-29991231T235959999Z.db";
  const [foreign, alive] = ["usage-schema-1-mine.db", `usage-schema-1.db.${process.pid}`];
  for (const name of ["usage-schema-1.db", "usage-schema-1-20200101T000000000Z.db", ahead, foreign, alive, "usage-schema-2.db.4194304999"])
    writeFileSync(join(folder, name), name);
  for (const note of ["first", "second", "third"]) {
    for (const end of ["", "-wal", "-shm"]) rmSync(box.db + end, { force: true });
    oldLedger(box, note);
    box.boba(["audit", "--no-import"]);
    expect(versionOf(box)).toBe(MIGRATIONS.length);
    const made = copiesOf(box).filter((name) => ![ahead, foreign, alive].includes(name));
    expect(noteIn(join(folder, made.at(-1) as string))).toEqual([1, note]);
  }
  const left = copiesOf(box).filter((name) => ![ahead, foreign, alive].includes(name));
  expect(left.map((name) => noteIn(join(folder, name)))).toEqual([
    [1, "second"],
    [1, "third"],
  ]);
  expect(copiesOf(box)).toHaveLength(5);
});

test.each([
  ["SQLITE_BUSY", undefined, "BOBA-DB-5"],
  ["SQLITE_FULL", undefined, "BOBA-DB-3"],
  ["EACCES", "/home/u/.boba/usage.db", "BOBA-DB-4"],
  ["EROFS", "/home/u/.boba/usage.db-wal", "BOBA-DB-4"],
  ["ENOTDIR", "/home/u/.boba", "BOBA-DB-4"],
  ["ENOSPC", "/home/u", "BOBA-DB-3"],
  ["EACCES", "/home/u/.boba/pricing.yaml", null],
  ["EACCES", "/home/u/.bob", null],
  ["ENOSPC", "/mnt/backup/usage.db", null],
  ["EACCES", undefined, null],
])("%s of %s is told of the ledger only where it is the ledger's", (code, path, expected) => {
  const error = Object.assign(new Error("the system's own words"), { code, ...(path === undefined ? {} : { path }) });
  const told = explainDatabaseError(error, "/home/u/.boba/usage.db");
  if (expected === null) expect(told).toBe(error);
  else expect(told).toMatchObject({ code: expected, message: expect.stringContaining("/home/u/.boba/usage.db"), cause: error });
  expect(told instanceof BobaError).toBe(expected !== null);
});
