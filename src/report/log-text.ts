/** Lines of the log as people read them. */
import type { LogLine } from "../core/log-line.ts";
import { printable } from "../core/text.ts";
import { type Paint } from "./paint.ts";

/** `2026-11-23 14:05:09.120  info   drained  durationMs=12`. `offsetMs` is how far local time is ahead of UTC then. */
export function logText({ atMs, level, event, fields }: LogLine, paint: Paint, offsetMs: (atMs: number) => number): string {
  const time = new Date(atMs + offsetMs(atMs)).toISOString().slice(0, 23).replace("T", " ");
  const told = Object.entries(fields).map(
    ([name, value]) => `${printable(name)}=${printable(typeof value === "string" ? value : JSON.stringify(value))}`,
  );
  const head = `${paint.dim(time)}  ${level === "error" ? paint.bold(level) : level.padEnd(5)}`;
  return [head, printable(event), ...told].join("  ");
}
