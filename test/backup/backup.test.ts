/** `boba backup`, `backup list|verify|prune` and `boba restore` on real ledgers. */
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { generateIdentity, identityToRecipient } from "age-encryption";
import Database from "better-sqlite3";
import { expect, test } from "vitest";
import { respond } from "../helpers/agent.ts";
import { type Sandbox, sandbox } from "../helpers/sandbox.ts";

/** Sonnet costs 15 $ a million output tokens: 1,000 tokens are 15,000,000 nano-dollars. */
function ledgerOf(box: Sandbox, responses: number): void {
  for (let n = 0; n < responses; n++) respond(box, { cwd: "/w", output: 1000, id: `msg-${n}`, requestId: `req-${n}` });
  box.boba(["import"]);
}

const backup = (box: Sandbox, ...args: string[]) => box.json(["backup", ...args]);
const total = (box: Sandbox) => box.json(["stats", "--no-import"]).total_requests;
const leftovers = (folder: string) => readdirSync(folder).filter((name) => name.startsWith(".boba-work-"));

test("a backup holds the ledger, its manifest tells how much, and plain tools can open it", () => {
  const box = sandbox();
  ledgerOf(box, 3);
  const made = backup(box, "--full");
  expect(made).toMatchObject({ schema: "boba.backup/1", kind: "backup", isEncrypted: false, config: [], verifiedAtMs: null });
  expect(made.facts).toMatchObject({ rows: { usage_records: 3 }, costNanoUsd: "45000000" });
  const packed = readFileSync(made.path);
  const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");
  const plain = gunzipSync(packed);
  expect([made.packedSha256, made.plainSha256, made.packedBytes, made.plainBytes]).toEqual([
    sha256(packed),
    sha256(plain),
    packed.length,
    plain.length,
  ]);
  expect(statSync(made.path).mode & 0o777).toBe(0o600);
  const copy = join(box.dir, "copy.db");
  writeFileSync(copy, plain);
  const db = new Database(copy, { readonly: true });
  expect(db.pragma("integrity_check", { simple: true })).toBe("ok");
  expect(db.prepare("SELECT SUM(cost_nanousd) AS cost FROM usage_records").get()).toEqual({ cost: 45_000_000 });
  db.close();
  expect(leftovers(join(box.bobaHome, "backups"))).toEqual([]);
});

test("a restore brings back what was there, keeps what it replaced, and does not disturb who has the ledger open", () => {
  const box = sandbox();
  ledgerOf(box, 2);
  const { path } = backup(box);
  const before = box.json(["audit", "--no-import"]);
  const open = new Database(box.db, { readonly: true });
  const count = open.prepare("SELECT COUNT(*) FROM usage_records").pluck();
  ledgerOf(box, 5);
  expect([count.get(), total(box)]).toEqual([5, 5]);
  expect(box.json(["restore", path, "--dry-run"])).toMatchObject({ kept: null, dryRun: true, before: { rows: { usage_records: 5 } } });
  expect(total(box)).toBe(5);
  const restored = box.json(["restore", path]);
  expect(restored).toMatchObject({
    schema: "boba.restore/1",
    before: { rows: { usage_records: 5 } },
    after: { rows: { usage_records: 2 } },
  });
  expect([count.get(), total(box)]).toEqual([2, 2]);
  open.close();
  expect(box.json(["audit", "--no-import"])).toEqual(before);
  // What was logged since then is collected again, once.
  expect(box.json(["stats"]).total_requests).toBe(5);
  box.boba(["restore", restored.kept]);
  expect(total(box)).toBe(5);
  expect(leftovers(box.bobaHome)).toEqual([]);
});

test("a damaged ledger is moved aside and the backup takes its place", () => {
  const box = sandbox();
  ledgerOf(box, 2);
  const { path } = backup(box);
  writeFileSync(box.db, "nothing of a database");
  const restored = box.json(["restore", path]);
  expect(restored).toMatchObject({ before: null, after: { rows: { usage_records: 2 } } });
  expect(readFileSync(restored.kept, "utf8")).toBe("nothing of a database");
  expect(total(box)).toBe(2);
});

test("a copy that sqlite3 or cp made restores too", () => {
  const box = sandbox();
  ledgerOf(box, 2);
  const copy = join(box.dir, "usage-20261123.db");
  const db = new Database(box.db);
  db.pragma("wal_checkpoint(TRUNCATE)");
  db.close();
  copyFileSync(box.db, copy);
  ledgerOf(box, 3);
  box.boba(["restore", copy]);
  expect(total(box)).toBe(2);
  writeFileSync(`${copy}.gz`, gzipSync(readFileSync(copy)));
  expect(box.json(["restore", `${copy}.gz`, "--dry-run"]).after.rows.usage_records).toBe(2);
  expect(box.boba(["backup", "verify", `${copy}.gz`]).stdout).toContain("it has no manifest");
});

test("a changed byte, a cut file, another file's manifest and a newer ledger are refused, and nothing changes", () => {
  const box = sandbox();
  ledgerOf(box, 2);
  const { path } = backup(box);
  const good = readFileSync(path);
  const refuse = (bytes: Buffer, code: string) => {
    writeFileSync(path, bytes);
    expect(box.boba(["backup", "verify", path], { expect: 3 }).stderr).toContain(code);
    expect(box.boba(["restore", path], { expect: 3 }).stderr).toContain(code);
    expect(total(box)).toBe(2);
  };
  for (const at of [10, Math.floor(good.length / 2), good.length - 1]) {
    const changed = Buffer.from(good);
    changed[at] = (changed[at] as number) ^ 0x20;
    refuse(changed, "BOBA-DB-7");
  }
  refuse(good.subarray(0, 500), "BOBA-DB-7");
  const newer = join(box.dir, "newer.db");
  writeFileSync(newer, gunzipSync(good));
  const db = new Database(newer);
  db.pragma("user_version = 99");
  db.close();
  expect(box.boba(["restore", newer], { expect: 3 }).stderr).toContain("BOBA-DB-1");
  const foreign = join(box.dir, "foreign.db");
  new Database(foreign).exec("CREATE TABLE t (x); PRAGMA user_version = 2").close();
  expect(box.boba(["restore", foreign], { expect: 3 }).stderr).toContain("not a ledger");
  expect(box.boba(["restore", "missing"], { expect: 2 }).stderr).toContain("BOBA-FS-7");
  expect(leftovers(box.bobaHome)).toEqual([]);
});

test("an encrypted backup opens with its key alone, holds the secrets, and a drill uses it", async () => {
  const box = sandbox();
  ledgerOf(box, 2);
  mkdirSync(box.bobaHome, { recursive: true });
  writeFileSync(join(box.bobaHome, "secrets.yaml"), "secrets: {}\n", { mode: 0o600 });
  writeFileSync(join(box.bobaHome, "settings.yaml"), "# mine\n");
  expect(backup(box, "--include-config", "-o", join(box.dir, "plain.gz")).config).toEqual(["settings.yaml"]);
  const [identity, other] = [await generateIdentity(), await generateIdentity()];
  for (const [name, key] of [
    ["key.txt", identity],
    ["other.txt", other],
  ] as const)
    writeFileSync(join(box.dir, name), `# a comment\n${key}\n`);
  const made = backup(box, "--include-config", "--encrypt-to", await identityToRecipient(identity));
  expect(made).toMatchObject({ isEncrypted: true, config: ["settings.yaml", "secrets.yaml"] });
  expect(readFileSync(made.path).subarray(0, 21).toString()).toBe("age-encryption.org/v1");
  expect(box.boba(["restore", made.path], { expect: 2 }).stderr).toContain("BOBA-USE-34");
  expect(box.boba(["restore", made.path, "-i", "other.txt"], { expect: 3 }).stderr).toContain("BOBA-DB-7");
  writeFileSync(join(box.bobaHome, "settings.yaml"), "# changed\n");
  box.boba(["backup", "verify", "--drill", "-i", "key.txt"]);
  const [, listed] = box.json(["backup", "list", box.dir]).backups.length === 1 ? [null, box.json(["backup", "list"]).backups.at(-1)] : [];
  expect(listed.drilledAtMs).toBe(listed.verifiedAtMs);
  box.boba(["restore", made.path, "-i", "key.txt", "--config"]);
  expect(readFileSync(join(box.bobaHome, "settings.yaml"), "utf8")).toBe("# mine\n");
  expect(box.boba(["backup", "--encrypt-to", "ssh-ed25519 AAAA"], { expect: 2 }).stderr).toContain("BOBA-USE-33");
});

test("prune removes what the rules say, and only what boba made", () => {
  const box = sandbox();
  ledgerOf(box, 1);
  const first = backup(box);
  const second = backup(box);
  const foreign = join(box.bobaHome, "backups", "usage-20200101.db.gz");
  writeFileSync(foreign, "someone's");
  expect(box.boba(["backup", "prune", "--dry-run"]).stdout).toContain(first.file);
  expect(existsSync(first.path)).toBe(true);
  expect(box.json(["backup", "prune"]).backups.map(({ file }: { file: string }) => file)).toEqual([first.file]);
  expect([first.path, `${first.path}.json`, second.path, foreign].map((path) => existsSync(path))).toEqual([false, false, true, true]);
});

test("where a backup cannot be written it says so and leaves nothing", () => {
  const box = sandbox();
  ledgerOf(box, 1);
  const taken = join(box.dir, "taken.gz");
  writeFileSync(taken, "mine");
  expect(box.boba(["backup", "-o", taken], { expect: 2 }).stderr).toContain("BOBA-FS-6");
  expect(readFileSync(taken, "utf8")).toBe("mine");
  expect(box.boba(["backup", "-o", join(box.dir, "no", "folder")], { expect: 1 }).stderr).toContain("BOBA-FS-5");
  expect(box.boba(["backup", "verify"], { expect: 2 }).stderr).toContain("BOBA-USE-35");
});
