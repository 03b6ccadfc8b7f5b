/** `boba logs`: reads boba's own log, also what was rotated, and follows it. */
import { closeSync, openSync, readSync, statSync } from "node:fs";
import { LEVELS, type Level, type LogLine, parseLogLine } from "../core/log-line.ts";
import { parseRange } from "../core/range.ts";
import { readIfThere } from "../platform/fs.ts";
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

/** The newest lines that pass, oldest first. */
export function readLogs(app: App, request: LogsRequest): LogLine[] {
  const passes = filterOf(app, request);
  const names = [...Array(KEPT_LOGS).keys()].map((n) => `${app.paths.log}.${KEPT_LOGS - n}`).concat(app.paths.log);
  const found = names.flatMap((path) => linesOf(readIfThere(path)?.toString("utf8") ?? "").filter(passes));
  return found.slice(Math.max(0, found.length - request.lines));
}

/** Hands over each new line that passes, until `stop` resolves. A log that is rotated or emptied is followed on. */
export async function followLogs(app: App, request: LogsRequest, onLine: (line: LogLine) => void, stop: Promise<void>): Promise<void> {
  const passes = filterOf(app, request);
  const { log: path } = app.paths;
  let [inode, offset] = [statSync(path, { throwIfNoEntry: false })?.ino, statSync(path, { throwIfNoEntry: false })?.size ?? 0];
  let held = "";
  const told = stop.then(() => true);
  for (;;) {
    if (await Promise.race([told, new Promise<false>((resolve) => setTimeout(resolve, POLL_MS, false))])) return;
    const now = statSync(path, { throwIfNoEntry: false });
    if (now === undefined) continue;
    if (now.ino !== inode || now.size < offset) [inode, offset, held] = [now.ino, 0, ""];
    if (now.size === offset) continue;
    const text = held + readFrom(path, offset, now.size);
    offset = now.size;
    held = text.slice(text.lastIndexOf("\n") + 1);
    for (const line of linesOf(text.slice(0, text.length - held.length))) if (passes(line)) onLine(line);
  }
}

function filterOf(app: App, { level, since }: LogsRequest): (line: LogLine) => boolean {
  const { fromS } = parseRange({ since }, clockOf(app));
  const least = LEVELS.indexOf(level);
  return (line) => LEVELS.indexOf(line.level) >= least && (fromS === null || line.atMs >= fromS * 1000);
}

const linesOf = (text: string): LogLine[] => text.split("\n").flatMap((row) => (row === "" ? [] : (parseLogLine(row) ?? [])));

function readFrom(path: string, from: number, till: number): string {
  const bytes = Buffer.alloc(till - from);
  const fd = openSync(path, "r");
  try {
    return bytes.subarray(0, readSync(fd, bytes, 0, bytes.length, from)).toString("utf8");
  } finally {
    closeSync(fd);
  }
}
