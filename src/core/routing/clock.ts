/** The parts of the day, and ranges of clock times. A time is minutes since midnight, 0 to 1439. */

export const MINUTES_PER_DAY = 24 * 60;

/** Part of the day -> the hour it begins at; each ends where the next begins, and the night lasts over midnight. */
const BEGINS_AT_HOUR = { morning: 6, day: 12, evening: 18, night: 22 } as const;

export type TimeOfDay = keyof typeof BEGINS_AT_HOUR;

export const TIMES_OF_DAY = Object.keys(BEGINS_AT_HOUR) as readonly TimeOfDay[];

export function timeOfDay(minute: number): TimeOfDay {
  const hour = Math.floor(minute / 60);
  return TIMES_OF_DAY.findLast((name) => BEGINS_AT_HOUR[name] <= hour) ?? "night";
}

export interface ClockRange {
  fromMinute: number;
  /** No longer in the range. At or before `fromMinute`: that time on the next day. */
  toMinute: number;
}

export function isWithin({ fromMinute, toMinute }: ClockRange, minute: number): boolean {
  return fromMinute < toMinute ? minute >= fromMinute && minute < toMinute : minute >= fromMinute || minute < toMinute;
}

/** Reads `22:00-06:00`. Null when it is no range of times, or an empty one; `24:00` is the end of the day. */
export function parseClockRange(text: string): ClockRange | null {
  const [, fromHour, fromMinutes, toHour, toMinutes] = /^\s*(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})\s*$/.exec(text) ?? [];
  if (fromHour === undefined) return null;
  const fromMinute = Number(fromHour) * 60 + Number(fromMinutes);
  const toMinute = Number(toHour) * 60 + Number(toMinutes);
  if (Number(fromMinutes) > 59 || Number(toMinutes) > 59 || fromMinute >= MINUTES_PER_DAY || toMinute > MINUTES_PER_DAY) return null;
  return fromMinute === toMinute ? null : { fromMinute, toMinute };
}
