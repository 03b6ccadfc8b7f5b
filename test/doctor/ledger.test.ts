/** Faults of the ledger: damage, locks, size, what is in it. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { appendFileSync, closeSync, mkdirSync, openSync, rmSync, statSync, utimesSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, expect, test } from "vitest";
import { checkUp } from "../../src/flow/doctor.ts";
import { drain } from "../../src/flow/drain.ts";
import { claudeLine, claudeLog, respond } from "../helpers/agent.ts";
import { PROJECT } from "../helpers/sandbox.ts";
import { examine, type Fault, type Patient, patient, wrong } from "./patient.ts";

const HOUR_S = 3600;
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

function sql({ app }: Patient, text: string, ...values: unknown[]): void {
  const db = new Database(app.paths.db);
  db.prepare(text).run(...values);
  db.close();
}

/** Another program that does something to the ledger and then stays, with its connection open. */
async function whoStays({ app }: Patient, does: string): Promise<void> {
  const script = `const db = new (require("better-sqlite3"))(process.argv[1]); ${does}; console.log("ready"); setInterval(() => db, 1000)`;
  const child = spawn(process.execPath, ["-e", script, app.paths.db], { cwd: PROJECT, stdio: ["ignore", "pipe", "inherit"] });
  children.push(child);
  await new Promise((resolve) => child.stdout?.once("data", resolve));
}

/** The id of a process that ended. */
const dead = (): number => spawnSync(process.execPath, ["-e", ""]).pid;

const inLinux = process.platform === "linux";
const aProcess = inLinux ? String.raw`process \d+ \(\w+\)` : "another process";

const FAULTS: readonly Fault[] = [
  {
    fault: "a file that is no database",
    plant: ({ app }) => writeFileSync(app.paths.db, "this is not a database, whatever its name may say".repeat(100)),
    level: "error",
    check: "ledger",
    what: /\/usage\.db is damaged or not a database$/,
    mend: /^go back to a backup \(boba backup list\), or save what can be read: boba db recover$/,
  },
  {
    fault: "a folder in its place",
    plant: ({ app }) => {
      for (const end of ["", "-wal", "-shm"]) rmSync(`${app.paths.db}${end}`, { force: true });
      mkdirSync(app.paths.db, { mode: 0o700 });
    },
    level: "error",
    check: "ledger",
    what: /\/usage\.db cannot be opened$/,
    mend: /^check that \S+ is a folder that you may write to$/,
  },
  {
    fault: "a page that is damaged",
    plant: ({ app }) => {
      const fd = openSync(app.paths.db, "r+");
      // The second page of 4096 bytes is the root of a table.
      writeSync(fd, Buffer.alloc(4096, 0xff), 0, 4096, 4096);
      closeSync(fd);
    },
    level: "error",
    check: "ledger",
    what: /\/usage\.db is damaged/,
    mend: /boba db recover/,
  },
  {
    fault: "a ledger of a newer boba",
    plant: ({ app }) => {
      const db = new Database(app.paths.db);
      db.pragma("user_version = 999");
      db.close();
    },
    level: "error",
    check: "ledger",
    what: /was written by a newer boba \(schema 999/,
    mend: /^upgrade boba: npm i -g bobamixer@latest/,
  },
  {
    fault: "a program that does not end its writing",
    plant: (sick) => whoStays(sick, 'db.exec("BEGIN IMMEDIATE")'),
    level: "warn",
    check: "lock",
    what: new RegExp(`^${aProcess} holds \\S+/usage\\.db locked$`),
    mend: inLinux ? /^wait, or if it hangs end it: kill \d+ \(never remove -wal or -shm\)$/ : /lsof/,
  },
  {
    fault: "a program that lets nobody read",
    plant: (sick) => whoStays(sick, 'db.pragma("locking_mode = EXCLUSIVE"); db.exec("BEGIN EXCLUSIVE; COMMIT")'),
    level: "error",
    check: "lock",
    what: new RegExp(`^${aProcess} holds \\S+/usage\\.db locked, even for reading$`),
    mend: inLinux ? /kill \d+/ : /lsof/,
  },
  {
    fault: "a log that has grown and nobody merges",
    plant: async (sick) => {
      const fill =
        "CREATE TABLE filler AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) SELECT randomblob(4000) FROM n";
      await whoStays(sick, `db.pragma("wal_autocheckpoint = 0"); db.exec("${fill}; DROP TABLE filler; VACUUM")`);
      const anHourAgo = Date.now() / 1000 - HOUR_S;
      utimesSync(`${sick.app.paths.db}-wal`, anHourAgo, anHourAgo);
    },
    level: "warn",
    check: "wal",
    what: /\/usage\.db-wal has grown to \d+\.\d MiB and was last written 60 minutes ago$/,
    mend: /^boba db vacuum/,
    fix: /^merges it into the ledger/,
  },
  {
    fault: "a ledger that is mostly free pages",
    plant: (sick) => {
      const db = new Database(sick.app.paths.db);
      db.exec("CREATE TABLE filler (bytes)");
      const insert = db.prepare("INSERT INTO filler VALUES (randomblob(1000000))");
      for (let n = 0; n < 10; n++) insert.run();
      db.exec("DROP TABLE filler");
      db.close();
    },
    level: "warn",
    check: "free-pages",
    what: /^9\.\d MiB of the 9\.\d MiB of \S+ are free pages$/,
    mend: /^boba db vacuum$/,
  },
  {
    fault: "a record of the day after tomorrow",
    plant: (sick) => {
      const s = Math.floor(Date.now() / 1000) + 48 * HOUR_S;
      sql(sick, "UPDATE usage_records SET ts = ?, ts_ms = ?", s, s * 1000);
    },
    level: "warn",
    check: "clock",
    what: /^1 record dated more than a day in the future, up to 2\d{3}-/,
    mend: /boba report --by day --since 2\d{3}-\d\d-\d\d$/,
  },
  {
    fault: "a model without a price",
    plant: async ({ app, box, repo }) => {
      respond(box, { cwd: repo, output: 5, model: "no-such-model-9" });
      await drain(app);
    },
    level: "warn",
    check: "prices",
    what: /^1 record of no-such-model-9 without a price$/,
    mend: /^boba doctor --pricing/,
  },
  {
    fault: "a line of a log that is cut off",
    plant: async ({ app, box, repo }) => {
      appendFileSync(claudeLog(box, repo, "session-1"), `${claudeLine({ cwd: repo, output: 1 }).slice(0, -30)}\n`);
      await drain(app);
    },
    level: "warn",
    check: "skipped",
    what: /^1 line and 0 files of agents' logs could not be read$/,
    mend: /^boba import/,
  },
  {
    fault: "a background run that died",
    plant: (sick) => sql(sick, "INSERT INTO meta (key, value) VALUES ('drain', ?)", `${dead()}:1700000000000`),
    level: "warn",
    check: "drain",
    what: /^a background run \(process \d+\) ended before it was done, at or after 2023-11-14T22:13:20\.000Z$/,
    mend: /^boba drain$/,
    fix: /boba drain/,
  },
  {
    fault: "a maintenance run that died",
    plant: (sick) => sql(sick, "INSERT INTO meta (key, value) VALUES ('maintenance', ?)", `${dead()}:1700000000000`),
    level: "warn",
    check: "maintenance",
    what: /^a maintenance run \(process \d+\) ended before it was done/,
    mend: /^boba maintenance run --due$/,
    fix: /^takes its lock away$/,
  },
  {
    fault: "an export to a collector that died",
    plant: (sick) => sql(sick, "INSERT INTO meta (key, value) VALUES ('otlp', ?)", `${dead()}:1700000000000`),
    level: "warn",
    check: "otlp",
    what: /^an export to a collector \(process \d+\) ended before it was done/,
    mend: /^boba export --otlp, with the address it had$/,
    fix: /^takes its lock away$/,
  },
  {
    fault: "a prune that died and had archived nothing",
    plant: (sick) => sql(sick, "INSERT INTO meta (key, value) VALUES ('prune', ?)", `${dead()}:1700000000000`),
    level: "warn",
    check: "prune",
    what: /^a prune \(process \d+\) ended before it was done, at or after 2023-11-14T22:13:20\.000Z$/,
    mend: /^boba db prune, with the options it had$/,
    fix: /^takes its lock away$/,
  },
  {
    fault: "a prune of a hundred days that died three days ago with its archive written",
    plant: (sick) => {
      sql(sick, "INSERT INTO meta (key, value) VALUES ('prune', ?)", `${dead()}:1700000000000`);
      const beforeS = Math.floor(Date.now() / 1000) - 102.5 * 24 * HOUR_S;
      const unfinished = { beforeS, lastSeq: 1, archive: "/old/usage.csv.gz", sha256: "00" };
      sql(sick, "INSERT INTO meta (key, value) VALUES ('prune.unfinished', ?)", JSON.stringify(unfinished));
    },
    level: "warn",
    check: "prune",
    what: /^a prune ended before it had deleted all that it wrote to \/old\/usage\.csv\.gz$/,
    mend: /^boba db prune --older-than 103d$/,
  },
  {
    fault: "what git did an hour ago and nobody looked at",
    plant: ({ box, repo }) => {
      box.tryGit(repo, ["commit", "-q", "--allow-empty", "-m", "unseen"], { env: { BOBA_HOOKS: "0" } });
      const anHourAgo = Date.now() / 1000 - HOUR_S;
      utimesSync(join(repo, ".git", "logs", "HEAD"), anHourAgo, anHourAgo);
    },
    level: "warn",
    check: "sweep",
    what: /^git changed 1 worktree more than 10 minutes ago, and boba has not looked since$/,
    mend: /^boba drain$/,
    fix: /boba drain/,
  },
];

test.each(FAULTS)("$fault", examine);

test("a ledger in use is not complained of: a reader, a fresh log, a run at work, a commit of just now", async () => {
  const sick = await patient();
  await whoStays(sick, 'db.exec("BEGIN"); db.prepare("SELECT count(*) FROM usage_records").get()');
  sql(sick, "INSERT INTO meta (key, value) VALUES ('drain', ?)", `${process.pid}:${Date.now()}`);
  sick.box.tryGit(sick.repo, ["commit", "-q", "--allow-empty", "-m", "new"], { env: { BOBA_HOOKS: "0" } });
  expect(statSync(`${sick.app.paths.db}-wal`).size).toBeGreaterThan(0);
  expect(wrong(await checkUp(sick.app))).toEqual([]);
});
