/** `boba doctor` as it is typed: what it prints, what it exits with, and that what it says to type mends. */
import { spawnSync } from "node:child_process";
import { appendFileSync, chmodSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Finding, Fix } from "../../src/core/finding.ts";
import { doctorJson, doctorText } from "../../src/report/doctor-text.ts";
import { claudeLine, claudeLog, respond, SENTINEL } from "../helpers/agent.ts";
import { type Sandbox, sandbox } from "../helpers/sandbox.ts";
import { patient } from "./patient.ts";

interface Report {
  schema: string;
  errors: number;
  warnings: number;
  findings: Finding[];
  fixes: Fix[] | null;
}

/** The report, after checking its sums and the exit status against its findings. */
function report(box: Sandbox, options: { args?: string[]; cwd?: string; env?: NodeJS.ProcessEnv } = {}): Report {
  const { args = [], ...where } = options;
  const run = box.boba(["doctor", "--format", "json", ...args], { cwd: box.dir, ...where, expect: null });
  const told = JSON.parse(run.stdout) as Report;
  const levels = (level: string) => told.findings.filter((finding) => finding.level === level).length;
  expect(told).toMatchObject({ schema: "boba.doctor/1", errors: levels("error"), warnings: levels("warn") });
  expect(run.status).toBe(levels("error") > 0 ? 1 : 0);
  for (const { level, why, mend } of told.findings) expect([why === null, mend === null]).toEqual(Array(2).fill(level === "ok"));
  return told;
}

const checks = (findings: readonly Finding[]): string[] => findings.map(({ check }) => check);

test("a sound installation: what was looked at, in the order it is best read", async () => {
  const { box, repo } = await patient();
  const { findings, errors, warnings, fixes } = report(box, { cwd: repo });
  expect([errors, warnings, fixes]).toEqual([0, 0, null]);
  expect(checks(findings)).toEqual(
    ["node", "git", "home", "settings", "pricing", "profiles", "disk", "ledger", "sweep", "prices", "sources", "hooks"], //
  );
  const text = box.boba(["doctor"], { cwd: repo }).stdout;
  expect(text).toContain(`${box.db}: sound, 1 record, `);
  expect(text.endsWith("\nall is well\n")).toBe(true);
});

test("on an empty home everything is made, keys for their owner alone", () => {
  const box = sandbox();
  expect(report(box).findings.filter(({ level }) => level !== "ok")).toMatchObject([{ level: "warn", check: "sources" }]);
  expect(statSync(join(box.bobaHome, "secrets.yaml")).mode & 0o777).toBe(0o600);
  expect(statSync(box.bobaHome).mode & 0o777).toBe(0o700);
});

test("what it says to type mends", async () => {
  const { box } = await patient();
  chmodSync(join(box.bobaHome, "secrets.yaml"), 0o644);
  chmodSync(box.bobaHome, 0o755);
  const found = report(box).findings.filter(({ level }) => level !== "ok");
  expect(found.map(({ level, mend }) => [level, mend])).toEqual([
    ["warn", `chmod 700 ${box.bobaHome}`],
    ["error", `chmod 600 ${join(box.bobaHome, "secrets.yaml")}`],
  ]);
  for (const { mend } of found) spawnSync("sh", ["-c", mend ?? ""]);
  expect(report(box)).toMatchObject({ errors: 0, warnings: 0 });
});

test("--fix says of each finding whether it was mended or left, and exits by what remains", async () => {
  const { box, app } = await patient();
  chmodSync(app.paths.secrets, 0o644);
  rmSync(join(app.paths.gitHooks, "spool.sh"));
  writeFileSync(app.paths.pricing, "models: [\n");
  const first = report(box, { args: ["--fix"] });
  expect(first.errors).toBe(1);
  expect(first.fixes?.map(({ check, mended }) => [check, mended])).toEqual([
    ["permissions", true],
    ["pricing", false],
    ["hooks", true],
  ]);
  expect(first.fixes?.[1]?.told).toMatch(/^yours to decide: correct the file/);
  rmSync(app.paths.pricing);
  chmodSync(app.paths.secrets, 0o640);
  const { stdout } = box.boba(["doctor", "--fix"], { expect: 0 });
  expect(stdout).toContain(
    `fixed  permissions  ${app.paths.secrets} is open to other accounts (640)\n                    takes the rights of others away (chmod 600)\n\n`,
  );
  expect(stdout.endsWith("\nall is well\n")).toBe(true);
});

test("nothing of what agents wrote is quoted, with all details", async () => {
  const { box, repo } = await patient();
  respond(box, { cwd: repo, output: 5, model: "no-such-model-9" });
  appendFileSync(claudeLog(box, repo, "session-1"), `${claudeLine({ cwd: repo, output: 1 }).slice(0, -30)}\n`);
  box.boba(["import"]);
  const text = box.boba(["doctor", "--verbose"], { cwd: repo }).stdout;
  expect(text).toContain("no-such-model-9: 1 record\n");
  expect(text).toContain(`${claudeLog(box, repo, "session-1")}:3  `);
  expect(text).not.toContain(SENTINEL);
});

test("git that is missing or too old", () => {
  const box = sandbox();
  const bin = join(box.dir, "bin");
  box.write(bin, "git", "#!/bin/sh\necho git version 2.30.9\n");
  chmodSync(join(bin, "git"), 0o755);
  const seen = (PATH: string) => report(box, { env: { PATH } }).findings[1];
  expect(seen(`${bin}:/usr/bin:/bin`)).toMatchObject({ level: "error", check: "git", what: "git 2.30.9 is older than 2.31" });
  expect(seen(join(box.dir, "empty"))).toMatchObject({ level: "error", check: "git", what: "git does not answer" });
});

test("on a narrow terminal sentences break and commands do not; nothing steers the terminal", () => {
  const finding: Finding = {
    level: "warn",
    check: "hooks",
    what: "boba's hooks were removed from /src/\u001b[2Jrepo",
    why: "a hook manager took them out",
    mend: "cd /src/a/very/long/path/to/a/repository && boba hooks install",
    fix: "puts them back",
    details: ["one"],
  };
  const text = doctorText([finding], [{ check: "home", what: "open", mended: false, told: "not yours" }], false, {
    columns: 50,
    colour: false,
  });
  expect(text.split("\n")).toEqual([
    "left   home         open",
    "                    not yours",
    "",
    "warn   hooks        boba's hooks were removed from",
    "                    /src/ [2Jrepo",
    "                    a hook manager took them out",
    "                    -> cd /src/a/very/long/path/to/a/repository && boba hooks install",
    "                       or: boba doctor --fix, which",
    "                       puts them back",
    "0 errors, 1 warning; boba doctor --fix does something about 1 of them",
  ]);
  expect(JSON.parse(doctorJson([finding], null)).findings).toEqual([finding]);
  expect(doctorJson([finding], null)).not.toContain("\u001b");
});
