/** What `git filter-repo` leaves behind: which commit became which. It rewrites every ref and empties every reflog. Source: its manual, OUTPUT. */
import { createHash } from "node:crypto";
import { closeSync, fstatSync, openSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import type { ReflogCursor } from "../core/reflog.ts";
import { hasCode } from "../platform/fs.ts";

export const commitMapPath = (commonDir: string): string => join(commonDir, "filter-repo", "commit-map");

export interface CommitMap {
  /** Old commits that became another one; those that were dropped, and those that stayed as they were, are not in it. */
  pairs: { oldSha: string; newSha: string }[];
  cursor: ReflogCursor;
  /** Too long to be looked at. */
  refused: boolean;
}

/** A million and a half commits. */
const MAX_BYTES = 128 * 1024 * 1024;
const CHUNK_BYTES = 1024 * 1024;
/** `<old> <new>`, both whole; below a header with these two words. */
const PAIR = /^([0-9a-f]{40}|[0-9a-f]{64}) ([0-9a-f]{40}|[0-9a-f]{64})$/;
const NOTHING = /^0+$/;

/** The pairs whose old commit is `wanted`; null when there is no map, or the one that `since` tells of. */
export function readCommitMap(path: string, since: ReflogCursor | null, wanted: (sha: string) => boolean): CommitMap | null {
  const now = statSync(path, { throwIfNoEntry: false });
  if (now === undefined || !now.isFile()) return null;
  if (since !== null && since.size === now.size && since.mtimeMs === now.mtimeMs && since.inode === now.ino) return null;
  let fd: number;
  try {
    fd = openSync(path, "r");
  } catch (error) {
    if (hasCode(error, "ENOENT", "EACCES")) return null;
    throw error;
  }
  try {
    const { size, mtimeMs, ino } = fstatSync(fd);
    const refused = size > MAX_BYTES;
    const digest = createHash("sha1");
    const pairs: CommitMap["pairs"] = [];
    for (const line of refused ? [] : linesOf(fd, size, digest)) {
      const [, oldSha, newSha] = PAIR.exec(line) ?? [];
      if (oldSha === undefined || newSha === undefined || oldSha === newSha || NOTHING.test(newSha)) continue;
      if (oldSha.length === newSha.length && wanted(oldSha)) pairs.push({ oldSha, newSha });
    }
    const anchor = digest.digest("hex");
    const cursor = { size, mtimeMs, inode: ino, offset: size, anchor };
    return { pairs: anchor === since?.anchor ? [] : pairs, cursor, refused };
  } finally {
    closeSync(fd);
  }
}

function* linesOf(fd: number, size: number, digest: { update(bytes: Buffer): unknown }): Generator<string> {
  const chunk = Buffer.alloc(Math.min(size, CHUNK_BYTES));
  let rest = "";
  for (let got = readSync(fd, chunk, 0, chunk.length, null); got > 0; got = readSync(fd, chunk, 0, chunk.length, null)) {
    digest.update(chunk.subarray(0, got));
    const lines = (rest + chunk.toString("latin1", 0, got)).split("\n");
    // A line of the map is 130 characters at most: what is longer is none, and need not be kept.
    rest = (lines.pop() ?? "").slice(0, 200);
    yield* lines;
  }
  yield rest;
}
