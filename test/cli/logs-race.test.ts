/** The log under many processes at once: writers, rotation and a reader that follows, all of them real. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, existsSync, mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { rolldown } from "rolldown";
import { expect, test } from "vitest";
import { parseLogLine } from "../../src/core/log-line.ts";
import { KEPT_LOGS, openLog } from "../../src/platform/log.ts";
import { BOBA, PROJECT, type Sandbox, sandbox } from "../helpers/sandbox.ts";

const MIB = 1024 * 1024;

function logOf(box: Sandbox): string {
  const path = join(box.bobaHome, "logs", "boba.log");
  mkdirSync(dirname(path), { recursive: true });
  return path;
}

const rowOf = (event: string, time = "2026-05-01T00:00:00.000Z") =>
  `${JSON.stringify({ time, level: "info", event, pad: "x".repeat(900) })}\n`;

function eventsOf(path: string): string[] {
  if (!existsSync(path)) return [];
  const rows = readFileSync(path, "utf8").split("\n");
  return rows.filter((row) => row !== "").map((row) => parseLogLine(row)?.event ?? `unreadable: ${row.slice(0, 40)}`);
}

/** A program that opens the log anew `opens` times and writes `lines` lines each time, `<id>-<n>` as events. */
async function writerProgram(box: Sandbox): Promise<string> {
  const file = join(box.dir, "writer.mjs");
  const entry = join(box.dir, "entry.mjs");
  writeFileSync(
    entry,
    `import { openLog } from ${JSON.stringify(join(PROJECT, "src", "platform", "log.ts"))};
     const [path, id, opens, lines] = process.argv.slice(2);
     process.stdout.write("ready");
     process.stdin.once("data", () => {
       for (let o = 0, n = 0; o < Number(opens); o++) {
         const log = openLog(path, "trace", Date.now);
         for (let l = 0; l < Number(lines); l++) log.write("info", id + "-" + n++, { pad: "y".repeat(600) });
       }
       process.stdin.destroy();
     });`,
  );
  const build = await rolldown({ input: entry, platform: "node" });
  await build.write({ file, format: "esm" });
  return file;
}

/** Starts `count` writers and lets all of them go at the same moment. */
async function write(program: string, log: string, count: number, opens: number, lines: number): Promise<void> {
  const writers = Array.from({ length: count }, (_, id): ChildProcess =>
    spawn(process.execPath, [program, log, `w${id}`, String(opens), String(lines)], { stdio: ["pipe", "pipe", "inherit"] }),
  );
  await Promise.all(writers.map((one) => once(one.stdout as NonNullable<typeof one.stdout>, "data")));
  const ends = writers.map((one) => once(one, "exit"));
  for (const one of writers) one.stdin?.write("go");
  expect(await Promise.all(ends)).toEqual(writers.map(() => [0, null]));
}

test("processes that find the log full at the same time put it aside once", async () => {
  const box = sandbox();
  const log = logOf(box);
  const program = await writerProgram(box);
  for (let round = 0; round < 2; round++) {
    writeFileSync(log, rowOf(`full-${round}`).repeat(Math.ceil((1.1 * MIB) / 950)));
    const before = eventsOf(`${log}.1`)[0];
    await write(program, log, 6, 1, 2);
    expect(eventsOf(`${log}.1`)[0]).toBe(`full-${round}`);
    expect(statSync(`${log}.1`).size).toBeGreaterThan(MIB);
    expect(eventsOf(`${log}.2`)[0]).toBe(before);
    // A line may have been on its way into the old one: it is there then.
    const written = [...eventsOf(log), ...eventsOf(`${log}.1`)].filter((event) => event.startsWith("w"));
    expect(written.toSorted()).toEqual(Array.from({ length: 12 }, (_, n) => `w${n >> 1}-${n % 2}`).toSorted());
  }
  expect(existsSync(`${log}.lock`)).toBe(false);
});

test("through many rotations no line is lost, doubled or torn, and a reader that follows sees every one", async () => {
  const box = sandbox();
  const log = logOf(box);
  const program = await writerProgram(box);
  writeFileSync(log, rowOf("old"));
  const follow = spawn(process.execPath, [BOBA, "logs", "--follow", "--format", "json"], { env: box.env });
  let shown = "";
  follow.stdout.on("data", (chunk: Buffer) => (shown += chunk.toString()));
  while (!shown.includes("old")) await once(follow.stdout, "data");
  // 4 x 10 x 110 lines of about 700 bytes: nearly 3 MiB, so two or three rotations, of the last five that are kept.
  await write(program, log, 4, 10, 110);
  const kept = [log, ...Array.from({ length: KEPT_LOGS }, (_, n) => `${log}.${n + 1}`)].flatMap(eventsOf);
  const all = ["old", ...Array.from({ length: 4400 }, (_, n) => `w${Math.floor(n / 1100)}-${n % 1100}`)].toSorted();
  expect(kept.toSorted()).toEqual(all);
  expect(existsSync(`${log}.2`)).toBe(true);
  appendFileSync(log, rowOf("end"));
  while (!shown.includes('"end"')) await once(follow.stdout, "data");
  follow.kill("SIGTERM");
  await once(follow, "exit");
  const seen = shown
    .split("\n")
    .filter((row) => row !== "")
    .map((row) => JSON.parse(row).event as string);
  expect(seen.toSorted()).toEqual([...all, "end"].toSorted());
});

test("maintenance puts an old log aside, and removes what was kept for a month, of boba's own alone", () => {
  const box = sandbox();
  const log = logOf(box);
  const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);
  writeFileSync(log, rowOf("old", daysAgo(8).toISOString()) + rowOf("new", daysAgo(0).toISOString()));
  for (const [name, age] of [
    ["boba.log.1", 3],
    ["boba.log.2", 31],
    ["boba.log.20260401", 31],
    ["boba.log.3.gz", 31],
  ] as const) {
    writeFileSync(join(dirname(log), name), rowOf(name));
    utimesSync(join(dirname(log), name), daysAgo(age), daysAgo(age));
  }
  const run = () => box.boba(["maintenance", "run", "--task", "logs"]).stdout;
  // What was .2 has become .3 when it is removed.
  expect(run()).toMatch(/put aside, 1 old ones removed\n$/);
  expect(eventsOf(`${log}.1`)).toEqual(["old", "new"]);
  expect([".2", ".3", ".20260401", ".3.gz"].map((end) => existsSync(log + end))).toEqual([true, false, true, true]);
  expect(run()).toMatch(/neither large nor old\n$/);
});

test("a line that would be too long is whole all the same", () => {
  const box = sandbox();
  const log = logOf(box);
  openLog(log, "info", () => 0).write("warn", "long", { path: "ä".repeat(9000), records: 3 });
  openLog(log, "info", () => 0).write("warn", "z".repeat(9000));
  const lines = readFileSync(log, "utf8").trim().split("\n").map(parseLogLine);
  expect(lines).toEqual([
    { atMs: 0, level: "warn", event: "long", fields: { path: "ä".repeat(200), records: 3, cut: true } },
    { atMs: 0, level: "warn", event: "z".repeat(200), fields: { cut: true } },
  ]);
});

test.each([
  ["trace", 5],
  ["debug", 4],
  ["info", 3],
  ["WARN", 2],
  ["error", 1],
  ["loud", 3],
])("BOBA_LOG_LEVEL=%s", (wanted, lines) => {
  const log = logOf(sandbox());
  const open = openLog(log, wanted, Date.now);
  for (const level of ["trace", "debug", "info", "warn", "error"] as const) open.write(level, level);
  expect(eventsOf(log)).toEqual(["trace", "debug", "info", "warn", "error"].slice(5 - lines));
});
