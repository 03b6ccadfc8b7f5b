/** Times as people read them. */
import type { Clock } from "../core/range.ts";

/** `2026-11-23 14:05`, in the reader's zone. */
export function localTime(atMs: number, clock: Pick<Clock, "offsetMs">): string {
  return new Date(atMs + clock.offsetMs(atMs)).toISOString().slice(0, 16).replace("T", " ");
}
