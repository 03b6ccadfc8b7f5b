import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openLog, rotateLog } from "../../src/platform/log.ts";
import { BOBA, type Sandbox, sandbox } from "../helpers/sandbox.ts";

const line = (at: string, level: string, event: string, more: object = {}) => `${JSON.stringify({ time: at, level, event, ...more })}\n`;

function logOf(box: Sandbox): string {
  mkdirSync(join(box.bobaHome, "logs"), { recursive: true });
  return join(box.bobaHome, "logs", "boba.log");
}

test("shows the newest lines, oldest first, by level and time, also from a log that was put aside", () => {
  const box = sandbox();
  const log = logOf(box);
  writeFileSync(`${log}.1`, line("2026-05-01T10:00:00.000Z", "info", "first", { records: 3 }));
  writeFileSync(
    log,
    `not a line\n${line("2026-05-01T11:00:00.000Z", "warn", "second\u001b[31m")}${line("2026-05-02T11:00:00.000Z", "error", "third")}{"cut`,
  );
  const show = (...args: string[]) => box.boba(["logs", ...args], { env: { TZ: "UTC" } }).stdout;
  expect(show()).toBe(
    "2026-05-01 10:00:00.000  info   first  records=3\n2026-05-01 11:00:00.000  warn   second\\u001b[31m\n2026-05-02 11:00:00.000  error  third\n",
  );
  expect(show("--level", "warn")).not.toContain("\u001b");
  expect(show("--level", "error", "--format", "json")).toBe(line("2026-05-02T11:00:00.000Z", "error", "third"));
  expect(show("--since", "2026-05-02")).toContain("third");
  expect(show("--since", "2026-05-02")).not.toContain("second");
  expect(show("-n", "1").trim().split("\n")).toHaveLength(1);
  expect(box.boba(["logs", "--level", "loud"], { expect: 2 }).stderr).toContain("BOBA-USE-2");
});

test("follows what is written, through a rotation by someone else", async () => {
  const box = sandbox();
  const log = logOf(box);
  writeFileSync(log, line("2026-05-01T10:00:00.000Z", "info", "old"));
  const child = spawn(process.execPath, [BOBA, "logs", "--follow", "--format", "json"], { env: box.env });
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
  const until = async (word: string) => {
    while (!text.includes(word)) await once(child.stdout, "data");
  };
  await until("old");
  // The first look has been taken when something that is written now is seen.
  const early = setInterval(() => appendFileSync(log, line("2026-05-01T10:00:01.000Z", "info", "early")), 100);
  await until("early");
  clearInterval(early);
  renameSync(log, `${log}.20260501`);
  appendFileSync(log, line("2026-05-01T10:00:02.000Z", "info", "after"));
  await until("after");
  child.kill("SIGINT");
  expect(await once(child, "exit")).toEqual([0, null]);
});

test("a full log is put aside by whoever opens it next, one process at a time, and the last five are kept", () => {
  const box = sandbox();
  const log = logOf(box);
  for (let n = 1; n <= 7; n++) {
    writeFileSync(log, `${n}${"x".repeat(1024 * 1024)}`);
    openLog(log, undefined, Date.now).write("info", "hello");
    expect(statSync(log).size).toBeLessThan(200);
  }
  expect([1, 2, 3, 4, 5].map((n) => readFileSync(`${log}.${n}`, "utf8").charAt(0))).toEqual(["7", "6", "5", "4", "3"]);
  expect(existsSync(`${log}.6`)).toBe(false);
  writeFileSync(`${log}.lock`, "");
  expect(rotateLog(log, Date.now())).toBe(false);
  // A lock that its process left behind does not hold for ever.
  expect(rotateLog(log, Date.now() + 61_000)).toBe(true);
});

test.each([
  ["Asia/Kolkata", "+05:30"],
  ["America/St_Johns", "-0[23]:30"],
  ["UTC", "+00:00"],
])("times in the log are those of the local clock, with the offset, and are read back as the same instants: %s", (TZ, offset) => {
  const box = sandbox();
  const beforeMs = Date.now();
  box.boba(["drain"], { env: { TZ } });
  const [first = ""] = readFileSync(join(box.bobaHome, "logs", "boba.log"), "utf8").split("\n");
  const { time } = JSON.parse(first);
  expect(time).toMatch(new RegExp(`^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}${offset.replace("+", "\\+")}$`));
  expect(Date.parse(time)).toBeGreaterThanOrEqual(beforeMs);
  expect(Date.parse(time)).toBeLessThanOrEqual(Date.now());
  expect(JSON.parse(box.boba(["logs", "--format", "json"], { env: { TZ: "UTC" } }).stdout.split("\n")[0] ?? "")).toMatchObject({
    time: new Date(time).toISOString(),
  });
});
