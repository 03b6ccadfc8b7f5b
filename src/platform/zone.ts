/** The door to the local time zone (`TZ`, else the system's). */

/** How far local time is ahead of UTC at an instant, in milliseconds. */
export function localOffsetMs(atMs: number): number {
  return -new Date(atMs).getTimezoneOffset() * 60_000;
}
