/** `~/.boba/logs/boba.log`: whole lines under 4 KB, appended, so that many processes may write at once. Ids, counts, paths and durations only. */
import { appendFileSync, closeSync, mkdirSync, openSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { type Level, LEVELS } from "../core/log-line.ts";

export interface Log {
  write(level: Level, event: string, fields?: Readonly<Record<string, string | number | boolean | null>>): void;
}

const MAX_LINE = 4000;
const MAX_BYTES = 1024 * 1024;
/** How many full logs are kept beside the one that is written: `boba.log.1` is the newest. */
export const KEPT_LOGS = 5;
const STALE_LOCK_MS = 60_000;

/** A log that appends JSON lines to `path`. A log that cannot be written never stops the work it tells about. */
export function openLog(path: string, wanted: string | undefined, now: () => number): Log {
  const least = Math.max(LEVELS.indexOf((wanted ?? "info").toLowerCase() as Level), 0);
  const threshold = wanted === undefined || LEVELS.includes(wanted.toLowerCase() as Level) ? least : LEVELS.indexOf("info");
  let broken = false;
  let fresh = true;
  return {
    write(level, event, fields = {}) {
      if (broken || LEVELS.indexOf(level) < threshold) return;
      const line = JSON.stringify({ time: new Date(now()).toISOString(), level, event, ...fields });
      try {
        if (fresh) {
          mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
          if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > MAX_BYTES) rotateLog(path, now());
        }
        fresh = false;
        appendFileSync(path, `${line.slice(0, MAX_LINE)}\n`, { mode: 0o600 });
      } catch {
        broken = true;
      }
    },
  };
}

/**
 * Moves the log to `.1`, that to `.2` and so on; the oldest goes. Writers open the log anew for every line, so none is lost. One process at a
 * time; false when another is at it.
 */
export function rotateLog(path: string, nowMs: number): boolean {
  const lock = `${path}.lock`;
  const held = statSync(lock, { throwIfNoEntry: false });
  if (held !== undefined && nowMs - held.mtimeMs > STALE_LOCK_MS) rmSync(lock, { force: true });
  try {
    closeSync(openSync(lock, "wx", 0o600));
  } catch {
    return false;
  }
  try {
    const at = (n: number) => (n === 0 ? path : `${path}.${n}`);
    for (let n = KEPT_LOGS; n > 0; n--) if (statSync(at(n - 1), { throwIfNoEntry: false }) !== undefined) renameSync(at(n - 1), at(n));
    return true;
  } finally {
    rmSync(lock, { force: true });
  }
}
