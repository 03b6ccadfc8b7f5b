/** `~/.boba/logs/boba.log`: whole lines under 4 KB, appended, so that many processes may write at once. Ids, counts, paths and durations only. */
import { appendFileSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";

const LEVELS = ["trace", "debug", "info", "warn", "error"] as const;
export type Level = (typeof LEVELS)[number];

export interface Log {
  write(level: Level, event: string, fields?: Readonly<Record<string, string | number | boolean | null>>): void;
}

const MAX_LINE = 4000;

/** A log that appends JSON lines to `path`. A log that cannot be written never stops the work it tells about. */
export function openLog(path: string, wanted: string | undefined, now: () => number): Log {
  const least = Math.max(LEVELS.indexOf((wanted ?? "info").toLowerCase() as Level), 0);
  const threshold = wanted === undefined || LEVELS.includes(wanted.toLowerCase() as Level) ? least : LEVELS.indexOf("info");
  let broken = false;
  return {
    write(level, event, fields = {}) {
      if (broken || LEVELS.indexOf(level) < threshold) return;
      const line = JSON.stringify({ time: new Date(now()).toISOString(), level, event, ...fields });
      try {
        mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
        appendFileSync(path, `${line.slice(0, MAX_LINE)}\n`, { mode: 0o600 });
      } catch {
        broken = true;
      }
    },
  };
}
