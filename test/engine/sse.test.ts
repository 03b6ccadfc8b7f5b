/** Events out of bytes that are cut anywhere, with every kind of line end. */
import { expect, it } from "vitest";
import { SseReader } from "../../src/proxy/sse.ts";

const EVENTS = ['{"text":"wörd 🙂"}', "two\nlines", "[DONE]", ""];
const stream = (end: string) =>
  [
    ": keep-alive",
    "",
    "event: delta",
    'data: {"text":"wörd 🙂"}',
    "",
    "data:two",
    "data: lines",
    "id: 7",
    "",
    "data: [DONE]",
    "",
    "data",
    "",
    "",
  ].join(end);

function read(bytes: Buffer, sizes: (at: number) => number): string[] {
  const reader = new SseReader();
  const events: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const size = sizes(at);
    events.push(...reader.push(bytes.subarray(at, at + size)));
    at += size;
  }
  return [...events, ...reader.end()];
}

it.each(["\n", "\r\n", "\r"])("finds the same events wherever a stream with line ends %j is cut", (end) => {
  const bytes = Buffer.from(stream(end));
  for (let size = 1; size <= 9; size++) expect(read(bytes, () => size)).toEqual(EVENTS);
  for (let cut = 1; cut < bytes.length; cut++) expect(read(bytes, (at) => (at === 0 ? cut : bytes.length))).toEqual(EVENTS);
});

it("takes a last event whose empty line never came, and no field of another name for data", () => {
  expect(read(Buffer.from("\uFEFFdata: 1\n\ndatabase: 2\nretry: 3\ndata: 4"), () => 1000)).toEqual(["1", "4"]);
});

it("stops holding an event that never ends, and says so", () => {
  const reader = new SseReader();
  const megabyte = Buffer.from(`data: ${"x".repeat(1024 * 1024)}\n`);
  for (let n = 0; n < 17; n++) expect(reader.push(megabyte)).toEqual([]);
  expect(reader.overflowed).toBe(true);
  expect(reader.push(Buffer.from("\n\ndata: later\n\n"))).toEqual([]);
  expect(reader.end()).toEqual([]);
});

it("counts the empty lines of an event, too: a server may send nothing else", () => {
  const reader = new SseReader();
  // A million line ends of joined data each: 16 MiB are reached in the seventeenth.
  const lines = Buffer.from("data\n".repeat(1024 * 1024));
  for (let n = 0; n < 16; n++) reader.push(lines);
  expect(reader.overflowed).toBe(false);
  reader.push(lines);
  expect(reader.overflowed).toBe(true);
});
