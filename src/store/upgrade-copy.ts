/** The copy that is made before an older ledger is upgraded. */
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { BobaError, EXIT } from "../core/errors.ts";
import { takeName } from "../platform/fs.ts";
import { sync } from "../platform/pack.ts";
import { isAlive, pid } from "../platform/self.ts";
import { type Db, openDatabase } from "../platform/sqlite.ts";

/**
 * Makes a verified copy beside the database, named after the version it holds; an upgrade without one does not start. Until it is checked it has a
 * name of its own: other processes may be at the same, and what a killed one left is removed.
 */
export function copyBeforeUpgrade(db: Db, path: string, version: number): void {
  const target = join(dirname(path), "backups", `usage-schema-${version}.db`);
  const folder = dirname(target);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  removeUnfinished(target);
  if (existsSync(target)) return;
  const fresh = `${target}.${pid}`;
  try {
    remove(fresh);
    db.prepare("VACUUM INTO ?").run(fresh);
    // Another process may have upgraded the ledger since: then it has made the copy.
    if (checkedVersion(fresh, path) !== version) return;
    sync(fresh);
    takeName(fresh, target);
    sync(folder);
  } finally {
    remove(fresh);
  }
}

/** @throws BobaError BOBA-DB-2 when the copy is not sound. */
function checkedVersion(copy: string, path: string): number {
  const db = openDatabase(copy, { readonly: true });
  try {
    const verdict = db.pragma("quick_check", { simple: true });
    if (verdict === "ok") return Number(db.pragma("user_version", { simple: true }));
    const what = `the copy made before upgrading ${path} is not sound: ${String(verdict).split("\n", 1)[0] ?? ""}`;
    throw new BobaError("BOBA-DB-2", EXIT.database, what, "run: boba db recover");
  } finally {
    db.close();
  }
}

function remove(copy: string): void {
  for (const end of ["", "-journal"]) rmSync(copy + end, { force: true });
}

function removeUnfinished(target: string): void {
  const folder = dirname(target);
  for (const name of readdirSync(folder)) {
    const maker = name.startsWith(`${basename(target)}.`) ? Number.parseInt(name.slice(basename(target).length + 1), 10) : Number.NaN;
    if (maker > 0 && !isAlive(maker)) rmSync(join(folder, name), { force: true });
  }
}
