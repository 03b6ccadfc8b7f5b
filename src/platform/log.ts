/** `~/.boba/logs/boba.log`: whole lines under 4 KB, appended, so that many processes may write at once. Ids, counts, paths and durations only. */
import { appendFileSync, closeSync, linkSync, mkdirSync, openSync, readSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { type Level, LEVELS, parseLogLine } from "../core/log-line.ts";
import { pid } from "./self.ts";
import { localOffsetMs } from "./zone.ts";

export interface Log {
  write(level: Level, event: string, fields?: Readonly<Record<string, string | number | boolean | null>>): void;
}

const MAX_LINE = 4000;
/** Characters that are left of a text in a line that would be too long. */
const MAX_CUT = 200;
const MAX_BYTES = 1024 * 1024;
/** How many full logs are kept beside the one that is written: `boba.log.1` is the newest. */
export const KEPT_LOGS = 5;
const LOOK_AGAIN_BYTES = 64 * 1024;
const STALE_LOCK_MS = 60_000;

/** A log that appends JSON lines to `path`. A log that cannot be written never stops the work it tells about. */
export function openLog(path: string, wanted: string | undefined, now: () => number): Log {
  const least = Math.max(LEVELS.indexOf((wanted ?? "info").toLowerCase() as Level), 0);
  const threshold = wanted === undefined || LEVELS.includes(wanted.toLowerCase() as Level) ? least : LEVELS.indexOf("info");
  let broken = false;
  /** Bytes until the size is looked at again: at the first line, and now and then in a process that runs for long. */
  let unseen = 0;
  return {
    write(level, event, fields = {}) {
      if (broken || LEVELS.indexOf(level) < threshold) return;
      const line = lineOf({ time: localTime(now()), level, event }, fields);
      try {
        if (unseen <= 0) {
          mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
          if (sizeOf(path) > MAX_BYTES) rotateLog(path, now(), MAX_BYTES);
          unseen = LOOK_AGAIN_BYTES;
        }
        unseen -= line.length;
        appendFileSync(path, `${line}\n`, { mode: 0o600 });
      } catch {
        broken = true;
      }
    },
  };
}

/** ISO 8601 with the offset from UTC: whoever searches the log for a day (`grep "$(date +%Y-%m-%d)"`) means the day of their own clock. */
function localTime(atMs: number): string {
  const minutes = Math.trunc(localOffsetMs(atMs) / 60_000);
  const [hours, rest] = [Math.trunc(Math.abs(minutes) / 60), Math.abs(minutes) % 60].map((n) => String(n).padStart(2, "0"));
  return `${new Date(atMs + minutes * 60_000).toISOString().slice(0, -1)}${minutes < 0 ? "-" : "+"}${hours}:${rest}`;
}

/** Whole JSON however long the fields are: a line that is cut in the middle could not be read back. */
function lineOf(
  head: { time: string; level: Level; event: string },
  fields: Readonly<Record<string, string | number | boolean | null>>,
): string {
  const line = JSON.stringify({ ...head, ...fields });
  if (Buffer.byteLength(line) <= MAX_LINE) return line;
  const short = (value: string | number | boolean | null) => (typeof value === "string" ? value.slice(0, MAX_CUT) : value);
  const cut = JSON.stringify({
    ...head,
    ...Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, short(value)])),
    cut: true,
  });
  return Buffer.byteLength(cut) <= MAX_LINE ? cut : JSON.stringify({ ...head, event: head.event.slice(0, MAX_CUT), cut: true });
}

/**
 * Moves the log to `.1`, that to `.2` and so on; the oldest goes. Writers open the log anew for every line, so none is lost. One process at a
 * time; false when another is at it, or when the log is no longer larger than `overBytes`: another was faster.
 */
export function rotateLog(path: string, nowMs: number, overBytes = 0): boolean {
  const lock = `${path}.lock`;
  breakStaleLock(lock, nowMs);
  try {
    closeSync(openSync(lock, "wx", 0o600));
  } catch {
    return false;
  }
  try {
    if (sizeOf(path) <= overBytes) return false;
    const at = (n: number) => (n === 0 ? path : `${path}.${n}`);
    for (let n = KEPT_LOGS; n > 0; n--) if (statSync(at(n - 1), { throwIfNoEntry: false }) !== undefined) renameSync(at(n - 1), at(n));
    return true;
  } finally {
    rmSync(lock, { force: true });
  }
}

/** A process that died while rotating leaves its lock. Two that find it so may not each remove what the other has just made: it is taken by renaming. */
function breakStaleLock(lock: string, nowMs: number): void {
  const isStale = (file: string) => {
    const held = statSync(file, { throwIfNoEntry: false });
    return held !== undefined && nowMs - held.mtimeMs > STALE_LOCK_MS;
  };
  if (!isStale(lock)) return;
  const taken = `${lock}.${pid}`;
  try {
    renameSync(lock, taken);
    // A fresh one after all: it goes back, unless its owner is done with it.
    if (!isStale(taken)) linkSync(taken, lock);
  } catch {
    // Another process was faster; or the fresh lock has been replaced already.
  }
  rmSync(taken, { force: true });
}

/** When the first line of the log was written, Unix milliseconds; null without one. */
export function firstLineMs(path: string): number | null {
  if (sizeOf(path) === 0) return null;
  const bytes = Buffer.alloc(MAX_LINE);
  const fd = openSync(path, "r");
  try {
    const text = bytes.subarray(0, readSync(fd, bytes, 0, bytes.length, 0)).toString("utf8");
    return parseLogLine(text.split("\n", 1)[0] ?? "")?.atMs ?? null;
  } finally {
    closeSync(fd);
  }
}

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
