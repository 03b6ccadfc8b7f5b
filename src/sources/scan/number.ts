/** Numbers and times. */
import { isDigit, QUOTE } from "./text";

/** Behind the number at `at`, or 0 where JSON allows none. */
export function numberEnd(at: usize): usize {
  if (load<u8>(at) == 0x2d) at++;
  if (load<u8>(at) == 0x30) at++;
  else {
    at = digitsEnd(at);
    if (at == 0) return 0;
  }
  if (load<u8>(at) == 0x2e) {
    at = digitsEnd(at + 1);
    if (at == 0) return 0;
  }
  if ((load<u8>(at) | 0x20) == 0x65) {
    at++;
    const sign = load<u8>(at);
    if (sign == 0x2b || sign == 0x2d) at++;
    at = digitsEnd(at);
  }
  return at;
}

/** Behind at least one digit, or 0. */
function digitsEnd(at: usize): usize {
  if (!isDigit(load<u8>(at))) return 0;
  do at++;
  while (isDigit(load<u8>(at)));
  return at;
}

const MAX_COUNT: u64 = 1_000_000_000_000;

/** What `countEnd` read. */
export let counted: f64 = 0;

/** Behind the digits of the whole number at `at`, after which a fraction or an exponent is no end of a value; 0 where there are none, or it is more than 10^12. */
export function countEnd(at: usize): usize {
  const first = at;
  let value: u64 = 0;
  while (true) {
    const digit = load<u8>(at) - 0x30;
    if (digit > 9) break;
    value = value * 10 + digit;
    if (value > MAX_COUNT) return 0;
    at++;
  }
  if (at == first || (load<u8>(first) == 0x30 && at > first + 1)) return 0;
  counted = <f64>value;
  return at;
}

/** What `timeEnd` read, in Unix milliseconds. */
export let timeMs: f64 = 0;

/** Behind the quote that ends `2026-05-01T10:00:00.000Z`, whose first digit is at `at`; 0 where a time is written otherwise, or is not in this century. */
export function timeEnd(at: usize): usize {
  if (
    load<u8>(at, 4) != 0x2d ||
    load<u8>(at, 7) != 0x2d ||
    load<u8>(at, 10) != 0x54 ||
    load<u8>(at, 13) != 0x3a ||
    load<u8>(at, 16) != 0x3a ||
    load<u8>(at, 19) != 0x2e ||
    load<u8>(at, 23) != 0x5a ||
    load<u8>(at, 24) != QUOTE ||
    !isDigit(load<u8>(at, 22))
  )
    return 0;
  const year = two(at + 2);
  const month = two(at + 5);
  const day = two(at + 8);
  const hour = two(at + 11);
  const minute = two(at + 14);
  const second = two(at + 17);
  const hundredths = two(at + 20);
  if (two(at) != 20 || year < 0 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return 0;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59 || hundredths < 0) return 0;
  const seconds = ((daysSince1970(2000 + year, month, day) * 24 + hour) * 60 + minute) * 60 + second;
  timeMs = <f64>(seconds * 1000 + hundredths * 10 + load<u8>(at, 22) - 0x30);
  return at + 25;
}

/** The number of two digits, or below 0. */
function two(at: usize): i64 {
  const tens = load<u8>(at);
  const ones = load<u8>(at, 1);
  return isDigit(tens) && isDigit(ones) ? (<i64>tens - 0x30) * 10 + (<i64>ones - 0x30) : -1;
}

function daysIn(year: i64, month: i64): i64 {
  if (month == 2) return year % 4 == 0 ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

/** Howard Hinnant's `days_from_civil`: years begin in March, so that the leap day is the last. */
function daysSince1970(year: i64, month: i64, day: i64): i64 {
  if (month <= 2) year--;
  const era = year / 400;
  const yearOfEra = year - era * 400;
  const dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468;
}
