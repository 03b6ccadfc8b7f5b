/** Takes single fields out of foreign JSON, checking type and range. What is not asked for is never kept. */

export { count, type Fields, fields, text } from "../core/json-fields.ts";

/** Dollars of one response. */
const MAX_USD = 1e6;
/** 2000-01-01 and 2100-01-01: a time outside is a broken clock or a broken line. */
const FIRST_MS = 946_684_800_000;
const LAST_MS = 4_102_444_800_000;

/** Dollars as an agent reports them, in nano-dollars; null for 0, which is what agents write for a subscription, and for what is no amount. */
export function nanoUsd(value: unknown): number | null {
  return typeof value === "number" && value > 0 && value <= MAX_USD ? Math.round(value * 1e9) || null : null;
}

/** Unix milliseconds of a Unix time, which may have a fraction, or null. */
export function unixMs(value: unknown, unit: "ms" | "s" = "ms"): number | null {
  if (typeof value !== "number") return null;
  const at = Math.round(unit === "s" ? value * 1000 : value);
  return at >= FIRST_MS && at <= LAST_MS ? at : null;
}

/** Unix milliseconds of an RFC 3339 time, or null. */
export function timeMs(value: unknown): number | null {
  if (typeof value !== "string" || value.length > 40 || value[4] !== "-" || value[10] !== "T") return null;
  const at = Date.parse(value);
  return at >= FIRST_MS && at <= LAST_MS ? at : null;
}

/** Unix milliseconds of a time as databases keep it: a number of milliseconds or seconds, RFC 3339, or `2026-05-01 10:00:00` in UTC; or null. */
export function storedTimeMs(value: unknown): number | null {
  if (typeof value !== "string") return unixMs(value) ?? unixMs(value, "s");
  const parts = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d(?:\.\d{1,9})?) ?(?:UTC|(Z|[+-]\d\d:?\d\d))?$/.exec(value);
  return parts === null ? null : timeMs(`${parts[1]}T${parts[2]}${parts[3] ?? "Z"}`);
}
