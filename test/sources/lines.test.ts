import { appendFileSync, closeSync, openSync, truncateSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { claudeLine } from "../helpers/agent.ts";
import { sandbox } from "../helpers/sandbox.ts";
import { readLines } from "../../src/sources/lines.ts";
import type { Position } from "../../src/sources/source.ts";
import { asSourceFile, readClaude } from "./read.ts";

const line = (id: string, output = 5) => claudeLine({ cwd: "/w", id, output });
const keys = (result: ReturnType<typeof readClaude>) => result.records.map(({ key }) => key);
const log = () => join(sandbox().dir, "log.jsonl");

test("a second reading takes only what was appended", () => {
  const file = log();
  writeFileSync(file, `${line("a")}\n${line("b")}\n`);
  const first = readClaude(file);
  expect(keys(first)).toEqual(["a", "b"]);
  appendFileSync(file, `${line("c")}\n`);
  const second = readClaude(file, first.position);
  expect(keys(second)).toEqual(["c"]);
  expect(second.restarts).toBe(0);
});

test("a half-written last line waits for its rest", () => {
  const file = log();
  const last = line("late");
  writeFileSync(file, `${line("a")}\n${last.slice(0, -30)}`);
  const first = readClaude(file);
  expect(keys(first)).toEqual(["a"]);
  expect(first.skipped).toEqual([]);
  appendFileSync(file, `${last.slice(-30)}\n`);
  expect(keys(readClaude(file, first.position))).toEqual(["late"]);
});

test("a whole last line without its newline counts already", () => {
  const file = log();
  writeFileSync(file, `${line("a")}\n${line("b")}`);
  expect(keys(readClaude(file))).toEqual(["a", "b"]);
});

test.each([
  ["truncated", (file: string) => truncateSync(file, 10)],
  ["rewritten with more", (file: string) => writeFileSync(file, `${line("x")}\n${line("y")}\n${line("z")}\n`)],
  ["emptied", (file: string) => writeFileSync(file, "")],
])("a file that was %s is read from its start", (_, change) => {
  const file = log();
  writeFileSync(file, `${line("a")}\n${line("b")}\n`);
  const first = readClaude(file);
  change(file);
  const again = readClaude(file, first.position);
  expect(again.restarts).toBe(1);
  expect(keys(again)).not.toContain("a");
});

test("CRLF, empty lines, an empty file", () => {
  const file = log();
  writeFileSync(file, `\r\n${line("a")}\r\n\r\n${line("b")}\r\n`);
  expect(keys(readClaude(file))).toEqual(["a", "b"]);
  writeFileSync(file, "");
  expect(readClaude(file)).toMatchObject({ records: [], skipped: [] });
});

test("lines around the size of the reading buffer come out whole", () => {
  const file = log();
  const padded = (id: string, bytes: number) => {
    const made = JSON.parse(line(id));
    made.padding = "";
    made.padding = "x".repeat(bytes - JSON.stringify(made).length);
    return JSON.stringify(made);
  };
  const mebibyte = 1024 * 1024;
  const sizes = [mebibyte - 2, mebibyte - 1, mebibyte, mebibyte + 1, 3 * mebibyte, 700, 2 * mebibyte + 17];
  writeFileSync(file, sizes.map((size, n) => `${padded(`m${n}`, size)}\n`).join(""));
  expect(keys(readClaude(file))).toEqual(sizes.map((_, n) => `m${n}`));
});

test("a line of 100 MB is passed over and counted, the next one is read", () => {
  const file = log();
  const fd = openSync(file, "w");
  writeSync(fd, `${line("before")}\n`);
  for (let n = 0; n < 100; n++) writeSync(fd, Buffer.alloc(1_000_000, "x"));
  writeSync(fd, `\n${line("after")}\n`);
  closeSync(fd);
  const result = readClaude(file);
  expect(keys(result)).toEqual(["before", "after"]);
  expect(result.skipped).toEqual([[2, "line longer than 32 MiB"]]);
});

test("bad lines have their number also after a resumed reading", () => {
  const file = log();
  writeFileSync(file, `${line("a")}\n\n${line("b")}\n`);
  const first = readClaude(file);
  appendFileSync(file, `{"input_tokens":}\n${line("c")}\n`);
  expect(readClaude(file, first.position).skipped).toEqual([[4, "not JSON"]]);
});

/** Reads lines of digits, remembering their sum; lines that hold `no` or nothing are not asked for. */
function readSum(file: string, from: Position | null, words: string | string[] = ["1", "22"]) {
  const seen: string[] = [];
  const calls: string[] = [];
  let sum = 0;
  const state = {
    restore: (saved: string) => void (calls.push(`restore ${saved}`), (sum = Number(saved))),
    save: () => String(sum),
  };
  const read = (bytes: Buffer, start: number, end: number) => {
    const text = bytes.toString("latin1", start, end);
    seen.push(text);
    sum += Number(text);
    return null;
  };
  const sink = { record: () => {}, total: () => {}, skip: () => {}, restart: () => void calls.push("restart") };
  let position: Position | null = null;
  for (position of readLines(asSourceFile(file), from, words, read, sink, state));
  return { seen, calls, sum, position };
}

test("several words find each line that holds one of them once, in order", () => {
  const file = log();
  writeFileSync(file, "22\n1\n3\n122221\n2\n22122\n5\n");
  expect(readSum(file, null).seen).toEqual(["22", "1", "122221", "22122"]);
  expect(readSum(file, null, "5").seen).toEqual(["5"]);
});

test("what a reader remembers comes back where reading is carried on, and only there", () => {
  const file = log();
  writeFileSync(file, "1\n10\n100");
  const first = readSum(file, null);
  expect([first.calls, first.sum]).toEqual([["restart"], 111]);
  // The last line was read without its newline: its next reading must not find it counted.
  expect(first.position?.anchor).toMatch(/^[0-9a-f]{40}\n11$/);
  appendFileSync(file, "\n1000\n");
  const second = readSum(file, first.position);
  expect([second.calls, second.seen, second.sum]).toEqual([["restore 11"], ["100", "1000"], 1111]);
  writeFileSync(file, "12\n13\n14\n15\n16\n");
  expect(readSum(file, second.position).calls).toEqual(["restart"]);
});

test("an anchor from before a reader remembered anything is not carried on from", () => {
  const file = log();
  writeFileSync(file, "1\n2\n");
  const { position } = readSum(file, null);
  const [digest] = (position as Position).anchor.split("\n") as [string];
  expect(readSum(file, { offset: 4, anchor: digest }).calls).toEqual(["restart"]);
  expect(readSum(file, { offset: 4, anchor: `${digest}\n` }).calls).toEqual(["restore "]);
});

test("random bytes yield no record and end", () => {
  const file = log();
  let state = 42;
  const noise = Buffer.from(
    Array.from({ length: 300_000 }, () => (state = (state * 1_103_515_245 + 12_345) & 0x7fffffff) >>> 16).map((n) => n & 255),
  );
  writeFileSync(file, Buffer.concat([noise, Buffer.from('"input_tokens"'), noise]));
  expect(readClaude(file).records).toEqual([]);
});
