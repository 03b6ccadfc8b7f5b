/** Storage that fails: a newer or foreign database, no right to write, no space. A clear error, nothing lost, nothing overwritten. */
import Database from "better-sqlite3";
import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { claudeLine, claudeLog, respond } from "../helpers/agent.ts";
import { BOBA, type Sandbox, sandbox } from "../helpers/sandbox.ts";

const NOBODY = 65534;

it("a database from the future is refused, untouched", () => {
  const box = sandbox();
  respond(box, { cwd: "/w", output: 1 });
  box.boba(["stats"]);
  const db = new Database(box.db);
  db.pragma("user_version = 99");
  db.pragma("wal_checkpoint(TRUNCATE)");
  db.close();
  const before = readFileSync(box.db);
  const { stderr, stdout } = box.boba(["stats"], { expect: 3 });
  expect(stderr).toContain("[BOBA-DB-1]");
  expect(stderr).toContain("newer boba");
  expect(stdout).toBe("");
  expect(readFileSync(box.db).equals(before)).toBe(true);
});

it.each([
  ["random bytes", () => Buffer.from(Array.from({ length: 5000 }, (_, at) => (at * 7919) % 251))],
  ["a text", () => Buffer.from("this is not a database, whatever its name says\n".repeat(100))],
])("%s in the database's place: said, and left alone", (_, bytes) => {
  const box = sandbox();
  mkdirSync(box.bobaHome, { recursive: true });
  writeFileSync(box.db, bytes());
  expect(box.boba(["stats"], { expect: 3 }).stderr).toContain("[BOBA-DB-2]");
  expect(readFileSync(box.db).equals(bytes())).toBe(true);
});

it("a folder in the database's place", () => {
  const box = sandbox();
  mkdirSync(box.db, { recursive: true });
  expect(box.boba(["stats"], { expect: 5 }).stderr).toContain("[BOBA-DB-4]");
});

/** Runs boba as a user who does not own what is there: permissions mean nothing to root. */
function asOther(box: Sandbox, args: readonly string[]) {
  const user = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  return spawnSync(process.execPath, [BOBA, ...args], { cwd: "/", env: box.env, encoding: "utf8", ...user });
}

it("a read-only ~/.boba: reading says what is missing, and git is not in the way", () => {
  const box = sandbox();
  respond(box, { cwd: "/w", output: 1_000 });
  box.boba(["stats"]);
  respond(box, { cwd: "/w", output: 2_000 });
  const files = readdirSync(box.bobaHome, { recursive: true }) as string[];
  for (const name of [".", ...files]) {
    if (process.getuid?.() === 0) chownSync(join(box.bobaHome, name), NOBODY, NOBODY);
    chmodSync(join(box.bobaHome, name), name.includes(".") && name !== "." ? 0o400 : 0o500);
  }
  chmodSync(box.dir, 0o755);
  const result = asOther(box, ["stats"]);
  for (const name of [".", ...files.filter((one) => !one.includes("."))]) chmodSync(join(box.bobaHome, name), 0o700);
  expect(result.status).toBe(5);
  expect(result.stderr).toContain("[BOBA-DB-4]");
});

it("a backup with an unreadable pricing.yaml: the file that is closed is named, not the ledger, nor the backup", () => {
  const box = sandbox();
  respond(box, { cwd: "/w", output: 1_000 });
  box.boba(["stats"]);
  const closed = join(box.bobaHome, "pricing.yaml");
  writeFileSync(closed, "models: {}\n");
  for (const at of [".", ...(readdirSync(box.bobaHome, { recursive: true }) as string[])])
    if (process.getuid?.() === 0) chownSync(join(box.bobaHome, at), NOBODY, NOBODY);
  for (const folder of [box.dir, box.home]) chmodSync(folder, 0o755);
  chmodSync(closed, 0);
  const { status, stderr } = asOther(box, ["backup", "--include-config"]);
  expect([status, stderr]).toEqual([5, expect.stringContaining(closed)]);
  expect(stderr).not.toContain("usage");
});

it("a full disk: an error that says so, and after making room everything is there", () => {
  const box = sandbox();
  const log = claudeLog(box, "/w", "big");
  writeFileSync(log, Array.from({ length: 4000 }, () => `${claudeLine({ cwd: "/w", output: 10, session: "big" })}\n`).join(""));
  const small = join(box.dir, "small");
  const kept = join(box.dir, "kept");
  mkdirSync(small);
  mkdirSync(kept);
  const script = `mount -t tmpfs -o size=200k tmpfs '${small}' && "$1" "$2" stats; code=$?; cp -r '${small}/.' '${kept}/'; exit $code`;
  const mounts = spawnSync("unshare", ["-rm", "true"]).status === 0;
  // Where mounting is not allowed, a limit on file sizes stands in for the disk.
  const limited = `trap '' XFSZ; ulimit -f 150; BOBA_HOME='${kept}' "$1" "$2" stats`;
  const [program, args] = mounts ? ["unshare", ["-rm", "sh", "-c", script]] : ["sh", ["-c", limited]];
  const result = spawnSync(program, [...args, "sh", process.execPath, BOBA], {
    env: { ...box.env, BOBA_HOME: mounts ? small : kept },
    encoding: "utf8",
  });
  expect(result.stderr).toMatch(/no space left|disk I\/O error|full/i);
  const home = join(box.dir, "roomy");
  cpSync(kept, home, { recursive: true });
  expect(box.json(["stats"], { env: { BOBA_HOME: home } })).toMatchObject({ total_requests: 4000, output_tokens: 40_000 });
  const db = new Database(join(home, "usage.db"), { readonly: true });
  expect(db.pragma("integrity_check", { simple: true })).toBe("ok");
  db.close();
});
