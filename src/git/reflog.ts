/** Reads a worktree's HEAD reflog from where the last sweep stopped, and where HEAD is now. Plain files: no process is started. */
import { hash } from "node:crypto";
import { closeSync, fstatSync, openSync, readFileSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseReflogLine, type ReflogCursor, type ReflogEntry } from "../core/reflog.ts";
import { hasCode, readIfThere } from "../platform/fs.ts";

export interface ReflogSweep {
  entries: ReflogEntry[];
  cursor: ReflogCursor;
  /** The log was cut or rewritten since: `entries` begins at its start again. */
  restarted: boolean;
  unreadableLines: number;
}

export const reflogPath = (gitDir: string): string => join(gitDir, "logs", "HEAD");

const ANCHOR_BYTES = 256;

/** The entries since `since`; null when nothing changed or there is no log. A half-written last line waits. */
export function sweepReflog(path: string, since: ReflogCursor | null): ReflogSweep | null {
  const now = statSync(path, { throwIfNoEntry: false });
  if (now === undefined || !now.isFile()) return null;
  if (since !== null && since.size === now.size && since.mtimeMs === now.mtimeMs && since.inode === now.ino) return null;
  let fd: number;
  try {
    fd = openSync(path, "r");
  } catch (error) {
    if (hasCode(error, "ENOENT")) return null;
    throw error;
  }
  try {
    const { size, mtimeMs, ino } = fstatSync(fd);
    const anchored = since !== null && size >= since.offset && anchorAt(fd, since.offset) === since.anchor;
    const from = anchored ? since.offset : 0;
    const bytes = Buffer.alloc(size - from);
    const got = readSync(fd, bytes, 0, bytes.length, from);
    const end = bytes.subarray(0, got).lastIndexOf(10) + 1;
    const lines = bytes.subarray(0, end).toString("utf8").split("\n").slice(0, -1);
    const entries = lines.map(parseReflogLine);
    const offset = from + end;
    return {
      entries: entries.filter((entry) => entry !== null),
      cursor: { size, mtimeMs, inode: ino, offset, anchor: anchorAt(fd, offset) },
      restarted: since !== null && !anchored,
      unreadableLines: entries.filter((entry) => entry === null).length,
    };
  } finally {
    closeSync(fd);
  }
}

function anchorAt(fd: number, offset: number): string {
  const bytes = Buffer.alloc(Math.min(ANCHOR_BYTES, offset));
  readSync(fd, bytes, 0, bytes.length, offset - bytes.length);
  return hash("sha1", bytes, "hex");
}

/** Where git keeps the state of a rebase until it ends; `am` uses the second folder too. */
const REBASES = ["rebase-merge", "rebase-apply"];

export const rebaseInProgress = (gitDir: string): boolean =>
  ["rebase-merge", "rebase-apply/rebasing"].some((name) => statSync(join(gitDir, name), { throwIfNoEntry: false }) !== undefined);

/** The branch a worktree works on: HEAD's, or the one a rebase in progress will return to; null when detached. */
export function currentBranch(gitDir: string): string | null {
  for (const rebase of REBASES) {
    const name = readIfThere(join(gitDir, rebase, "head-name"))
      ?.toString("utf8")
      .trim();
    if (name?.startsWith("refs/heads/")) return name.slice("refs/heads/".length);
  }
  const head = readIfThere(join(gitDir, "HEAD"))?.toString("utf8").trimEnd() ?? "";
  return head.startsWith("ref: refs/heads/") ? head.slice("ref: refs/heads/".length) : null;
}

/** When a commit's loose object was written (milliseconds, fractions kept off); null once it is packed or gone. */
export function objectWrittenMs(commonDir: string, sha: string): number | null {
  const found = statSync(join(commonDir, "objects", sha.slice(0, 2), sha.slice(2)), { throwIfNoEntry: false });
  return found === undefined ? null : Math.floor(found.mtimeMs);
}

/** The commit that a reset, a rebase or a merge last moved HEAD away from, and when (milliseconds); null when none ever did. */
export function lastMoveAway(gitDir: string): { sha: string; atMs: number } | null {
  const path = join(gitDir, "ORIG_HEAD");
  const found = statSync(path, { throwIfNoEntry: false });
  const sha = readIfThere(path)?.toString("utf8").trim();
  return found === undefined || sha === undefined ? null : { sha, atMs: Math.floor(found.mtimeMs) };
}

/** The reftable format keeps no reflog files: HEAD then names a branch that cannot exist. */
export function usesReftable(gitDir: string): boolean {
  try {
    return readFileSync(join(gitDir, "HEAD"), "utf8").includes("refs/heads/.invalid");
  } catch {
    return false; // no HEAD: the worktree is gone
  }
}
