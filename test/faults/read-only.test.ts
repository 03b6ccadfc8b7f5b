/** A home that may be read and not written: every command says so with exit status 5, or does its work without writing. */
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { expect, test } from "vitest";
import { respond } from "../helpers/agent.ts";
import { BOBA, type Sandbox, sandbox } from "../helpers/sandbox.ts";

const NOBODY = 65534;

/** Modes mean nothing to root: as root, boba is run by a user who owns nothing. */
const user = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};

function eachBelow(folder: string, visit: (path: string, isFolder: boolean) => void): void {
  visit(folder, true);
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    const path = join(folder, name);
    visit(path, lstatSync(path).isDirectory());
  }
}

function digest(folder: string): string {
  const hash = createHash("sha1");
  eachBelow(folder, (path, isFolder) => hash.update(isFolder ? path : `${path} ${readFileSync(path, "base64")}`));
  return hash.digest("hex");
}

test("no command fails in any other way, and nothing changes", { timeout: 180_000 }, () => {
  const box: Sandbox = sandbox();
  respond(box, { cwd: "/w", output: 1_000 });
  box.boba(["import"]);
  box.boba(["backup"]);
  const [name = ""] = readdirSync(join(box.bobaHome, "backups"));
  const backup = join(box.bobaHome, "backups", name.replace(/\.json$/, ""));
  respond(box, { cwd: "/w", output: 2_000 });
  mkdirSync(join(box.bobaHome, "logs"), { recursive: true });
  chmodSync(box.dir, 0o755);
  chmodSync(box.home, 0o755);
  const before = digest(box.bobaHome);
  eachBelow(box.bobaHome, (path, isFolder) => chmodSync(path, isFolder ? 0o555 : 0o444));
  const results = [
    ["import"],
    ["drain"],
    ["stats"],
    ["report", "--by", "model"],
    ["audit"],
    ["backup"],
    ["backup", "list"],
    ["backup", "verify", backup],
    ["restore", backup],
    ["db", "info"],
    ["db", "check"],
    ["db", "vacuum"],
    ["db", "prune", "--older-than", "1d"],
    ["db", "recover"],
    ["maintenance", "run"],
    ["init"],
  ].map((args) => {
    const { status, stderr } = spawnSync(process.execPath, [BOBA, ...args], { cwd: "/", env: box.env, encoding: "utf8", ...user });
    const isClear = status === 5 && /^boba: .+ \[BOBA-(DB|FS)-\d+\]\n {2}\S/.test(stderr);
    return [args.join(" "), status === 0 || isClear ? "clear" : `${status}: ${stderr}`];
  });
  eachBelow(box.bobaHome, (path, isFolder) => chmodSync(path, isFolder ? 0o755 : 0o644));
  expect(results.filter(([, how]) => how !== "clear")).toEqual([]);
  expect(digest(box.bobaHome)).toBe(before);
  expect(existsSync(join(box.bobaHome, "usage.recovered.db"))).toBe(false);
  expect(box.json(["stats"]).total_requests).toBe(2);
});
