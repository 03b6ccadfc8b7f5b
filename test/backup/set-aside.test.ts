/** `boba backup list` names ledgers that were set aside: they take room, and may be wanted again. */
import { mkdirSync, statSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { respond } from "../helpers/agent.ts";
import { sandbox } from "../helpers/sandbox.ts";

test("ledgers that restores and upgrades set aside are listed below the backups, oldest first, with age and size", () => {
  const box = sandbox();
  respond(box, { cwd: "/w", output: 1000 });
  box.boba(["import"]);
  const { path } = box.json(["backup"]);
  expect(box.json(["backup", "list"]).set_aside).toEqual([]);
  expect(box.boba(["backup", "list"]).stdout).not.toContain("set aside");
  const { kept } = box.json(["restore", path]);
  const folder = join(box.bobaHome, "backups");
  const ago = (days: number) => Date.now() - days * 86_400_000 - 60_000;
  const put = (name: string, bytes: number) => {
    writeFileSync(join(folder, name), Buffer.alloc(bytes));
    return join(folder, name);
  };
  const nameOf = (what: string, atMs: number) => `${what}-${new Date(atMs).toISOString().replace(/[-:.]/g, "")}`;
  const [damagedMs, newerMs, upgradeMs] = [ago(40), ago(3), ago(1)];
  // Its name holds no time: the file's own counts.
  const first = put("usage-schema-4.db", 1024);
  utimesSync(first, ago(50) / 1000, ago(50) / 1000);
  const damaged = put(`${nameOf("damaged", damagedMs)}.db`, 2048);
  put(`${nameOf("damaged", damagedMs)}.db-wal`, 1024);
  const newer = put(`${nameOf("newer", newerMs)}-2.db`, 3072);
  const upgrade = put(`${nameOf("usage-schema-6", upgradeMs)}.db`, 5120);
  for (const foreign of ["replaced-mine.db", "usage-schema-6.db.123", `${nameOf("older", newerMs)}.db`]) put(foreign, 1);
  mkdirSync(join(folder, `${nameOf("replaced", newerMs)}.db`));
  // Neither is a manifest: a folder, and more bytes than anything can hold in memory.
  mkdirSync(join(folder, "folder.db.gz.json"));
  truncateSync(put("huge.db.gz.json", 0), 3 * 1024 ** 3);
  const listed = box.json(["backup", "list"]);
  expect(listed.backups.map((backup: { path: string }) => backup.path)).toEqual([path]);
  expect(listed.set_aside).toEqual([
    { path: first, kind: "before-upgrade", setAsideAtMs: Math.floor(statSync(first).mtimeMs), bytes: 1024 },
    { path: damaged, kind: "damaged", setAsideAtMs: damagedMs, bytes: 3072 },
    { path: newer, kind: "newer", setAsideAtMs: newerMs, bytes: 3072 },
    { path: upgrade, kind: "before-upgrade", setAsideAtMs: upgradeMs, bytes: 5120 },
    { path: kept, kind: "replaced", setAsideAtMs: expect.any(Number), bytes: statSync(kept).size },
  ]);
  const lines = box.boba(["backup", "list"]).stdout.split("\n");
  expect(lines).toContain("  usage-schema-4.db  1 KiB, 50 days old, copied before an upgrade");
  expect(lines).toContain(`  ${nameOf("damaged", damagedMs)}.db  3 KiB, 40 days old, damaged, replaced by a restore`);
  expect(lines).toContain(`  ${nameOf("newer", newerMs)}-2.db  3 KiB, 3 days old, of a newer boba, replaced by a restore`);
  expect(lines).toContain(`  ${nameOf("usage-schema-6", upgradeMs)}.db  5 KiB, 1 day old, copied before an upgrade`);
  expect(box.json(["backup", "prune", "--dry-run"])).toEqual({ schema: "boba.backups/1", backups: [] });
});
