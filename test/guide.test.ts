/**
 * What operators of the system before do every day, from `test/fixtures/guide.md`: the commands as they type them, against a home with real
 * records. What needs a program that this machine lacks is left out, and nothing else is.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Entry, type GuideHome, guideHome, readGuide } from "./helpers/guide.ts";
import { PROJECT } from "./helpers/sandbox.ts";
import { removeFolder } from "./helpers/remove.ts";

/** Programs that a machine may lack: an entry says which of them it calls. */
const OPTIONAL = ["bc", "git", "gpg", "gzip", "jq", "logrotate", "lsof", "sqlite3"];

const entries = readGuide(join(PROJECT, "test", "fixtures", "guide.md"));
const has = (program: string): boolean => spawnSync("sh", ["-c", `command -v ${program}`]).status === 0;
const present = new Set(["bash", ...OPTIONAL].filter(has));
const canRun = ({ never, needs }: Entry): boolean => never === null && ["bash", ...needs].every((program) => present.has(program));
const runnable = entries.filter(canRun);

let dir: string;
let home: GuideHome;
beforeAll(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), "boba-test-")));
  home = guideHome(dir);
});
afterAll(() => removeFolder(dir));

test.each(runnable.map((entry) => [entry.title, entry] as const))("%s", async (_, { steps }) => {
  await home.fresh();
  for (const { text, status, stdout, stderr } of steps) {
    const done = home.run(text);
    const step = `${text}\n${done.stdout}\n${done.stderr}`;
    expect(whole(done.stderr), step).toMatch(home.pattern(stderr));
    expect(whole(done.stdout), step).toMatch(home.pattern(stdout));
    expect(done.status, step).toBe(status);
  }
});

test("what is left out is what calls a program that this machine lacks, and what no test can run", () => {
  const calls = (text: string, program: string) => new RegExp(`(^|[\\s;|&("])${program}\\s`, "m").test(text);
  const left = entries.filter((entry) => {
    const text = entry.steps.map((step) => step.text).join("");
    return entry.never !== null || OPTIONAL.some((program) => calls(text, program) && !has(program));
  });
  expect(entries.filter((entry) => !runnable.includes(entry)).map(({ title }) => title)).toEqual(
    (has("bash") ? left : entries).map(({ title }) => title),
  );
  for (const { title, needs, never, steps } of entries) {
    const called = OPTIONAL.filter((program) => steps.some(({ text }) => calls(text, program)));
    if (never === null) expect([title, ...needs.toSorted()]).toEqual([title, ...called]);
  }
});

test("what runs touches nothing outside its home; what never runs is shell text with a reason", () => {
  expect(entries.length).toBe(new Set(entries.map(({ title }) => title)).size);
  for (const { title, never, steps } of entries) {
    const text = steps.map((step) => step.text).join("");
    expect(text, title).not.toBe("");
    const outside = /\bsudo |\bcrontab |\bpkill |\bsystemctl |(?<![\w.$}>])\/(usr|var|etc|tmp|opt|root)\//;
    if (never === null) expect(text, title).not.toMatch(outside);
    else if (has("bash")) expect(spawnSync("bash", ["-n"], { input: text, encoding: "utf8" })).toMatchObject({ status: 0, stderr: "" });
  }
});

const whole = (text: string): string => (text === "" || text.endsWith("\n") ? text : `${text}\n`);
