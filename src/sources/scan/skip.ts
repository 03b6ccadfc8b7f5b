/** Passes over a value, which must be as JSON wants it. */
import { numberEnd } from "./number";
import { blanks, QUOTE, stringEnd } from "./text";

const COMMA: u8 = 0x2c;
const COLON: u8 = 0x3a;
const OPEN_LIST: u8 = 0x5b;
const CLOSE_LIST: u8 = 0x5d;
export const OPEN_OBJECT: u8 = 0x7b;
export const CLOSE_OBJECT: u8 = 0x7d;

/** One bit of a number for each: deeper is left to others. */
const MAX_DEPTH: i32 = 64;

/** Behind the value at `at`; 0 where JSON allows none, or it is nested too deeply. */
export function valueEnd(at: usize): usize {
  let depth: i32 = 0;
  /** The innermost is the lowest bit: 1 is an object, 0 a list. */
  let nest: u64 = 0;
  while (true) {
    const byte = load<u8>(at);
    if (byte == QUOTE) at = stringEnd(at + 1);
    else if (byte == OPEN_OBJECT || byte == OPEN_LIST) {
      const isObject = byte == OPEN_OBJECT;
      at = blanks(at + 1);
      // In ASCII, both closing brackets are two after their opening ones.
      if (load<u8>(at) == byte + 2) at++;
      else {
        if (depth++ == MAX_DEPTH) return 0;
        nest = (nest << 1) | (isObject ? 1 : 0);
        if (isObject) at = nameEnd(at);
        if (at == 0) return 0;
        continue;
      }
    } else at = scalarEnd(at);
    if (at == 0) return 0;
    while (true) {
      if (depth == 0) return at;
      at = blanks(at);
      const isObject = (nest & 1) == 1;
      const after = load<u8>(at);
      if (after == COMMA) {
        at = blanks(at + 1);
        if (isObject) at = nameEnd(at);
        if (at == 0) return 0;
        break;
      }
      if (after != (isObject ? CLOSE_OBJECT : CLOSE_LIST)) return 0;
      at++;
      nest >>= 1;
      depth--;
    }
  }
}

/** From the quote before a name to the value after its colon, or 0. */
function nameEnd(at: usize): usize {
  if (load<u8>(at) != QUOTE) return 0;
  at = stringEnd(at + 1);
  return at == 0 ? 0 : colonEnd(at);
}

/** From behind a name to the value after its colon, or 0. */
export function colonEnd(at: usize): usize {
  at = blanks(at);
  return load<u8>(at) == COLON ? blanks(at + 1) : 0;
}

const TRUE: u32 = 0x65757274;
const NULL: u32 = 0x6c6c756e;
/** Without its first letter. */
const ALSE: u32 = 0x65736c61;

export function isTrue(at: usize): bool {
  return load<u32>(at) == TRUE;
}

export function isNull(at: usize): bool {
  return load<u32>(at) == NULL;
}

function scalarEnd(at: usize): usize {
  if (isTrue(at) || isNull(at)) return at + 4;
  return load<u8>(at) == 0x66 && load<u32>(at, 1) == ALSE ? at + 5 : numberEnd(at);
}

/**
 * After a value in an object or a list, which ends with `close`: the next name or value, or behind the end; 0 where there is neither.
 * `more` says which.
 */
export function next(at: usize, close: u8): usize {
  at = blanks(at);
  const byte = load<u8>(at);
  more = byte == COMMA;
  return more ? blanks(at + 1) : byte == close ? at + 1 : 0;
}

export let more: bool = false;
