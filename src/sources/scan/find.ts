/** Finds the lines that hold a word, and what the plan wants of each. */
import { LINE, MAX_SLOTS, ROW_COUNT, SLOT_BYTES, SLOTS } from "./layout";
import { OPEN_OBJECT } from "./skip";
import { blanks, same } from "./text";
import { objectEnd } from "./walk";

export * from "./layout";

const NEWLINE: u8 = 0x0a;

/** There is no further line with the word. */
const NONE: i32 = 0;
/** The line is JSON, and its slots hold what it holds. */
const READ: i32 = 1;
/** The line may be anything: it must be parsed. */
const UNSURE: i32 = 2;

/**
 * Looks from `at`, the start of a line, to `end`, the byte before which is a line's end or which is made to be one. `word` has `length`
 * bytes, at least two, and no line's end. Says which of the three it is, and where the line is.
 */
export function findLine(at: usize, end: usize, word: usize, length: usize, root: usize): i32 {
  const newline = i8x16.splat(NEWLINE);
  const head = i8x16.splat(load<u8>(word));
  const tail = i8x16.splat(load<u8>(word + length - 1));
  let start = at;
  for (; at < end; at += 16) {
    const block = v128.load(at);
    const ends = i8x16.bitmask(i8x16.eq(block, newline));
    let hits = i8x16.bitmask(v128.and(i8x16.eq(block, head), i8x16.eq(v128.load(at + length - 1), tail)));
    for (; hits != 0; hits &= hits - 1) {
      const hit = at + ctz(hits);
      if (hit + length > end) return NONE;
      if (!same(word, hit, length)) continue;
      const before = ends & ((1 << ctz(hits)) - 1);
      if (before != 0) start = at + (31 - clz(before)) + 1;
      return readLine(start, hit, end, root);
    }
    if (ends != 0) start = at + (31 - clz(ends)) + 1;
  }
  return NONE;
}

function readLine(start: usize, hit: usize, end: usize, root: usize): i32 {
  memory.fill(SLOTS, 0, MAX_SLOTS * SLOT_BYTES);
  store<i32>(ROW_COUNT, 0);
  let at = blanks(start);
  at = load<u8>(at) == OPEN_OBJECT ? objectEnd(at, root, 0) : 0;
  if (at != 0) at = blanks(at);
  const isRead = at != 0 && load<u8>(at) == NEWLINE;
  store<u32>(LINE, <u32>start);
  store<u32>(LINE, <u32>(isRead ? at : lineEnd(hit, end)), 4);
  return isRead ? READ : UNSURE;
}

/** The line's end after `at`. */
function lineEnd(at: usize, end: usize): usize {
  const newline = i8x16.splat(NEWLINE);
  for (; at < end; at += 16) {
    const ends = i8x16.bitmask(i8x16.eq(v128.load(at), newline));
    if (ends != 0) return min(at + ctz(ends), end);
  }
  return end;
}
