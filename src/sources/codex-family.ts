/** What Codex's logs say of one another: a fork begins with what its parent spent, so the parent's own log tells where the fork's begins. */
import { hasCode } from "../platform/fs.ts";
import { fastSince } from "./codex-config.ts";
import { ANY_LINE, codexLine, kindOf } from "./codex-line.ts";
import { lineFields } from "./json-line.ts";
import { readLines } from "./lines.ts";
import { perRun } from "./per-run.ts";
import type { Sink, SourceFile } from "./source.ts";

/** One value of a session's cumulative counters, as text, and when it was logged. */
export interface Count {
  total: string;
  atMs: number;
}

/** How many counts of parents are kept at a time (some 100 bytes each): forks of one parent are mostly read one after another. */
const MAX_COUNTS = 200_000;
const SESSION_ID = /([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\.jsonl$/i;

export interface Family {
  /** The log of a session, by the id in its file's name. */
  find: (session: string) => SourceFile | null;
  /** Every count in a session's log, in order; null when there is no such log. */
  counts: (session: string) => readonly Count[] | null;
  /** Since when the settings beside a log ask for the fast tier (`fastSince`). */
  fastSince: (path: string) => number | null;
}

const families = perRun((_, all) => makeFamily(all));

/** The family of all logs that were found together; made once for them. */
export const familyOf = (all: readonly SourceFile[]): Family => families("", all);

/** The session id in the name of a log, or null. */
export function idInName(path: string): string | null {
  return SESSION_ID.exec(path)?.[1]?.toLowerCase() ?? null;
}

function makeFamily(all: readonly SourceFile[]): Family {
  const byId = new Map<string, SourceFile>();
  for (const file of all) {
    const id = idInName(file.path);
    if (id !== null && !byId.has(id)) byId.set(id, file);
  }
  const parents = new Map<string, readonly Count[] | null>();
  let kept = 0;
  const tiers = new Map<string, number | null>();
  const find = (session: string) => byId.get(session.toLowerCase()) ?? null;
  return {
    find,
    counts: (session) => {
      const known = parents.get(session);
      if (known !== undefined) return known;
      const file = find(session);
      const counts = file === null ? null : readCounts(file);
      kept += counts?.length ?? 0;
      if (kept > MAX_COUNTS) {
        parents.clear();
        kept = counts?.length ?? 0;
      }
      parents.set(session, counts);
      return counts;
    },
    fastSince: (path) => {
      const home = /^(.*)[\\/](?:archived_)?sessions[\\/]/.exec(path)?.[1];
      if (home === undefined) return null;
      let since = tiers.get(home);
      if (since === undefined) tiers.set(home, (since = fastSince(home)));
      return since;
    },
  };
}

const SILENT: Sink = { record() {}, total() {}, skip() {}, restart() {} };

function readCounts(file: SourceFile): readonly Count[] | null {
  const counts: Count[] = [];
  try {
    const read = (bytes: Buffer, start: number, end: number) => {
      const kind = kindOf(bytes, start, end);
      const json = kind === "event_msg" || kind === "other" ? lineFields(bytes, start, end) : null;
      const line = json === null ? null : codexLine(json);
      if (line === null || typeof line === "string" || line.kind !== "count" || line.total === null) return null;
      counts.push({ total: line.total.join(), atMs: line.atMs ?? 0 });
      return null;
    };
    for (const _ of readLines(file, null, ANY_LINE, read, SILENT));
    return counts;
  } catch (error) {
    // Gone since it was found, or closed: as if it were not there. Its own reading reports it.
    if (hasCode(error, "ENOENT", "EACCES", "EPERM", "EISDIR", "EIO")) return null;
    throw error;
  }
}
