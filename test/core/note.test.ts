import fc from "fast-check";
import { expect, test } from "vitest";
import { parseNote, serialiseCell, serialiseNote } from "../../src/core/note.ts";
import { cell, line } from "../helpers/cells.ts";

const parse = (text: string) => parseNote(Buffer.from(text));

test("a cell is one JSON line with its keys in a fixed order", () => {
  expect(serialiseCell(cell("ab"))).toBe(
    '{"v":1,"id":"00000000000000ab","tool":"claude-code","model":"model-a","branch":"feat/x","requests":2,"input":10,"output":20,' +
      '"cache_read":30,"cache_write":40,"nano_usd":1500000000,"from":1700000000,"to":1700000060}',
  );
  expect(serialiseCell(cell("ab", { unpriced: 1 }))).toContain('"nano_usd":1500000000,"unpriced":1,"from":');
  expect(serialiseCell(cell("ab", { nanoUsd: null, unpriced: 2 }))).toContain('"nano_usd":null,"unpriced":2,"from":');
});

test("what is written reads back the same, in the order of ids, ending in a newline", () => {
  const [a, b] = [cell("a", { branch: null }), cell("b", { nanoUsd: null, unpriced: 2 })];
  const { text, leftOut } = serialiseNote([b, a]);
  expect(text.endsWith("}\n")).toBe(true);
  expect(leftOut).toBe(0);
  expect(parse(text)).toEqual({ cells: [a, b], newer: [], bad: {} });
  expect(serialiseNote([a, b]).text).toBe(text);
});

test("names that a reader would refuse are cleaned on writing", () => {
  const wild = cell("1", { branch: `x\u0007\n${"y".repeat(600)}`, model: "m\u0000\ud800" });
  const { cells, bad } = parse(serialiseNote([wild]).text);
  expect(bad).toEqual({});
  expect(cells[0]?.branch).toBe(`x\ufffd\ufffd${"y".repeat(497)}`);
  expect(cells[0]?.model).toBe("m\ufffd\ufffd");
});

test("lines of a later format are kept and counted, unknown keys and blank lines ignored", () => {
  const later = '{"v":2,"anything":[1]}';
  const read = parse(`\n${line("1", { extra: { deep: 1 } })}\n  \n${later}\n`);
  expect(read.cells).toEqual([cell("1")]);
  expect(read.newer).toEqual([later]);
  expect(serialiseNote(read.cells, read.newer).text).toBe(`${serialiseCell(cell("1"))}\n${later}\n`);
});

test.each([
  ["not-json", "hello"],
  ["not-json", '{"v":1'],
  ["not-a-cell", "null"],
  ["not-a-cell", "[1]"],
  ["not-a-cell", "7"],
  ["not-a-cell", line("1", { v: 0 })],
  ["not-a-cell", line("1", { v: "1" })],
  ["not-a-cell", line("1", { id: "XYZ" })],
  ["not-a-cell", line("1", { id: "0".repeat(17) })],
  ["bad-number", line("1", { requests: -1 })],
  ["bad-number", line("1", { input: 1.5 })],
  ["bad-number", line("1", { output: "20" })],
  ["bad-number", line("1", { cache_read: null })],
  ["bad-number", line("1", { cache_write: 1e15 + 1 })],
  ["bad-number", line("1", { nano_usd: -5 })],
  ["bad-number", line("1").replace("1500000000", "1e999")],
  ["bad-number", line("1", { nano_usd: undefined })],
  ["bad-number", line("1", { from: "now" })],
  ["bad-number", line("1", { to: -1 })],
  ["bad-number", line("1", { unpriced: 3 })],
  ["bad-text", line("1", { tool: 7 })],
  ["bad-text", line("1", { model: "a\u001b[31m" })],
  ["bad-text", line("1", { branch: "a\nb" })],
  ["bad-text", line("1", { branch: "x".repeat(501) })],
  ["bad-text", line("1", { model: "\u2028" })],
  ["line-too-long", line("1", { pad: "x".repeat(65_536) })],
])("a line is refused as %s: %s", (reason, text) => {
  const read = parse(`${text}\n${line("2")}\n`);
  expect(read.bad).toEqual({ [reason]: 1 });
  expect(read.cells).toEqual([cell("2")]);
});

test("the largest numbers that are allowed are taken", () => {
  expect(parse(line("1", { input: 1e15, nano_usd: 1e15 })).cells[0]).toMatchObject({ input: 1e15, nanoUsd: 1e15 });
});

test("an unpriced cell that does not say how much of it is unpriced is wholly so", () => {
  expect(parse(line("1", { nano_usd: null })).cells[0]).toMatchObject({ nanoUsd: null, unpriced: 2 });
});

test("a note is bounded: 1 MiB, 10,000 lines", () => {
  expect(parseNote(Buffer.alloc(10 * 1024 * 1024, "a"))).toEqual({ cells: [], newer: [], bad: { "note-too-large": 1 } });
  expect(parse("1\n".repeat(10_003)).bad).toEqual({ "not-a-cell": 10_000, "too-many-lines": 3 });
});

test("a writer stays within what a reader takes, and says what it left out", () => {
  const many = Array.from({ length: 6000 }, (_, at) => cell(at.toString(16), { requests: at }));
  const { text, leftOut } = serialiseNote(many);
  const read = parse(text);
  expect(read.bad).toEqual({});
  expect(read.cells.length + leftOut).toBe(6000);
  expect(leftOut).toBeGreaterThan(0);
  expect(Math.min(...read.cells.map(({ requests }) => requests))).toBe(leftOut);
});

test("no bytes whatever make the parser fail or give a cell that is out of bounds", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array({ maxLength: 300 }),
        fc.json().map((text) => Buffer.from(text)),
      ),
      (bytes) => {
        for (const { requests, input, nanoUsd } of parseNote(Buffer.from(bytes)).cells) {
          expect(requests >= 0 && input >= 0 && (nanoUsd === null || nanoUsd >= 0)).toBe(true);
        }
      },
    ),
  );
});
