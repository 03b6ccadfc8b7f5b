/** `boba doctor`: each fault is planted, found, named with what mends it, and gone once that was typed. */
import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  closeSync,
  openSync,
  readFileSync,
  statSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { claudeLine, claudeLog, respond, SENTINEL } from "../helpers/agent.ts";
import { type Sandbox, sandbox } from "../helpers/sandbox.ts";

interface Found {
  level: string;
  check: string;
  what: string;
  why: string | null;
  mend: string | null;
  details: string[];
}

/** The findings of one level, after checking the exit status against them. */
function findings(box: Sandbox, level: string, cwd = box.dir): Found[] {
  const run = box.boba(["doctor", "--format", "json"], { cwd, expect: null });
  const report = JSON.parse(run.stdout) as { schema: string; errors: number; warnings: number; findings: Found[] };
  expect(report.schema).toBe("boba.doctor/1");
  expect(run.status).toBe(report.findings.some((finding) => finding.level === "error") ? 1 : 0);
  expect(report.errors).toBe(report.findings.filter((finding) => finding.level === "error").length);
  expect(report.warnings).toBe(report.findings.filter((finding) => finding.level === "warn").length);
  for (const finding of report.findings)
    expect([finding.why === null, finding.mend === null]).toEqual(Array(2).fill(finding.level === "ok"));
  return report.findings.filter((finding) => finding.level === level);
}

const checks = (found: readonly Found[]): string[] => found.map(({ check }) => check);

/** A repository with one priced response and hooks: nothing to complain of. */
function healthy(): { box: Sandbox; repo: string } {
  const box = sandbox();
  const repo = box.repo();
  respond(box, { cwd: repo, output: 1000 });
  box.boba(["hooks", "install", "--mode", "lazy"], { cwd: repo });
  box.boba(["import"]);
  return { box, repo };
}

describe("boba doctor", () => {
  it("makes what is missing and finds nothing wrong with a sound installation", () => {
    const { box, repo } = healthy();
    expect(findings(box, "warn", repo)).toEqual([]);
    expect(findings(box, "error", repo)).toEqual([]);
    expect(checks(findings(box, "ok", repo))).toEqual([
      "node",
      "git",
      "home",
      "settings",
      "pricing",
      "disk",
      "ledger",
      "sweep",
      "prices",
      "sources",
      "hooks",
    ]);
    expect(statSync(join(box.bobaHome, "secrets.yaml")).mode & 0o777).toBe(0o600);
    const text = box.boba(["doctor"], { cwd: repo }).stdout;
    expect(text).toContain(`${box.db}: sound, 1 records, `);
    expect(text.endsWith("\nall is well\n")).toBe(true);
  });

  it("finds open folders and secrets, and the command it names mends them", () => {
    const { box } = healthy();
    box.boba(["init"]);
    chmodSync(join(box.bobaHome, "secrets.yaml"), 0o644);
    chmodSync(box.bobaHome, 0o755);
    const found = [...findings(box, "error"), ...findings(box, "warn")];
    expect(found.map(({ level, mend }) => [level, mend])).toEqual([
      ["error", `chmod 600 ${join(box.bobaHome, "secrets.yaml")}`],
      ["warn", `chmod 700 ${box.bobaHome}`],
    ]);
    for (const { mend } of found) spawnSync("sh", ["-c", mend ?? ""]);
    expect(checks([...findings(box, "error"), ...findings(box, "warn")])).toEqual([]);
  });

  it("finds configuration that does not parse, with its place, and a link to nothing", () => {
    const { box } = healthy();
    box.boba(["init"]);
    writeFileSync(join(box.bobaHome, "settings.yaml"), "hooks:\n  mode: loud\n");
    writeFileSync(join(box.bobaHome, "pricing.yaml"), "models: [\n");
    unlinkSync(join(box.bobaHome, "routes.yaml"));
    symlinkSync(join(box.dir, "gone.yaml"), join(box.bobaHome, "routes.yaml"));
    const errors = findings(box, "error");
    expect(checks(errors)).toEqual(["settings", "pricing"]);
    expect(errors[0]?.what).toContain("settings.yaml:2:3: hooks.mode");
    expect(errors[1]?.what).toContain("not valid YAML");
    expect(checks(findings(box, "warn"))).toEqual(["links"]);
  });

  it("finds a file that is no database, one that is damaged inside, and one that is newer", () => {
    const box = sandbox();
    box.boba(["doctor"]);
    const bytes = readFileSync(box.db);
    writeFileSync(box.db, "this is not a database, whatever its name may say".repeat(100));
    expect(findings(box, "error")[0]).toMatchObject({ check: "ledger", what: expect.stringContaining("damaged or not a database") });

    writeFileSync(box.db, bytes);
    const fd = openSync(box.db, "r+");
    // The second page of 4096 bytes is the root of a table.
    writeSync(fd, Buffer.alloc(4096, 0xff), 0, 4096, 4096);
    closeSync(fd);
    expect(findings(box, "error")[0]).toMatchObject({ check: "ledger", what: expect.stringContaining("damaged") });

    writeFileSync(box.db, bytes);
    const db = new Database(box.db);
    db.pragma("user_version = 999");
    db.close();
    expect(findings(box, "error")[0]).toMatchObject({ check: "ledger", what: expect.stringContaining("newer boba (schema 999") });
  });

  it("counts records without a price and lines that could not be read, and quotes neither", () => {
    const { box, repo } = healthy();
    respond(box, { cwd: repo, output: 5, model: "no-such-model-9" });
    respond(box, { cwd: repo, output: 5, model: "no-such-model-9" });
    appendFileSync(claudeLog(box, repo, "session-1"), `${claudeLine({ cwd: repo, output: 1 }).slice(0, -30)}\n`);
    box.boba(["import"]);
    const found = findings(box, "warn", repo);
    expect(checks(found)).toEqual(["prices", "skipped"]);
    expect(found[0]).toMatchObject({ what: "2 records of no-such-model-9 have no price", details: ["no-such-model-9: 2 records"] });
    expect(found[1]?.what).toBe("1 lines and 0 files of agents' logs could not be read");
    expect(found[1]?.details).toEqual([expect.stringContaining(`${claudeLog(box, repo, "session-1")}:4  `)]);
    expect(box.boba(["doctor", "--verbose"], { cwd: repo }).stdout).not.toContain(SENTINEL);
  });

  it("finds a background run that died, and drain mends it", () => {
    const { box, repo } = healthy();
    const dead = spawnSync(process.execPath, ["-e", ""]).pid;
    const db = new Database(box.db);
    db.prepare("INSERT INTO meta (key, value) VALUES ('drain', ?)").run(`${dead}:1700000000000`);
    db.close();
    const found = findings(box, "warn", repo);
    expect(found).toEqual([expect.objectContaining({ check: "drain", mend: "boba drain" })]);
    expect(found[0]?.what).toContain(`process ${dead}`);
    expect(found[0]?.what).toContain("2023-11-14T22:13:20.000Z");
    box.boba(["drain"]);
    expect(findings(box, "warn", repo)).toEqual([]);
  });

  it("finds what git did an hour ago and boba has not seen, and drain mends it", () => {
    const { box, repo } = healthy();
    box.git(repo, "commit", "-q", "--allow-empty", "-m", "unseen", "--no-verify");
    const hourAgo = Date.now() / 1000 - 3600;
    utimesSync(join(repo, ".git", "logs", "HEAD"), hourAgo, hourAgo);
    expect(findings(box, "warn", repo)).toEqual([
      expect.objectContaining({
        check: "sweep",
        what: expect.stringContaining("git changed 1 worktrees"),
        mend: "boba drain",
        details: [repo],
      }),
    ]);
    box.boba(["drain"]);
    expect(findings(box, "warn", repo)).toEqual([]);
  });

  it("tells a repository without hooks, and says nothing of hooks outside one", () => {
    const { box } = healthy();
    const other = box.repo("other");
    expect(findings(box, "warn", other)).toEqual([
      expect.objectContaining({ check: "hooks", what: `no hooks in ${other}`, mend: "boba hooks install" }),
    ]);
    box.boba(["hooks", "install", "--mode", "lazy"], { cwd: other });
    expect(findings(box, "warn", other)).toEqual([]);
    expect(findings(box, "ok").at(-1)).toMatchObject({ check: "hooks", what: "not inside a repository" });
  });

  it("tells when hooks have written what nobody has taken", () => {
    const { box, repo } = healthy();
    box.boba(["hooks", "install", "--mode", "background"], { cwd: repo });
    const spool = join(box.bobaHome, "git-hooks", "spool");
    writeFileSync(spool, "post-commit\n");
    const hourAgo = Date.now() / 1000 - 3600;
    utimesSync(spool, hourAgo, hourAgo);
    expect(findings(box, "warn", repo)).toEqual([expect.objectContaining({ check: "hooks", mend: "boba drain" })]);
  });

  it("tells when there is no log of any agent, and when git is missing or too old", () => {
    const box = sandbox();
    expect(checks(findings(box, "warn"))).toEqual(["sources"]);
    const bin = join(box.dir, "bin");
    box.write(bin, "git", "#!/bin/sh\necho git version 2.30.9\n");
    chmodSync(join(bin, "git"), 0o755);
    const old = JSON.parse(box.boba(["doctor", "--format", "json"], { expect: 1, env: { PATH: `${bin}:/usr/bin:/bin` } }).stdout);
    expect(old.findings[1]).toMatchObject({ level: "error", check: "git", what: "git 2.30.9 is older than 2.31" });
    const none = JSON.parse(box.boba(["doctor", "--format", "json"], { expect: 1, env: { PATH: join(box.dir, "empty") } }).stdout);
    expect(none.findings[1]).toMatchObject({ level: "error", check: "git", what: "git does not answer" });
  });
});
