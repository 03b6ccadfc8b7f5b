/** Walks an object for what the plan wants of it. What is not wanted must be JSON all the same. */
import {
  CODED,
  COUNT,
  ENTRY_BYTES,
  FLAG,
  FOUND,
  LIST,
  MAX_ROWS,
  OBJECT,
  OTHER,
  ROW_BYTES,
  ROW_COUNT,
  ROWS,
  TEXT,
  TIME,
  WORD,
} from "./layout";
import { countEnd, counted, timeEnd, timeMs } from "./number";
import { CLOSE_OBJECT, colonEnd, isNull, isTrue, more, next, OPEN_OBJECT, valueEnd } from "./skip";
import { blanks, coded, QUOTE, same, textEnd } from "./text";

const OPEN_LIST: u8 = 0x5b;
const CLOSE_LIST: u8 = 0x5d;

/** Behind the object whose brace is at `at`; 0 where only a parser can tell what it holds. `row` is added to the slots of its node. */
export function objectEnd(at: usize, node: usize, row: usize): usize {
  at = blanks(at + 1);
  if (load<u8>(at) == CLOSE_OBJECT) return at + 1;
  while (true) {
    if (load<u8>(at) != QUOTE) return 0;
    const name = at + 1;
    at = textEnd(name);
    // A name with escapes may be one that is wanted.
    if (at == 0 || coded) return 0;
    const entry = entryOf(node, name, at - 1 - name);
    at = colonEnd(at);
    if (at == 0) return 0;
    at = entry == 0 ? valueEnd(at) : wantedEnd(at, entry, row);
    if (at == 0) return 0;
    at = next(at, CLOSE_OBJECT);
    if (at == 0 || !more) return at;
  }
}

/** The entry of a name, or 0. */
function entryOf(node: usize, name: usize, length: usize): usize {
  const end = node + 8 + <usize>load<u32>(node) * ENTRY_BYTES;
  for (let entry = node + 8; entry < end; entry += ENTRY_BYTES) {
    if (<usize>load<u32>(entry, 4) == length && same(load<u32>(entry), name, length)) return entry;
  }
  return 0;
}

/** Behind a value that is wanted, or 0; its slot is filled. */
function wantedEnd(at: usize, entry: usize, row: usize): usize {
  const kind = load<i32>(entry, 8);
  const slot = <usize>load<u32>(entry, 12) + row;
  const first: usize = load<u32>(entry, 16);
  // The same name twice, or two places for the same value: which one counts is not ours to say.
  if (load<i32>(slot) != 0) return 0;
  store<i32>(slot, OTHER);
  const byte = load<u8>(at);
  if (byte == QUOTE) {
    if (kind == TEXT) return wantedTextEnd(at + 1, slot, first, load<u32>(entry, 20));
    if (kind == WORD) return wordEnd(at + 1, slot, first);
    if (kind == TIME) {
      const end = timeEnd(at + 1);
      store<i32>(slot, FOUND);
      store<f64>(slot, timeMs, 8);
      return end;
    }
    if (kind == COUNT) return 0;
  } else if (byte == OPEN_OBJECT) {
    if (kind == OBJECT) {
      store<i32>(slot, FOUND);
      return objectEnd(at, first, row);
    }
    if (kind == COUNT) return 0;
  } else if (kind == COUNT) {
    if (isNull(at)) return at + 4;
    const end = countEnd(at);
    store<f64>(slot, counted, 8);
    return end;
  } else if (kind == FLAG) {
    if (isTrue(at)) store<i32>(slot, FOUND);
  } else if (kind == LIST && byte == OPEN_LIST) return listEnd(at, first);
  return valueEnd(at);
}

/** Behind a text; its slot tells where it is, and by its version whether it is what it was the last time. */
function wantedTextEnd(at: usize, slot: usize, last: usize, max: usize): usize {
  const end = textEnd(at);
  if (end == 0) return 0;
  const length = end - 1 - at;
  if (length > max) return 0;
  if (length == 0) return end;
  store<i32>(slot, coded ? CODED : FOUND);
  store<u32>(slot, <u32>at, 8);
  store<u32>(slot, <u32>length, 12);
  if (last != 0) {
    if (<usize>load<u32>(last, 4) != length || !same(last + 16, at, length)) {
      memory.copy(last + 16, at, length);
      store<u32>(last, load<u32>(last) + 1);
      store<u32>(last, <u32>length, 4);
    }
    store<u32>(slot, load<u32>(last), 4);
  }
  return end;
}

function wordEnd(at: usize, slot: usize, words: usize): usize {
  const end = textEnd(at);
  if (end == 0 || coded) return 0;
  const count: i32 = load<i32>(words);
  for (let nth = 0; nth < count; nth++) {
    const word = words + 8 + ((<usize>nth) << 3);
    if (<usize>load<u32>(word, 4) == end - 1 - at && same(load<u32>(word), at, end - 1 - at)) store<i32>(slot, FOUND + nth);
  }
  return end;
}

/** Behind a list; each object in it fills a row. */
function listEnd(at: usize, node: usize): usize {
  at = blanks(at + 1);
  if (load<u8>(at) == CLOSE_LIST) return at + 1;
  while (true) {
    if (load<u8>(at) == OPEN_OBJECT) {
      const nth = load<i32>(ROW_COUNT);
      if (nth == MAX_ROWS) return 0;
      const row = ROWS + <usize>nth * ROW_BYTES;
      memory.fill(row, 0, ROW_BYTES);
      store<i32>(ROW_COUNT, nth + 1);
      at = objectEnd(at, node, row);
    } else at = valueEnd(at);
    if (at == 0) return 0;
    at = next(at, CLOSE_LIST);
    if (at == 0 || !more) return at;
  }
}
