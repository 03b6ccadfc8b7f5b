/** A clock in a zone of its own, from the system's table of zones rather than from `TZ`. */
import type { Clock } from "../../src/core/range.ts";

/** `now` as ISO 8601. */
export function clockIn(zone: string, now: string): Clock {
  const format = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" });
  return {
    nowMs: Date.parse(now),
    offsetMs(atMs) {
      const name = format.formatToParts(atMs).find(({ type }) => type === "timeZoneName")?.value ?? "GMT";
      const [, sign, hours, minutes] = /GMT([+-])(\d{2}):(\d{2})/.exec(name) ?? [];
      return hours === undefined ? 0 : (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
    },
  };
}

/** Unix seconds. */
export const at = (iso: string): number => Date.parse(iso) / 1000;
