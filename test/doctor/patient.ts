/** A healthy set-up in which faults are planted, and the check-up called as the command calls it. */
import { createHash } from "node:crypto";
import { spawnSync } from "node:child_process";
import { lstatSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect } from "vitest";
import type { Finding } from "../../src/core/finding.ts";
import type { App } from "../../src/flow/app.ts";
import { checkAndMend, checkUp, type CheckUpOptions } from "../../src/flow/doctor.ts";
import { drain } from "../../src/flow/drain.ts";
import { installHooks } from "../../src/flow/hooks-install.ts";
import { setUp } from "../../src/flow/init.ts";
import { resolvePaths } from "../../src/platform/paths.ts";
import { respond } from "../helpers/agent.ts";
import { type Sandbox, sandboxIn } from "../helpers/sandbox.ts";
import { removeFolder } from "../helpers/remove.ts";

export interface Patient {
  box: Sandbox;
  /** A repository with hooks and one priced response, all of it read. */
  repo: string;
  /** Stands outside the repository. */
  app: App;
}

export interface Fault {
  fault: string;
  /** May return where to look from instead. */
  plant(patient: Patient): Partial<App> | void | Promise<Partial<App> | void>;
  level: "warn" | "error";
  check: string;
  what: RegExp;
  mend: RegExp;
  /** What `--fix` says it does; absent: it leaves every file as it is. */
  fix?: RegExp;
  options?: Partial<CheckUpOptions>;
}

const dir = realpathSync(mkdtempSync(join(tmpdir(), "boba-doctor-")));
const [ward, kept] = [join(dir, "ward"), join(dir, "kept")];
afterAll(() => removeFolder(dir));
let known: Patient | null = null;

/** Made once a file; each test finds it as it was made, at the same place. */
export async function patient(): Promise<Patient> {
  if (known !== null) {
    await removeFolder(ward);
    // Times to the nanosecond included, which node:fs does not keep.
    expect(spawnSync("cp", ["-a", kept, ward]).status).toBe(0);
    return known;
  }
  const box = sandboxIn(ward);
  const repo = box.repo();
  const app = worldOf(box);
  setUp(app);
  respond(box, { cwd: repo, output: 1000 });
  await installHooks({ ...app, cwd: repo }, { global: false, mode: "background", force: true });
  await drain(app);
  expect(spawnSync("cp", ["-a", ward, kept]).status).toBe(0);
  known = { box, repo, app };
  return known;
}

/** As `main.ts` makes it, with a log that says nothing. */
function worldOf(box: Sandbox): App {
  const log = { write: () => undefined };
  return { paths: resolvePaths(box.env), env: box.env, cwd: box.dir, now: Date.now, log, progress: () => undefined };
}

/** What is not in order. */
export const wrong = (findings: readonly Finding[]): Finding[] => findings.filter(({ level }) => level !== "ok");

/** Plants a fault, and holds what doctor says of it, and what `--fix` does, against the table. */
export async function examine(entry: Fault): Promise<void> {
  const sick = await patient();
  const app = { ...sick.app, ...(await entry.plant(sick)) };
  const found = wrong(await checkUp(app, entry.options));
  const told = { level: entry.level, check: entry.check, what: expect.stringMatching(entry.what), mend: expect.stringMatching(entry.mend) };
  const fix = entry.fix === undefined ? null : expect.stringMatching(entry.fix);
  expect(found).toEqual([{ ...told, fix, why: expect.stringMatching(/\S{2}/), details: expect.any(Array), ...remedyOf(found[0]) }]);
  const before = filesBelow(sick.box.dir);
  const { findings, fixes } = await checkAndMend(app, entry.options ?? {});
  if (entry.fix === undefined) {
    expect(fixes).toEqual([{ check: entry.check, what: found[0]?.what, mended: false, told: `yours to decide: ${found[0]?.mend}` }]);
    expect(wrong(findings).map(({ what }) => what)).toEqual([found[0]?.what]);
    expect(filesBelow(sick.box.dir)).toEqual(before);
  } else {
    expect(fixes).toEqual([{ check: entry.check, what: found[0]?.what, mended: true, told: found[0]?.fix }]);
    expect(wrong(findings)).toEqual([]);
  }
}

/** The function that mends rides along in the object; commands do not print it. */
const remedyOf = (finding: object | undefined): object =>
  finding !== undefined && "remedy" in finding ? { remedy: expect.anything() } : {};

/** Mode and content of every file and link, but for what SQLite itself keeps while the ledger is open. */
function filesBelow(folder: string): Record<string, string> {
  const all: Record<string, string> = {};
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    const path = join(folder, name);
    const at = lstatSync(path, { throwIfNoEntry: false });
    if (at === undefined || /usage\.db-(?:wal|shm)$/.test(name)) continue;
    const content = at.isSymbolicLink()
      ? readlinkSync(path)
      : at.isFile()
        ? createHash("sha256").update(readFileSync(path)).digest("hex")
        : "";
    all[name] = `${(at.mode & 0o7777).toString(8)} ${content}`;
  }
  return all;
}
