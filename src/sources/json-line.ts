/** What readers of JSON lines share: parsing one line, and taking a set of edited files. */
import { type Fields, fields } from "./fields.ts";

export const NOT_JSON = "not JSON";
export const BAD_COUNTER = "a counter is not a whole number between 0 and 10^12";

/** The object in `bytes[start, end)`, or null when it holds none. */
export function lineFields(bytes: Buffer, start: number, end: number): Fields | null {
  try {
    return fields(JSON.parse(bytes.toString("utf8", start, end)));
  } catch {
    // Reported by the caller, without the parser's message: it quotes the line.
    return null;
  }
}

/** Calls `take` with each item of a list that is an object; anything else is an empty list. */
export function eachFields(list: unknown, take: (item: Fields) => void): void {
  if (!Array.isArray(list)) return;
  for (const item of list) {
    const found = fields(item);
    if (found !== null) take(found);
  }
}
