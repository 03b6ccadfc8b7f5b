/** Faults of the disk, of backups and maintenance, and of agents' logs. */
import { mkdirSync, statfsSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, expect, test } from "vitest";
import type { App } from "../../src/flow/app.ts";
import { backUp } from "../../src/flow/backup.ts";
import { saveManifest } from "../../src/flow/backup-folder.ts";
import { checkUp } from "../../src/flow/doctor.ts";
import { backupsIn } from "../../src/flow/backup-folder.ts";
import { ledgerAt } from "../helpers/ledger.ts";
import { examine, type Fault, type Patient, patient, wrong } from "./patient.ts";

const DAY = 86_400_000;

/** Brings the ledger to `records` in all. */
function fill({ app }: Patient, records: number): void {
  const ledger = ledgerAt(app.paths.db);
  ledger.db.transaction(() => {
    for (let n = 1; n < records; n++) ledger.record({ ts: Math.floor(Date.now() / 1000) - n });
  })();
  ledger.close();
}

/** A real backup, made to look `days` old. */
async function backedUp({ app }: Patient, days: number, drilledDays: number | null): Promise<void> {
  const request = { recipients: [], includeConfig: false, full: false };
  const { manifest } = await backUp({ ...app, now: () => Date.now() - days * DAY }, request);
  const drilledAtMs = drilledDays === null ? null : Date.now() - drilledDays * DAY;
  saveManifest(app.paths.backups, { ...manifest, createdAtMs: Date.now() - days * DAY, drilledAtMs });
}

/** As the weekly task of maintenance leaves it; another task ran just now. */
function checkedAt({ paths }: App, startedAtMs: number): void {
  const db = new Database(paths.db);
  const keep = db.prepare("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)");
  keep.run("maintenance.check", JSON.stringify({ startedAtMs, durationMs: 5, ok: true, told: "sound" }));
  keep.run("maintenance.collect", JSON.stringify({ startedAtMs: Date.now(), durationMs: 5, ok: true, told: "up to date" }));
  db.close();
}

const setSources = ({ app }: Patient, text: string) => writeFileSync(app.paths.settings, `sources:\n${text}`);

const held: Database.Database[] = [];
afterEach(() => {
  for (const db of held.splice(0)) db.close();
});

const FAULTS: readonly Fault[] = [
  {
    fault: "a ledger that was never backed up",
    plant: (sick) => fill(sick, 1001),
    level: "warn",
    check: "backups",
    what: /^there is no backup of 1001 records$/,
    mend: /^boba backup, or every day by itself: boba maintenance start$/,
  },
  {
    fault: "a backup of eight days ago",
    plant: async (sick) => {
      fill(sick, 1001);
      await backedUp(sick, 8, null);
    },
    level: "warn",
    check: "backups",
    what: /^the newest backup is 8 days old \(usage-\S+\.db\.gz\)$/,
    mend: /^boba backup/,
  },
  {
    fault: "backups that nobody ever tried out",
    plant: async (sick) => {
      await backedUp(sick, 31, null);
      await backedUp(sick, 1, null);
    },
    level: "warn",
    check: "drill",
    what: /^no backup was ever tried out$/,
    mend: /^boba backup verify --drill$/,
  },
  {
    fault: "backups that were tried out long ago",
    plant: async (sick) => {
      await backedUp(sick, 50, 40);
      await backedUp(sick, 1, null);
    },
    level: "warn",
    check: "drill",
    what: /^the last backup was tried out 40 days ago$/,
    mend: /^boba backup verify --drill$/,
  },
  {
    fault: "what a killed backup left behind",
    plant: ({ app }) => {
      const work = join(app.paths.backups, ".boba-work-12345-AbC123");
      mkdirSync(work);
      writeFileSync(join(work, "usage.db"), "half");
      const twoDaysAgo = (Date.now() - 2 * DAY) / 1000;
      utimesSync(work, twoDaysAgo, twoDaysAgo);
    },
    level: "warn",
    check: "leftovers",
    what: /\/backups holds 1 half-made backup of runs that were killed$/,
    mend: /^boba backup, which removes them$/,
    fix: /^removes them; backups stay$/,
  },
  {
    fault: "a damaged ledger that a restore replaced last year, beside a newer one and a copy made before an upgrade",
    plant: ({ app }) => {
      const stamp = (days: number) => new Date(Date.now() - days * DAY).toISOString().replace(/[-:.]/g, "");
      mkdirSync(app.paths.backups, { recursive: true });
      const put = (name: string, bytes: number) => writeFileSync(join(app.paths.backups, name), Buffer.alloc(bytes));
      const damaged = `damaged-${stamp(400)}-2.db`;
      put(damaged, 2048);
      put(`${damaged}-wal`, 1024);
      put(`replaced-${stamp(29)}.db`, 4096);
      put(`usage-schema-3-${stamp(400)}.db`, 4096);
    },
    level: "warn",
    check: "set aside",
    what: /\/backups holds 1 ledger \(3 KiB\) that restores replaced more than 30 days ago$/,
    mend: /: rm \S+\/damaged-\d{8}T\d{9}Z-2\.db'? \S+\/damaged-\d{8}T\d{9}Z-2\.db-wal'?$/,
  },
  {
    fault: "a maintenance task that failed",
    plant: ({ app }) => {
      const db = new Database(app.paths.db);
      const run = { startedAtMs: Date.now() - DAY, durationMs: 5, ok: false, told: "no room" };
      db.prepare("INSERT INTO meta (key, value) VALUES ('maintenance.backup', ?)").run(JSON.stringify(run));
      db.close();
    },
    level: "warn",
    check: "maintenance",
    what: /^the last run of backup failed \(2\d{3}-\d\d-\d\d\): no room$/,
    mend: /^boba maintenance run --task backup$/,
  },
  {
    fault: "a timer that does not fire",
    plant: ({ app, box }) => {
      const db = new Database(app.paths.db);
      const run = { startedAtMs: Date.now() - 5 * DAY, durationMs: 5, ok: true, told: "up to date" };
      db.prepare("INSERT INTO meta (key, value) VALUES ('maintenance.collect', ?)").run(JSON.stringify(run));
      db.close();
      const units = join(box.home, ".config", "systemd", "user");
      mkdirSync(units, { recursive: true });
      writeFileSync(join(units, "boba-maintenance.timer"), "[Timer]\nOnCalendar=hourly\n");
    },
    level: "warn",
    check: "maintenance",
    what: /^maintenance is registered with systemd and has not run since 2\d{3}-\d\d-\d\d$/,
    mend: /^boba maintenance start/,
  },
  {
    fault: "a crontab that cannot be read, so that nobody knows whether a timer fires",
    plant: ({ app, box }) => {
      const db = new Database(app.paths.db);
      const run = { startedAtMs: Date.now() - 5 * DAY, durationMs: 5, ok: true, told: "up to date" };
      db.prepare("INSERT INTO meta (key, value) VALUES ('maintenance.collect', ?)").run(JSON.stringify(run));
      db.close();
      const bin = join(box.dir, "bin");
      mkdirSync(bin);
      writeFileSync(join(bin, "crontab"), "#!/bin/sh\nexit 1\n", { mode: 0o755 });
      return { env: { ...app.env, PATH: `${bin}${delimiter}${app.env["PATH"]}` } };
    },
    level: "warn",
    check: "maintenance",
    what: /^maintenance has not run since 2\d{3}-\d\d-\d\d, and whether it is registered is unknown: the crontab cannot be read$/,
    mend: /^crontab -l, which says why; then: boba maintenance start$/,
  },
  {
    fault: "a folder of logs that leads to itself",
    plant: ({ box }) => symlinkSync("loop", join(box.home, ".claude", "projects", "loop")),
    level: "warn",
    check: "sources",
    what: /^Claude Code: 1 path cannot be read$/,
    mend: /^give yourself the right to read them/,
  },
  {
    fault: "a folder of logs that was added and is gone",
    plant: (sick) => setSources(sick, `  codex:\n    paths: ["${sick.box.dir}/usb/codex"]\n`),
    level: "warn",
    check: "sources",
    what: /^Codex\S*.*: the added folder \S+\/usb\/codex is not there$/,
    mend: /boba sources remove codex \S+\/usb\/codex$/,
  },
  {
    fault: "a source whose name is spelled wrong",
    plant: (sick) => setSources(sick, "  cluade-code:\n    enabled: false\n"),
    level: "warn",
    check: "sources",
    what: /settings\.yaml names "cluade-code" under sources, which boba does not know$/,
    mend: /^use one of: .*\bclaude-code\b/,
  },
  {
    fault: "every agent with logs is switched off",
    plant: (sick) => setSources(sick, "  claude-code:\n    enabled: false\n"),
    level: "warn",
    check: "sources",
    what: /^every agent with logs is switched off: Claude Code$/,
    mend: /^boba sources enable claude-code$/,
  },
  {
    fault: "an agent's database that stays locked",
    plant: ({ box }) => {
      const folder = join(box.home, ".local", "share", "goose", "sessions");
      mkdirSync(folder, { recursive: true });
      const db = new Database(join(folder, "sessions.db"));
      held.push(db);
      db.exec("CREATE TABLE sessions (id, accumulated_input_tokens); BEGIN EXCLUSIVE");
    },
    level: "warn",
    check: "sources",
    what: /^[Gg]oose: its database \S+\/sessions\.db is locked$/,
    mend: /^let [Gg]oose finish, or end it if it hangs; then: boba import$/,
  },
];

test.each(FAULTS)("$fault", examine);

test("a disk with less room than a backup needs", async () => {
  const { app } = await patient();
  const { bavail, bsize } = statfsSync(app.paths.home);
  checkedAt(app, Date.now());
  // A hole, which takes no room: the ledger looks larger than what it may be copied to.
  truncateSync(app.paths.db, Math.ceil(bavail * bsize * 0.6));
  expect(wrong(await checkUp(app))).toEqual([
    expect.objectContaining({
      level: "warn",
      check: "disk",
      what: expect.stringMatching(/^only \S+ [MG]iB are free at \S+; the ledger has \S+ [MG]iB$/),
      mend: expect.stringContaining("boba backup prune"),
      fix: null,
    }),
  ]);
});

test("a small ledger needs no backup; a fresh backup, tried out lately, is enough for a large one", async () => {
  const sick = await patient();
  fill(sick, 1000);
  expect(wrong(await checkUp(sick.app))).toEqual([]);
  fill(sick, 100);
  await backedUp(sick, 40, 3);
  await backedUp(sick, 6, null);
  expect(backupsIn(sick.app.paths.backups)).toHaveLength(2);
  const found = await checkUp(sick.app);
  expect(wrong(found)).toEqual([]);
  expect(found.find(({ check }) => check === "backups")?.what).toMatch(/^2 in \S+\/backups, the newest of 2\d{3}-\d\d-\d\d$/);
});

test("one agent switched off beside another is as its user wants it, and told without complaint", async () => {
  const sick = await patient();
  setSources(sick, "  codex:\n    enabled: false\n");
  const folder = join(sick.box.home, ".codex", "sessions", "2026", "11", "20");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "rollout-2026-11-20T10-00-00-0199aaaa-0000-7000-8000-000000000000.jsonl"), "{}\n");
  const found = await checkUp(sick.app);
  expect(wrong(found)).toEqual([]);
  expect(found.map(({ what }) => what)).toContainEqual(
    expect.stringMatching(/^Codex.*: switched off in settings\.yaml: 1 file not read, last/),
  );
});

test("a large ledger is read whole only when asked to; one that was not checked for more than a week is told", async () => {
  const { app } = await patient();
  truncateSync(app.paths.db, 300 * 1024 * 1024);
  const look = async (verbose = false) => {
    const found = await checkUp(app, { verbose });
    expect(found.filter(({ check }) => check === "ledger")).toHaveLength(1 + wrong(found).length);
    return [found.find(({ check }) => check === "ledger")?.what, ...wrong(found).map(({ what }) => what)];
  };
  const mebibytes = "1 record, 300.0 MiB";
  const day = (atMs: number) => new Date(atMs).toISOString().slice(0, 10);
  const { db } = app.paths;
  expect(await look()).toEqual([`${db}: not checked, ${mebibytes}`, `${db} was never checked`]);
  expect(await look(true)).toEqual([`${db}: sound, ${mebibytes}`]);
  const [lately, longAgo] = [Date.now() - 7.5 * DAY, Date.now() - 8.5 * DAY];
  checkedAt(app, lately);
  expect(await look()).toEqual([`${db}: found sound by boba maintenance, ${mebibytes}`]);
  checkedAt(app, longAgo);
  expect(await look()).toEqual([`${db}: not checked, ${mebibytes}`, `${db} was not checked since ${day(longAgo)}`]);
  const warned = wrong(await checkUp(app))[0];
  expect(warned).toMatchObject({ level: "warn", mend: expect.stringMatching(/^boba maintenance run --task check .*: boba db check$/) });
});
