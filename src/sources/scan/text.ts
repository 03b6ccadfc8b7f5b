/** Strings and blanks. Everything here stops at a line's end, which no string and no blank between two values contains. */
export const QUOTE: u8 = 0x22;
const BACKSLASH: u8 = 0x5c;

/** The first byte from `at` on that is no blank. A line's end is none. */
export function blanks(at: usize): usize {
  let byte = load<u8>(at);
  while (byte == 0x20 || byte == 0x09 || byte == 0x0d) byte = load<u8>(++at);
  return at;
}

/** Behind the closing quote of the string whose first byte is at `at`; 0 where JSON allows no such string. */
export function stringEnd(at: usize): usize {
  const quote = i8x16.splat(QUOTE);
  const backslash = i8x16.splat(BACKSLASH);
  const control = i8x16.splat(0x1f);
  while (true) {
    const block = v128.load(at);
    const hits = i8x16.bitmask(
      v128.or(v128.or(i8x16.eq(block, quote), i8x16.eq(block, backslash)), i8x16.eq(i8x16.min_u(block, control), block)),
    );
    if (hits == 0) {
      at += 16;
      continue;
    }
    at += ctz(hits);
    const byte = load<u8>(at);
    if (byte == QUOTE) return at + 1;
    if (byte != BACKSLASH) return 0;
    at = escapeEnd(at);
    if (at == 0) return 0;
  }
}

/** Whether the string that `textEnd` walked last is something else than plain ASCII. */
export let coded: bool = false;

/** As `stringEnd`, and sets `coded`. */
export function textEnd(at: usize): usize {
  const quote = i8x16.splat(QUOTE);
  const backslash = i8x16.splat(BACKSLASH);
  const blank = i8x16.splat(0x20);
  coded = false;
  while (true) {
    const block = v128.load(at);
    // Signed: bytes of 0x80 and above are below a blank too.
    const hits = i8x16.bitmask(v128.or(v128.or(i8x16.eq(block, quote), i8x16.eq(block, backslash)), i8x16.lt_s(block, blank)));
    if (hits == 0) {
      at += 16;
      continue;
    }
    at += ctz(hits);
    const byte = load<u8>(at);
    if (byte == QUOTE) return at + 1;
    coded = true;
    if (byte >= 0x80) at++;
    else if (byte != BACKSLASH) return 0;
    else {
      at = escapeEnd(at);
      if (at == 0) return 0;
    }
  }
}

/** Behind the escape that starts at `at`, or 0. */
function escapeEnd(at: usize): usize {
  switch (load<u8>(at, 1)) {
    case QUOTE:
    case BACKSLASH:
    case 0x2f: // /
    case 0x62: // b
    case 0x66: // f
    case 0x6e: // n
    case 0x72: // r
    case 0x74: // t
      return at + 2;
    case 0x75: // u
      return isHex(load<u8>(at, 2)) && isHex(load<u8>(at, 3)) && isHex(load<u8>(at, 4)) && isHex(load<u8>(at, 5)) ? at + 6 : 0;
    default:
      return 0;
  }
}

function isHex(byte: u8): bool {
  const letter = byte | 0x20;
  return isDigit(byte) || (letter >= 0x61 && letter <= 0x66);
}

export function isDigit(byte: u8): bool {
  return byte >= 0x30 && byte <= 0x39;
}

/** Whether `length` bytes are the same. Both may be read up to 15 bytes beyond. */
export function same(one: usize, other: usize, length: usize): bool {
  let at: usize = 0;
  for (; at + 16 <= length; at += 16) {
    if (i8x16.bitmask(i8x16.eq(v128.load(one + at), v128.load(other + at))) != 0xffff) return false;
  }
  const rest = (1 << (<i32>(length - at))) - 1;
  return (i8x16.bitmask(i8x16.eq(v128.load(one + at), v128.load(other + at))) & rest) == rest;
}
