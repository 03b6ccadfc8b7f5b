/** Takes single fields out of foreign JSON, checking type and range. What is not asked for is never kept. */

const MAX_COUNT = 1e12;

export type Fields = Readonly<Record<string, unknown>>;

/** The value as an object, or null. */
export function fields(value: unknown): Fields | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : null;
}

/** A non-empty string of at most `max` characters, or null. */
export function text(value: unknown, max: number): string | null {
  return typeof value === "string" && value !== "" && value.length <= max ? value : null;
}

/** A whole number from 0 to 10^12; 0 when absent; NaN when it is anything else. */
export function count(value: unknown): number {
  if (value === undefined || value === null) return 0;
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= MAX_COUNT ? value : Number.NaN;
}

/** Text as a JSON object; null when it is anything else. The parser's own message is left out, since it quotes the text. */
export function parseFields(json: string): Fields | null {
  try {
    return fields(JSON.parse(json));
  } catch {
    // Not JSON: whoever asked says so in its own words.
    return null;
  }
}
