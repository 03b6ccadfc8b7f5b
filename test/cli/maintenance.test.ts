/** `boba maintenance`: tasks, what is due, and registering with schedulers (stand-ins for the system's programs, as real processes). */
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import Database from "better-sqlite3";
import { expect, test } from "vitest";
import { isDue, TASK_IDS } from "../../src/core/maintenance.ts";
import { respond } from "../helpers/agent.ts";
import { type Sandbox, sandbox } from "../helpers/sandbox.ts";

/** No prices from the network in a test. */
const LOCAL = TASK_IDS.filter((id) => id !== "prices").flatMap((id) => ["--task", id]);
const byId = (box: Sandbox) => Object.fromEntries(box.json(["maintenance", "status"]).tasks.map((task: { id: string }) => [task.id, task]));

test("each task is run, timed and told; what was done is not due again", () => {
  const box = sandbox();
  respond(box, { cwd: "/w", output: 1000 });
  expect(byId(box)["backup"].last).toBeNull();
  box.boba(["maintenance", "run", ...LOCAL]);
  const tasks = byId(box);
  expect(tasks["backup"].last).toMatchObject({ ok: true, told: expect.stringMatching(/^usage-\S+\.db\.gz$/) });
  expect(tasks["drill"].last).toMatchObject({ ok: true, told: tasks["backup"].last.told });
  expect(tasks["check"].last).toMatchObject({ ok: true, told: "sound" });
  expect(box.json(["backup", "list"]).backups[0].facts.rows.usage_records).toBe(1);
  expect(box.boba(["maintenance", "run", "--due", ...LOCAL]).stdout).toBe("nothing is due\n");
});

test("a task that fails is told, does not stop the others, and is due again", () => {
  const box = sandbox();
  respond(box, { cwd: "/w", output: 1000 });
  box.boba(["import"]);
  // A file where the folder of backups should be.
  writeFileSync(join(box.bobaHome, "backups"), "");
  const { stdout } = box.boba(["maintenance", "run", "--task", "backup", "--task", "check"], { expect: 1 });
  expect(stdout).toMatch(/FAILED {2}backup .*cannot be written/);
  expect(stdout).toMatch(/ok {6}check .*sound/);
  expect(byId(box)["backup"].last.ok).toBe(false);
  expect(box.boba(["maintenance", "run", "--due", "--task", "backup", "--task", "check"], { expect: 1 }).stdout).not.toContain("check");
  expect(box.boba(["maintenance", "run", "--task", "nothing"], { expect: 2 }).stderr).toContain("BOBA-USE-2");
});

test("old records are pruned and metrics written where settings.yaml says so, and only then", () => {
  const box = sandbox();
  respond(box, { cwd: "/w", output: 1000, atMs: Date.now() - 100 * 86_400_000 });
  respond(box, { cwd: "/w", output: 1000 });
  box.boba(["import"]);
  const run = (...more: string[]) => box.boba(["maintenance", "run", "--task", "prune", "--task", "metrics", ...more]).stdout;
  expect(run("--due")).toBe("nothing is due\n");
  expect(run()).toMatch(
    /ok +prune .* off \(maintenance\.prune_older_than in settings\.yaml\)\nok +metrics .* off \(maintenance\.textfile in/,
  );
  expect(byId(box)["prune"]).toMatchObject({ last: null, off: "maintenance.prune_older_than" });
  expect(box.boba(["maintenance", "status"]).stdout).toMatch(
    /^prune +month +never +- +off \(maintenance\.prune_older_than in settings\.yaml\)$/m,
  );
  mkdirSync(join(box.home, "node-exporter"));
  writeFileSync(join(box.bobaHome, "settings.yaml"), "maintenance: { prune_older_than: 90d, archive: ~/old, textfile: ~/node-exporter }\n");
  run("--due");
  expect(byId(box)["prune"].last).toMatchObject({
    ok: true,
    told: expect.stringMatching(/^1 records, archived to \S+\/home\/old\/usage-before-\S+\.csv\.gz$/),
  });
  expect(readFileSync(join(box.home, "node-exporter", "boba.prom"), "utf8")).toContain("\nbobamixer_daily_requests 1\n");
  expect(run("--due")).toBe("nothing is due\n");
  // Reports still add up: 15 $ a million output tokens, twice a thousand.
  expect(box.json(["stats", "--no-import"])).toMatchObject({ total_cost_usd: 0.03, total_requests: 2 });
});

test("one run at a time", () => {
  const box = sandbox();
  box.boba(["import"]);
  const db = new Database(box.db);
  db.prepare("INSERT INTO meta (key, value) VALUES ('maintenance', ?)").run(`${process.pid}:${Date.now()}`);
  db.close();
  const { stdout, stderr } = box.boba(["maintenance", "run"]);
  expect([stdout, stderr]).toEqual(["", "boba: another maintenance run is at work\n"]);
});

test("due: never run, failed, long ago, or dated in the future by a clock that was set back", () => {
  const day = 86_400_000;
  const ran = (startedAtMs: number, ok = true) => ({ everyMs: day, last: { startedAtMs, durationMs: 1, ok, told: "" } });
  const now = 10 * day;
  expect(
    [{ everyMs: day, last: null }, ran(now - day), ran(now - day + 60_000), ran(now - 1, false), ran(now + 1)].map((task) =>
      isDue(task, now),
    ),
  ).toEqual([true, true, true, true, true]);
  expect([ran(now - 1), ran(now - day + 3_600_000)].map((task) => isDue(task, now))).toEqual([false, false]);
});

/** Puts a program of this name first on PATH that keeps what it was called with. */
function standIn(box: Sandbox, name: string, script: string): NodeJS.ProcessEnv {
  const bin = join(box.dir, "bin");
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, name), `#!/bin/sh\necho "$*" >> '${box.dir}/${name}.log'\n${script}\n`);
  chmodSync(join(bin, name), 0o755);
  return { PATH: `${bin}${delimiter}${box.env["PATH"]}` };
}

test("cron: a marked block beside the user's own lines, replaced by a second start, taken away without a trace", () => {
  const box = sandbox();
  const tab = join(box.dir, "tab");
  const env = standIn(box, "crontab", `case "$1" in -l) cat '${tab}' ;; -) cat > '${tab}' ;; -r) rm '${tab}' ;; esac`);
  writeFileSync(tab, "0 2 * * * mine 100\\%\n");
  const start = () => box.boba(["maintenance", "start", "--scheduler", "cron"], { env: { ...env, BOBA_HOME: join(box.dir, "it's 50%") } });
  start();
  start();
  const text = readFileSync(tab, "utf8");
  expect(text.split("\n").filter((line) => line.includes("maintenance") && line.includes("run"))).toHaveLength(1);
  expect(text).toContain(`BOBA_HOME='${box.dir}/it'\\''s 50\\%'`);
  expect(box.json(["maintenance", "status"], { env }).scheduled_by).toBe("cron");
  expect(box.boba(["maintenance", "stop"], { env }).stdout).toBe("taken away from cron\n");
  expect(readFileSync(tab, "utf8")).toBe("0 2 * * * mine 100\\%\n");
  expect(box.boba(["maintenance", "stop"], { env }).stdout).toBe("it was not registered\n");
});

test("a crontab that cannot be read is never written, and read once: not by start, not by stop", () => {
  const box = sandbox();
  const tab = join(box.dir, "tab");
  const mine = "0 2 * * * mine\n";
  /** Its `-l` fails the `failing`th time it is asked. */
  const failingAt = (failing: number) => {
    rmSync(join(box.dir, "crontab.log"), { force: true });
    const list = `[ "$(grep -c -e '^-l' '${box.dir}/crontab.log')" = ${failing} ] && { echo 'cannot fork' >&2; exit 1; }; cat '${tab}'`;
    return standIn(box, "crontab", `case "$1" in -l) ${list} ;; -) cat > '${tab}' ;; -r) rm '${tab}' ;; esac`);
  };
  const start = ["maintenance", "start", "--scheduler", "cron"];
  const told = "crontab -l failed with status 1: the crontab was left as it is [BOBA-USE-44]";
  writeFileSync(tab, mine);
  expect(box.boba(start, { env: failingAt(1), expect: 1 }).stderr).toContain(told);
  expect(readFileSync(tab, "utf8")).toBe(mine);
  const env = failingAt(2);
  box.boba(start, { env });
  const registered = readFileSync(tab, "utf8");
  expect(registered).toContain(`${mine}# boba maintenance, begin\n`);
  expect(readFileSync(join(box.dir, "crontab.log"), "utf8")).toBe("-l\n-\n");
  expect(box.boba(["maintenance", "stop"], { env, expect: 1 }).stderr).toContain(told);
  expect(readFileSync(tab, "utf8")).toBe(registered);
  expect(box.json(["maintenance", "status"], { env: failingAt(1) }).scheduled_by).toBe("unknown");
  expect(box.boba(["maintenance", "status"], { env: failingAt(1) }).stdout).toContain("Whether it is scheduled is unknown");
});

test("every byte of the user's own lines stays, whatever its encoding; ours are UTF-8", () => {
  const box = sandbox();
  const tab = join(box.dir, "tab");
  const env = standIn(box, "crontab", `case "$1" in -l) cat '${tab}' ;; -) cat > '${tab}' ;; -r) rm '${tab}' ;; esac`);
  // e9: é in Latin-1, no UTF-8; c3 a9: é in UTF-8.
  const mine = Buffer.concat([Buffer.from("0 2 * * * caf"), Buffer.from([0xe9, 0x20, 0xc3, 0xa9, 0x0a])]);
  writeFileSync(tab, mine);
  box.boba(["maintenance", "start", "--scheduler", "cron"], { env: { ...env, BOBA_HOME: join(box.dir, "é€") } });
  const both = readFileSync(tab);
  expect(both.subarray(0, mine.length).equals(mine)).toBe(true);
  expect(both.subarray(mine.length).toString("utf8")).toContain(`BOBA_HOME='${box.dir}/é€'`);
  expect(box.boba(["maintenance", "stop"], { env }).stdout).toBe("taken away from cron\n");
  expect(readFileSync(tab).equals(mine)).toBe(true);
});

test("no crontab yet is an empty one, told apart in English; no crontab program is no registration", () => {
  const box = sandbox();
  const tab = join(box.dir, "tab");
  const none = `[ "$LC_ALL" = C ] && echo 'no crontab for ada' >&2 || echo 'keine crontab' >&2; exit 1`;
  const script = `case "$1" in -l) [ -e '${tab}' ] || { ${none}; }; cat '${tab}' ;; -) cat > '${tab}' ;; -r) rm '${tab}' ;; esac`;
  const env = { ...standIn(box, "crontab", script), LC_ALL: "de_DE.UTF-8" };
  expect(box.boba(["maintenance", "stop"], { env }).stdout).toBe("it was not registered\n");
  box.boba(["maintenance", "start", "--scheduler", "cron"], { env });
  expect(readFileSync(tab, "utf8")).toMatch(/^# boba maintenance, begin\n17 .*\n# boba maintenance, end\n$/);
  expect(box.boba(["maintenance", "stop"], { env }).stdout).toBe("taken away from cron\n");
  expect(existsSync(tab)).toBe(false);
  const without = { PATH: join(box.dir, "nothing") };
  expect(box.json(["maintenance", "status"], { env: without }).scheduled_by).toBeNull();
  expect(box.boba(["maintenance", "stop"], { env: without }).stdout).toBe("it was not registered\n");
  const { stderr } = box.boba(["maintenance", "start", "--scheduler", "cron"], { env: without, expect: 1 });
  expect(stderr).toContain("cron does not answer here");
});

test("an account that may not use cron has it run by systemd; stop says what it could not look at", () => {
  const box = sandbox();
  standIn(box, "crontab", "echo 'You (ada) are not allowed to use this program (crontab)' >&2; exit 1");
  const env = standIn(box, "systemctl", "exit 0");
  expect(box.boba(["maintenance", "start"], { env }).stdout).toContain("registered with systemd");
  expect(box.json(["maintenance", "status"], { env }).scheduled_by).toBe("systemd");
  expect(box.boba(["maintenance", "stop"], { env, expect: 1 }).stderr).toContain("BOBA-USE-44");
  expect(existsSync(join(box.home, ".config", "systemd", "user", "boba-maintenance.timer"))).toBe(false);
});

test("systemd: a user timer that runs what is due every hour", () => {
  const box = sandbox();
  const env = standIn(box, "systemctl", "exit 0");
  expect(box.boba(["maintenance", "start"], { env }).stdout).toContain("registered with systemd");
  const folder = join(box.home, ".config", "systemd", "user");
  expect(readFileSync(join(folder, "boba-maintenance.timer"), "utf8")).toContain("OnCalendar=hourly");
  expect(readFileSync(join(folder, "boba-maintenance.service"), "utf8")).toMatch(
    /ExecStart="[^"]+" "[^"]+main\.js" "maintenance" "run" "--due"/,
  );
  expect(readFileSync(join(box.dir, "systemctl.log"), "utf8")).toContain("--user enable --now boba-maintenance.timer");
  box.boba(["maintenance", "start"], { env: { ...env, BOBA_HOME: join(box.dir, 'a$b 5% "c" \\d') } });
  expect(readFileSync(join(folder, "boba-maintenance.service"), "utf8")).toContain(
    String.raw`Environment="BOBA_HOME=${box.dir}/a$b 5%% \"c\" \\d"` + "\n",
  );
  box.boba(["maintenance", "stop"], { env });
  expect(existsSync(join(folder, "boba-maintenance.timer"))).toBe(false);
  const failing = standIn(box, "systemctl", "exit 1");
  expect(box.boba(["maintenance", "start", "--scheduler", "systemd"], { env: failing, expect: 1 }).stderr).toContain("BOBA-USE-44");
});
