/** The copy that is made before an older ledger is upgraded. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { BobaError, EXIT } from "../core/errors.ts";
import { sync, takeName } from "../platform/fs.ts";
import { isAlive, pid } from "../platform/self.ts";
import { openDatabase } from "../platform/sqlite.ts";

/** So many copies stay, of whatever upgrades. */
const KEPT_COPIES = 3;

/** `usage-schema-<version>-<stamp>.db`; without a stamp as boba once wrote them. */
const COPY = /^usage-schema-\d+(?:-(\d{8}T\d{9}Z)(?:-\d+)?)?\.db$/;
const UNFINISHED = /^usage-schema-\d+\.db\.(\d+)(?:-journal)?$/;

/**
 * Makes a verified copy of the ledger at `path` in `backups` beside it, named after the version it holds and the time; an upgrade without one does
 * not start. To be called by who holds the ledger's write lock and has changed nothing yet: then there is one copy for each upgrade, and it is what
 * the upgrade began with. Until it is checked it has a name of its own; what a killed process left of one is removed, and so are the oldest copies.
 */
export function copyBeforeUpgrade(path: string, version: number): void {
  const folder = join(dirname(path), "backups");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  removeUnfinished(folder);
  const fresh = join(folder, `usage-schema-${version}.db.${pid}`);
  try {
    // SQLite fills an empty file, which then is nobody else's to read from the start.
    writeFileSync(fresh, "", { mode: 0o600, flag: "wx" });
    const reader = openDatabase(path, { readonly: true });
    try {
      reader.prepare("VACUUM INTO ?").run(fresh);
    } finally {
      reader.close();
    }
    check(fresh, path);
    sync(fresh);
    removeOld(folder, giveName(fresh, join(folder, `usage-schema-${version}`)));
    sync(folder);
  } finally {
    remove(fresh);
  }
}

function giveName(fresh: string, base: string): string {
  const stamp = new Date().toISOString().replace(/[-:.]/g, "");
  for (let nth = 1; ; nth++) {
    const path = `${base}-${stamp}${nth === 1 ? "" : `-${nth}`}.db`;
    if (takeName(fresh, path)) return path;
  }
}

/** @throws BobaError BOBA-DB-2 when the copy is not sound. */
function check(copy: string, path: string): void {
  const db = openDatabase(copy, { readonly: true });
  try {
    const verdict = db.pragma("quick_check", { simple: true });
    if (verdict === "ok") return;
    const what = `the copy made before upgrading ${path} is not sound: ${String(verdict).split("\n", 1)[0] ?? ""}`;
    throw new BobaError("BOBA-DB-2", EXIT.database, what, "run: boba db recover");
  } finally {
    db.close();
  }
}

function remove(copy: string): void {
  for (const end of ["", "-journal"]) rmSync(copy + end, { force: true });
}

/** Removes all copies but the newest few; never `made`, whatever the clock said when the others were. */
function removeOld(folder: string, made: string): void {
  const others = readdirSync(folder)
    .flatMap((name) => {
      const found = COPY.exec(name);
      return found === null || join(folder, name) === made ? [] : [{ name, stamp: found[1] ?? "" }];
    })
    .toSorted((a, b) => b.stamp.localeCompare(a.stamp));
  for (const { name } of others.slice(KEPT_COPIES - 1)) rmSync(join(folder, name), { force: true });
}

function removeUnfinished(folder: string): void {
  for (const name of readdirSync(folder)) {
    const maker = Number(UNFINISHED.exec(name)?.[1] ?? 0);
    // One of this process's own number is of a process that had it before.
    if (maker > 0 && (maker === pid || !isAlive(maker))) rmSync(join(folder, name), { force: true });
  }
}
