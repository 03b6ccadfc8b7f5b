/** `boba logs`: reads boba's own log, also what was rotated, and follows it. */
import { closeSync, fstatSync, openSync, readSync, statSync } from "node:fs";
import { LEVELS, type Level, type LogLine, parseLogLine } from "../core/log-line.ts";
import { parseRange } from "../core/range.ts";
import { hasCode, readIfThere } from "../platform/fs.ts";
import { KEPT_LOGS } from "../platform/log.ts";
import type { App } from "./app.ts";
import { clockOf } from "./filter.ts";

export interface LogsRequest {
  level: Level;
  since?: string | undefined;
  /** At most so many, the newest. */
  lines: number;
}

export { untilTold } from "../platform/self.ts";

const POLL_MS = 300;

/** The newest lines that pass, oldest first; of the current log no further than `tail` begins, so that nothing is told twice or left out. */
export function readLogs(app: App, request: LogsRequest, tail?: LogTail): LogLine[] {
  const passes = filterOf(app, request);
  const aside = [...Array(KEPT_LOGS).keys()].map((n) => readIfThere(`${app.paths.log}.${KEPT_LOGS - n}`));
  const current = tail === undefined ? readIfThere(app.paths.log) : tail.before();
  const found = [...aside, current].flatMap((bytes) => linesOf(bytes?.toString("utf8") ?? "").filter(passes));
  return found.slice(Math.max(0, found.length - request.lines));
}

/** Hands over each new line that passes, until `stop` resolves. A log that is put aside is read to its end, then the new one. */
export async function followLogs(
  app: App,
  request: LogsRequest,
  tail: LogTail,
  onLine: (line: LogLine) => void,
  stop: Promise<void>,
): Promise<void> {
  const passes = filterOf(app, request);
  const told = stop.then(() => true);
  try {
    while (!(await Promise.race([told, new Promise<false>((resolve) => setTimeout(resolve, POLL_MS, false))]))) {
      for (const line of linesOf(tail.news())) if (passes(line)) onLine(line);
    }
  } finally {
    tail.close();
  }
}

/** A place in the log from which on it is read, whoever rotates it. */
export interface LogTail {
  /** What stood before it. */
  before(): Buffer;
  /** Whole lines that are new since the last time. */
  news(): string;
  close(): void;
}

/** The end of the log as it is now. The file stays open: what is still written to it after it was put aside is read too. */
export function openTail(app: App): LogTail {
  const { log: path } = app.paths;
  let fd = openIfThere(path);
  let offset = fd === null ? 0 : fstatSync(fd).size;
  const start = { fd, offset };
  let held = Buffer.alloc(0);
  const rest = () => {
    if (fd === null) return;
    const { size } = fstatSync(fd);
    if (size < offset) [offset, held] = [0, Buffer.alloc(0)];
    held = Buffer.concat([held, readFrom(fd, offset, size)]);
    offset = size;
  };
  return {
    before: () => (start.fd === null ? Buffer.alloc(0) : readFrom(start.fd, 0, start.offset)),
    news() {
      rest();
      const now = statSync(path, { throwIfNoEntry: false });
      if (now !== undefined && (fd === null || fstatSync(fd).ino !== now.ino)) {
        const next = openIfThere(path);
        // Once more: a writer may have opened the old one just before it was put aside.
        rest();
        held = Buffer.concat([held, ...skipped(path, fd, next)]);
        if (fd !== null) closeSync(fd);
        [fd, offset] = [next, 0];
        rest();
      }
      const end = held.lastIndexOf(NEWLINE) + 1;
      const text = held.subarray(0, end).toString("utf8");
      held = held.subarray(end);
      return text;
    },
    close: () => void (fd !== null && closeSync(fd)),
  };
}

const NEWLINE = 10;

/** What was written and put aside since the file behind `old` was, before the one behind `next`: the log may be rotated twice between two looks. */
function skipped(path: string, old: number | null, next: number | null): Buffer[] {
  if (old === null || next === null) return [];
  const [first, last] = [fstatSync(old).ino, fstatSync(next).ino];
  const between: Buffer[] = [];
  for (let n = 1; n <= KEPT_LOGS; n++) {
    const inode = statSync(`${path}.${n}`, { throwIfNoEntry: false })?.ino;
    if (inode === first) return between.reverse();
    if (inode !== undefined && inode !== last) between.push(readIfThere(`${path}.${n}`) ?? Buffer.alloc(0));
  }
  // Somebody else moved it, to a name of their own.
  return [];
}

function filterOf(app: App, { level, since }: LogsRequest): (line: LogLine) => boolean {
  const { fromS } = parseRange({ since }, clockOf(app));
  const least = LEVELS.indexOf(level);
  return (line) => LEVELS.indexOf(line.level) >= least && (fromS === null || line.atMs >= fromS * 1000);
}

const linesOf = (text: string): LogLine[] => text.split("\n").flatMap((row) => (row === "" ? [] : (parseLogLine(row) ?? [])));

function openIfThere(path: string): number | null {
  try {
    return openSync(path, "r");
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return null;
    throw error;
  }
}

function readFrom(fd: number, from: number, till: number): Buffer {
  const bytes = Buffer.alloc(Math.max(0, till - from));
  return bytes.subarray(0, readSync(fd, bytes, 0, bytes.length, from));
}
