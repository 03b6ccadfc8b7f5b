/** Two processes at work in one ledger: what one of them adds while the other decides must not be taken for decided. */
import Database from "better-sqlite3";
import { expect, it } from "vitest";
import { attributeAll } from "../../src/flow/attribute.ts";
import { resolvePaths } from "../../src/platform/paths.ts";
import type { Db } from "../../src/platform/sqlite.ts";
import { openLedger } from "../../src/store/open.ts";
import { pending } from "../helpers/books.ts";
import { type Sandbox, sandbox } from "../helpers/sandbox.ts";
import { commit, talk } from "../helpers/work.ts";

/** What another process leaves between storing a record and booking it: a copy of record 11 with a key, tokens and no branch of its own. */
function addRecord(box: Sandbox): void {
  const db = new Database(box.db, { timeout: 100 });
  const names = (db.pragma("table_info(usage_records)") as { name: string }[]).map(({ name }) => name);
  const own: Record<string, string> = { seq: "NULL", id: "id || '-copy'", output_tokens: "12", branch: "NULL" };
  const values = names.map((name) => own[name] ?? name).join(", ");
  db.exec(`INSERT INTO usage_records (${names.join(", ")}) SELECT ${values} FROM usage_records WHERE output_tokens = 11`);
  db.close();
}

/** The ledger, in which the other process acts before the first statement after one that matches. */
function shared(db: Db, after: RegExp, act: () => void): Db {
  let seen = false;
  let done = false;
  return new Proxy(db, {
    get(target, name) {
      if (name !== "prepare") {
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === "function" ? value.bind(target) : value;
      }
      return (sql: string) => {
        if (seen && !done && !target.inTransaction) {
          done = true;
          act();
        }
        seen ||= after.test(sql);
        return target.prepare(sql);
      };
    },
  });
}

const appAt = (box: Sandbox, cwd: string) => ({
  paths: resolvePaths(box.env),
  env: box.env,
  cwd,
  now: Date.now,
  log: { write: () => undefined },
  progress: () => undefined,
});

it.each([
  ["read what is pending", /GROUP BY session_id, worktree, logged_branch/],
  ["written what was decided", /INSERT INTO rewrites/],
])("a record added after the other process has %s is booked by the next run", async (_, after) => {
  const box = sandbox();
  const repo = box.repo();
  commit(box, repo, "a");
  talk(box, repo, 11);
  box.boba(["audit"]);
  const db = openLedger(box.db);
  db.exec("UPDATE repos SET refs_digest = NULL");
  let added = 0;
  const other = shared(db, after, () => {
    added++;
    addRecord(box);
  });
  await attributeAll(appAt(box, repo), other);
  expect(added).toBe(1);
  expect(pending(box)).toEqual({ "(detached)": [12], main: [11] });
  await attributeAll(appAt(box, repo), db);
  db.close();
  expect(pending(box)).toEqual({ main: [11, 12] });
});

it("what refs reach is not taken from before git moved them", async () => {
  const box = sandbox();
  const repo = box.repo();
  talk(box, repo, 11);
  commit(box, repo, "a");
  box.boba(["audit"]);
  const first = box.git(repo, "rev-parse", "HEAD");
  box.git(repo, "commit", "-q", "--amend", "-m", "again");
  box.boba(["audit"]);
  const home = () => {
    const db = new Database(box.db, { readonly: true });
    const found = db.prepare("SELECT commit_sha FROM usage_records").pluck().get();
    db.close();
    return found;
  };
  expect(home()).toBe(box.git(repo, "rev-parse", "HEAD"));
  const db = openLedger(box.db);
  db.exec("UPDATE repos SET refs_digest = NULL");
  let [asked, moved] = [false, 0];
  // Once it is known which commits matter and git has been asked about them, and before anything of it is written.
  const slow = new Proxy(db, {
    get(target, name) {
      if (name === "prepare") return (sql: string) => ((asked ||= /FROM commits .*EXISTS/s.test(sql)), target.prepare(sql));
      if (name === "transaction" && asked && moved++ === 0) box.git(repo, "update-ref", "refs/heads/main", first);
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  await attributeAll(appAt(box, repo), slow);
  db.close();
  expect(moved).toBeGreaterThan(0);
  expect(home()).toBe(first);
});
