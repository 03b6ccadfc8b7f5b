/** Ranges of time as people type them. Pure: now and the local zone are handed in. */
import { BobaError, EXIT } from "./errors.ts";

/** Half-open, in Unix seconds: `fromS <= ts < toS`; null is open. */
export interface Range {
  fromS: number | null;
  toS: number | null;
}

/** The clock of a run: now in Unix milliseconds, and how far local time is ahead of UTC (in milliseconds) at an instant. */
export interface Clock {
  nowMs: number;
  offsetMs(atMs: number): number;
}

const DAY_MS = 86_400_000;
const UNIT_MS: Readonly<Record<string, number>> = { h: 3_600_000, d: DAY_MS, w: 7 * DAY_MS };
const ACCEPTED = "accepted: 2026-11-23, 2026-11-23T14:00:00Z, today, yesterday, 24h, 7d, 2w";

/**
 * `since` and `until` as typed; a day means the whole of it, in local time, for both.
 * @throws BobaError BOBA-USE-20 for what is none of the accepted forms, BOBA-USE-21 when the end is not after the start.
 */
export function parseRange(typed: { since?: string | undefined; until?: string | undefined }, clock: Clock): Range {
  const fromS = typed.since === undefined ? null : instant(typed.since, "start", clock);
  const toS = typed.until === undefined ? null : instant(typed.until, "end", clock);
  if (fromS !== null && toS !== null && fromS >= toS) {
    throw new BobaError("BOBA-USE-21", EXIT.usage, `nothing lies between ${typed.since} and ${typed.until}`, "put the earlier one first");
  }
  return { fromS, toS };
}

/** The local day, ISO week or month that an instant falls in: `2026-11-23`, `2026-W48`, `2026-11`. */
export function localPeriod(atMs: number, unit: "day" | "week" | "month", clock: Pick<Clock, "offsetMs">): string {
  const local = new Date(atMs + clock.offsetMs(atMs));
  const day = local.toISOString().slice(0, 10);
  if (unit === "day") return day;
  if (unit === "month") return day.slice(0, 7);
  // ISO 8601: a week belongs to the year its Thursday is in.
  const thursday = new Date(local.getTime() + (3 - ((local.getUTCDay() + 6) % 7)) * DAY_MS);
  const year = thursday.getUTCFullYear();
  const week = 1 + Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / (7 * DAY_MS));
  return `${year}-W${String(week).padStart(2, "0")}`;
}

/** The first instant of a local day given as `YYYY-MM-DD` (midnight, or what follows a gap over it), plus `days`; Unix ms. */
export function localMidnightMs(day: string, days: number, clock: Pick<Clock, "offsetMs">): number {
  const midnight = Date.parse(`${day}T00:00:00Z`) + days * DAY_MS;
  // The offsets a day before and after include the right one, whatever the zone does at midnight.
  const candidates = [midnight - clock.offsetMs(midnight - DAY_MS), midnight - clock.offsetMs(midnight + DAY_MS)].sort((a, b) => a - b);
  return candidates.find((at) => at + clock.offsetMs(at) >= midnight) ?? (candidates[1] as number);
}

function instant(typed: string, edge: "start" | "end", clock: Clock): number {
  const text = typed.trim();
  const wholeDay = (day: string, days: number) => localMidnightMs(day, days + (edge === "end" ? 1 : 0), clock) / 1000;
  const today = localPeriod(clock.nowMs, "day", clock);
  if (text === "today") return wholeDay(today, 0);
  if (text === "yesterday") return wholeDay(today, -1);
  if (isDay(text)) return wholeDay(text, 0);
  const relative = /^(\d{1,5})([hdw])$/.exec(text);
  if (relative !== null) return Math.floor((clock.nowMs - Number(relative[1]) * (UNIT_MS[relative[2] as string] as number)) / 1000);
  const iso = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:?\d{2})?$/i.exec(text);
  if (iso !== null && isDay(iso[1] as string)) {
    const atMs = Date.parse(`${iso[1]}T${iso[2]}${zone(iso[3])}`);
    // Without a zone it is local: the offset at the UTC reading is off by one change of the clocks at most, so it is asked twice.
    const localMs = iso[3] === undefined ? atMs - clock.offsetMs(atMs - clock.offsetMs(atMs)) : atMs;
    if (Number.isFinite(localMs)) return Math.floor(localMs / 1000);
  }
  throw new BobaError("BOBA-USE-20", EXIT.usage, `not a time: ${JSON.stringify(typed.slice(0, 60))}`, ACCEPTED);
}

/** What `Date.parse` reads everywhere: `Z` or `+hh:mm`. */
function zone(typed: string | undefined): string {
  if (typed === undefined || typed.toUpperCase() === "Z") return "Z";
  return `${typed.slice(0, 3)}:${typed.slice(-2)}`;
}

/** Whether it names a day that exists: `Date` alone takes 31 February for 3 March. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const atMs = Date.parse(`${text}T00:00:00Z`);
  return Number.isFinite(atMs) && new Date(atMs).toISOString().startsWith(text);
}
