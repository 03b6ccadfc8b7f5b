/** Says which time a report is about. */
import type { Clock, Range } from "../core/range.ts";

/** `since 2026-11-16 10:00`, `2026-11-01 to 2026-11-30`, ... in local time; whole days without the hour. */
export function rangeText(range: Range, clock: Pick<Clock, "offsetMs">): string {
  const { fromS, toS } = range;
  if (fromS === null && toS === null) return "all time";
  const local = (atS: number) => new Date(atS * 1000 + clock.offsetMs(atS * 1000)).toISOString();
  const from = fromS === null ? null : local(fromS);
  const to = toS === null ? null : local(toS);
  const whole = [from, to].every((text) => text === null || text.slice(11, 19) === "00:00:00");
  const start = from === null ? null : write(from, whole);
  // The end of a range of whole days is the midnight after its last day.
  const end = toS === null ? null : whole ? local(toS - 1).slice(0, 10) : write(to as string, false);
  if (start === null) return `until ${end}`;
  if (end === null) return `since ${start}`;
  return start === end ? start : `${start} to ${end}`;
}

function write(iso: string, day: boolean): string {
  return day ? iso.slice(0, 10) : iso.slice(0, 16).replace("T", " ");
}
