/** Reads the lines of a growing file that hold a word, in bounded memory, from where the last run stopped. */
import { hash } from "node:crypto";
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import type { Position, Sink, SourceFile } from "./source.ts";

/** Small enough for the processor's cache, large enough that system calls do not count. */
export const CHUNK_BYTES = 1024 * 1024;
/** No agent writes longer lines on purpose; a longer one is counted and passed over. */
export const MAX_LINE_BYTES = 32 * 1024 * 1024;
const ANCHOR_BYTES = 1024;
const NEWLINE = 10;

/** Called for each line that holds the word; `bytes` is valid only during the call. Returns why the line is bad, or null. */
export type LineReader = (bytes: Buffer, start: number, end: number) => string | null;

/**
 * What the reader of a log must remember from one run to the next (the current model, the last value of a counter). It is kept in the anchor,
 * which holds 64 KiB. `restore` is called before the first line where an earlier run's reading is carried on, and only there; `save` after
 * the lines of each step. What a last line without its newline changed is not saved.
 */
export interface LineState {
  restore(saved: string): void;
  save(): string;
}

/** Another way to look through a chunk. */
export interface ChunkScan {
  /** What the file is read into: of `CHUNK_BYTES`. */
  readonly bytes: Buffer;
  /** Calls `parse` for the lines in `bytes[start, end)` that must go to the `LineReader`. The byte at `end` may be overwritten. */
  visit(start: number, end: number, parse: (start: number, end: number) => void): void;
}

/** Kept between files, so that reading a thousand files does not allocate a thousand buffers. */
let spare: Buffer | null = null;

/**
 * Hands `read` every line after `from` that contains `word` or one of several (a cheap byte search, so `read` must still decide), and yields
 * the position after each chunk. A last line without its newline is tried too, for agents that end without one, but neither counted as bad nor passed:
 * the next run reads it again. With `scan`, `read` gets only the lines that it leaves.
 */
export function* readLines(
  file: SourceFile,
  from: Position | null,
  word: string | readonly string[],
  read: LineReader,
  sink: Sink,
  state?: LineState,
  scan: ChunkScan | null = null,
): Generator<Position> {
  const words = typeof word === "string" ? [word] : word;
  const fd = openSync(file.path, "r");
  let buffer = scan?.bytes ?? spare ?? Buffer.allocUnsafeSlow(CHUNK_BYTES);
  if (buffer === spare) spare = null;
  try {
    const saved = resumable(fd, from, state !== undefined);
    let base = saved === null ? 0 : (from?.offset ?? 0);
    if (saved === null) sink.restart();
    else state?.restore(saved);
    const position = (offset: number): Position => ({
      offset,
      anchor: state ? `${digestAt(fd, offset)}\n${state.save()}` : digestAt(fd, offset),
    });
    const lines = lineCounter(fd);
    const wanted = words.map((one) => Buffer.from(one, "latin1"));
    const look = (start: number, end: number, each: (start: number, end: number) => void) => {
      // Something larger than a chunk is read elsewhere.
      if (scan?.bytes === buffer) scan.visit(start, end, each);
      else visit(buffer, start, end, wanted, each);
    };
    let held = 0;
    let tooLong = false;
    for (;;) {
      if (held === buffer.length) buffer = grow(buffer, held);
      const got = readSync(fd, buffer, held, buffer.length - held, base + held);
      if (got === 0) break;
      const scanned = held;
      held += got;
      let start = 0;
      if (tooLong) {
        start = buffer.subarray(0, held).indexOf(NEWLINE) + 1;
        tooLong = start === 0;
        if (tooLong) {
          base += held;
          held = 0;
          continue;
        }
      }
      const end = lastNewline(buffer, scanned, held) + 1;
      if (end > start) {
        look(start, end, (at, till) => {
          const reason = read(buffer, at, till);
          if (reason !== null) sink.skip(lines.at(base + at), reason);
        });
      }
      const done = Math.max(end, start);
      buffer.copyWithin(0, done, held);
      base += done;
      held -= done;
      if (scan !== null && buffer !== scan.bytes && held < CHUNK_BYTES / 2) {
        buffer.copy(scan.bytes, 0, 0, held);
        buffer = scan.bytes;
      }
      if (held >= MAX_LINE_BYTES) {
        sink.skip(lines.at(base), `line longer than ${MAX_LINE_BYTES / 1024 / 1024} MiB`);
        yield position(base);
        tooLong = true;
        base += held;
        held = 0;
      } else if (done > 0) yield position(base);
    }
    if (held > 0 && !tooLong) look(0, held, (at, till) => void read(buffer, at, till));
    if (base === 0) yield { offset: 0, anchor: "" };
  } finally {
    closeSync(fd);
    if (buffer.length === CHUNK_BYTES && buffer !== scan?.bytes) spare = buffer;
  }
}

function visit(buffer: Buffer, start: number, end: number, words: readonly Buffer[], each: (start: number, end: number) => void): void {
  const view = buffer.subarray(0, end);
  // Where each word comes next, so that the bytes are searched once for each.
  const next = words.map(() => -1);
  for (let at = start; at < end;) {
    let hit = end;
    for (let nth = 0; nth < words.length; nth++) {
      if ((next[nth] as number) < at) {
        const found = view.indexOf(words[nth] as Buffer, at);
        next[nth] = found < 0 ? end : found;
      }
      hit = Math.min(hit, next[nth] as number);
    }
    if (hit === end) return;
    const lineStart = Math.max(view.lastIndexOf(NEWLINE, hit) + 1, start);
    const newline = view.indexOf(NEWLINE, hit);
    const lineEnd = newline < 0 ? end : newline;
    each(lineStart, lineEnd);
    at = lineEnd + 1;
  }
}

/** Looks only at the bytes that were not looked at before, so that a long line costs no more than its length. */
function lastNewline(buffer: Buffer, from: number, to: number): number {
  const at = buffer.subarray(from, to).lastIndexOf(NEWLINE);
  return at < 0 ? -1 : from + at;
}

function grow(buffer: Buffer, held: number): Buffer {
  const larger = Buffer.allocUnsafeSlow(Math.min(buffer.length * 2, MAX_LINE_BYTES + CHUNK_BYTES));
  buffer.copy(larger, 0, 0, held);
  return larger;
}

/** What was saved where the file is still the one that was read up to `from`, or null; an anchor without its state is of no use. */
function resumable(fd: number, from: Position | null, withState: boolean): string | null {
  if (from === null || from.offset === 0 || fstatSync(fd).size < from.offset) return null;
  const [digest, saved] = withState ? splitOnce(from.anchor) : [from.anchor, ""];
  return saved !== null && digest === digestAt(fd, from.offset) ? saved : null;
}

function splitOnce(anchor: string): [digest: string, saved: string | null] {
  const at = anchor.indexOf("\n");
  return at < 0 ? [anchor, null] : [anchor.slice(0, at), anchor.slice(at + 1)];
}

/** Recognises the file: a digest of its first bytes and of those just before `offset`. */
function digestAt(fd: number, offset: number): string {
  if (offset === 0) return "";
  const size = Math.min(offset, ANCHOR_BYTES);
  const bytes = Buffer.alloc(size * 2);
  readSync(fd, bytes, 0, size, 0);
  readSync(fd, bytes, size, size, offset - size);
  return hash("sha1", bytes, "hex");
}

/** Line numbers are wanted only for bad lines: counted when asked, going on from the last answer. */
function lineCounter(fd: number): { at(offset: number): number } {
  let known = 0;
  let line = 1;
  return {
    at(offset) {
      const bytes = Buffer.allocUnsafe(64 * 1024);
      while (known < offset) {
        const got = readSync(fd, bytes, 0, Math.min(bytes.length, offset - known), known);
        if (got === 0) break;
        for (let at = bytes.indexOf(NEWLINE); at >= 0 && at < got; at = bytes.indexOf(NEWLINE, at + 1)) line++;
        known += got;
      }
      return line;
    },
  };
}
