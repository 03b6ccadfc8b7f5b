/** What is typed for the facts of a request. */
import { BobaError, EXIT } from "../errors.ts";

/**
 * Minutes since midnight of `23:30`, or of a moment such as `2026-11-23T23:30` (local) or `2026-11-23T22:30:00Z` (put in local time by
 * `offsetMs`, which is how far local time is ahead of UTC then). @throws BobaError BOBA-ROUTE-2.
 */
export function minuteOf(typed: string, offsetMs: (atMs: number) => number): number {
  const [, date, hours = "", minutes = "", zone] =
    /^(\d{4}-\d{2}-\d{2}[T ])?(\d{1,2}):(\d{2})(?::\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$/i.exec(typed.trim()) ?? [];
  const minute = Number(hours) * 60 + Number(minutes);
  const isTime = hours !== "" && Number(hours) < 24 && Number(minutes) < 60;
  if (isTime && zone === undefined) return minute;
  const atMs = isTime && date !== undefined ? Date.parse(typed.trim()) : Number.NaN;
  if (Number.isFinite(atMs)) return Math.floor(((((atMs + offsetMs(atMs)) / 60_000) % 1440) + 1440) % 1440);
  throw new BobaError(
    "BOBA-ROUTE-2",
    EXIT.usage,
    `${JSON.stringify(typed.slice(0, 60))} is no time`,
    "e.g. --at 23:30 or --at 2026-11-23T23:30",
  );
}

/** A count, or an amount that may be below 0; null when the option was not given. @throws BobaError BOBA-ROUTE-3. */
export function numberOf(option: string, typed: string | undefined, kind: "whole" | "dollars"): number | null {
  if (typed === undefined) return null;
  const isNumber = kind === "whole" ? /^\d{1,15}$/.test(typed) : /^-?\d{1,12}(\.\d{1,9})?$/.test(typed);
  if (isNumber) return Number(typed);
  const [what, example] = kind === "whole" ? ["a whole number", "60000"] : ["an amount in US dollars", "4.20"];
  throw new BobaError("BOBA-ROUTE-3", EXIT.usage, `${option} takes ${what}`, `e.g. ${option} ${example}`);
}
