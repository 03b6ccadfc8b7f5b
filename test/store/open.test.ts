/** The ledger is made and upgraded by whoever comes first, while others come too. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import Database from "better-sqlite3";
import { expect, test } from "vitest";
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
  mkdirSync(dirname(box.db), { recursive: true });
  const db = new Database(box.db);
  db.pragma("journal_mode = WAL");
  db.exec(MIGRATIONS[0] as string);
  db.exec("INSERT INTO meta (key, value) VALUES ('a', 'b')");
  db.pragma("user_version = 1");
  db.close();
  expect(await atOnce(box, 6)).toEqual(Array.from({ length: 6 }, () => [0, ""]));
  expect(versionOf(box)).toBe(MIGRATIONS.length);
  expect(readdirSync(join(box.bobaHome, "backups"))).toEqual(["usage-schema-1.db"]);
  const kept = new Database(join(box.bobaHome, "backups", "usage-schema-1.db"), { readonly: true });
  expect([kept.pragma("user_version", { simple: true }), kept.prepare("SELECT value FROM meta").pluck().get()]).toEqual([1, "b"]);
  kept.close();
});
