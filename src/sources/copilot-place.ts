/** Where a Copilot session stands, as its events say. */
import { closeSync, openSync, readSync } from "node:fs";
import { basename, dirname } from "node:path";
import { type Fields, fields, text } from "./fields.ts";
import { lineFields } from "./json-line.ts";
import type { SourceFile } from "./source.ts";

const MAX_ID = 256;
const MAX_PATH = 4096;
const NEWLINE = 10;
/** The first event holds no prompt: it is far shorter. */
const HEAD_BYTES = 64 * 1024;

export interface CopilotPlace {
  cwd: string | null;
  branch: string | null;
  commit: string | null;
}

export const NOWHERE: CopilotPlace = { cwd: null, branch: null, commit: null };

/** The place in `context` of `session.start` and `session.resume`, or in `session.context_changed` itself; null when there is none. */
export function placeIn(context: unknown): CopilotPlace | null {
  const found = fields(context);
  const cwd = text(found?.["cwd"], MAX_PATH) ?? text(found?.["gitRoot"], MAX_PATH);
  if (found === null || cwd === null) return null;
  return { cwd, branch: text(found["branch"], MAX_PATH), commit: text(found["headCommit"], MAX_ID) };
}

/** Whether the file is the log of a session and not an export. */
export function isSession(path: string): boolean {
  return /[\\/]session-state[\\/](?:[^\\/]+[\\/]events|[^\\/]+)\.jsonl$/.test(path);
}

/** Each session has a folder of its name; once it was a file. */
export function sessionFromPath(path: string): string {
  const name = basename(path);
  return name === "events.jsonl" ? basename(dirname(path)) : name.slice(0, -".jsonl".length);
}

/** Finds the place of sessions by their ids, in the first event of their logs. */
export function placesOf(all: readonly SourceFile[]): (sessionId: string) => CopilotPlace {
  const known = new Map<string, CopilotPlace>();
  let paths: Map<string, string> | null = null;
  return (sessionId) => {
    let place = known.get(sessionId);
    if (place === undefined) {
      paths ??= new Map(all.flatMap(({ path }) => (isSession(path) ? [[sessionFromPath(path), path] as const] : [])));
      const path = paths.get(sessionId);
      place = (path === undefined ? null : placeIn(fields(firstEvent(path)?.["data"])?.["context"])) ?? NOWHERE;
      known.set(sessionId, place);
    }
    return place;
  };
}

function firstEvent(path: string): Fields | null {
  try {
    const fd = openSync(path, "r");
    try {
      const bytes = Buffer.alloc(HEAD_BYTES);
      const end = bytes.subarray(0, readSync(fd, bytes, 0, bytes.length, 0)).indexOf(NEWLINE);
      return end < 0 ? null : lineFields(bytes, 0, end);
    } finally {
      closeSync(fd);
    }
  } catch {
    // Gone or closed: reading the log itself reports it.
    return null;
  }
}
