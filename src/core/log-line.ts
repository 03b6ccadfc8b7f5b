/** One line of the log, as it is written and as it is read. */

export const LEVELS = ["trace", "debug", "info", "warn", "error"] as const;
export type Level = (typeof LEVELS)[number];

export interface LogLine {
  /** Unix milliseconds. */
  atMs: number;
  level: Level;
  event: string;
  fields: Readonly<Record<string, unknown>>;
}

/** A line as it was written; null for what is none. */
export function parseLogLine(text: string): LogLine | null {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    // Cut short by a kill, or written by something else.
    return null;
  }
  if (typeof found !== "object" || found === null) return null;
  const { time, level, event, ...fields } = found as Record<string, unknown>;
  const atMs = typeof time === "string" ? Date.parse(time) : Number.NaN;
  const known = LEVELS.find((name) => name === level);
  return Number.isNaN(atMs) || known === undefined || typeof event !== "string" ? null : { atMs, level: known, event, fields };
}
