/** Reads the lines of a growing file that hold a word, in bounded memory, from where the last run stopped. */
import { hash } from "node:crypto";
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import type { Position, Sink, SourceFile } from "./source.ts";

/** Small enough for the processor's cache, large enough that system calls do not count. */
const CHUNK_BYTES = 1024 * 1024;
/** No agent writes longer lines on purpose; a longer one is counted and passed over. */
export const MAX_LINE_BYTES = 32 * 1024 * 1024;
const ANCHOR_BYTES = 1024;
const NEWLINE = 10;

/** Called for each line that holds the word; `bytes` is valid only during the call. Returns why the line is bad, or null. */
export type LineReader = (bytes: Buffer, start: number, end: number) => string | null;

/** Kept between files, so that reading a thousand files does not allocate a thousand buffers. */
let spare: Buffer | null = null;

/**
 * Hands `read` every line after `from` that contains `word` (a cheap byte search, so `read` must still decide), and yields the position
 * after each chunk. A last line without its newline is tried too, for agents that end without one, but neither counted as bad nor passed:
 * the next run reads it again.
 */
export function* readLines(file: SourceFile, from: Position | null, word: string, read: LineReader, sink: Sink): Generator<Position> {
  const fd = openSync(file.path, "r");
  let buffer = spare ?? Buffer.allocUnsafeSlow(CHUNK_BYTES);
  spare = null;
  try {
    const resumes = from !== null && from.offset > 0 && fstatSync(fd).size >= from.offset && anchorAt(fd, from.offset) === from.anchor;
    let base = resumes ? from.offset : 0;
    if (!resumes) sink.restart();
    const lines = lineCounter(fd);
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
        visit(buffer, start, end, word, (at, till) => {
          const reason = read(buffer, at, till);
          if (reason !== null) sink.skip(lines.at(base + at), reason);
        });
      }
      const done = Math.max(end, start);
      buffer.copyWithin(0, done, held);
      base += done;
      held -= done;
      if (held >= MAX_LINE_BYTES) {
        sink.skip(lines.at(base), `line longer than ${MAX_LINE_BYTES / 1024 / 1024} MiB`);
        yield { offset: base, anchor: anchorAt(fd, base) };
        tooLong = true;
        base += held;
        held = 0;
      } else if (done > 0) yield { offset: base, anchor: anchorAt(fd, base) };
    }
    if (held > 0 && !tooLong) visit(buffer, 0, held, word, (at, till) => void read(buffer, at, till));
    if (base === 0) yield { offset: 0, anchor: "" };
  } finally {
    closeSync(fd);
    if (buffer.length === CHUNK_BYTES) spare = buffer;
  }
}

function visit(buffer: Buffer, start: number, end: number, word: string, each: (start: number, end: number) => void): void {
  const view = buffer.subarray(0, end);
  for (let at = start; at < end;) {
    const hit = view.indexOf(word, at, "latin1");
    if (hit < 0) return;
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

/** Recognises the file: a digest of its first bytes and of those just before `offset`. */
function anchorAt(fd: number, offset: number): string {
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
