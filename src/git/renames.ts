/** Branches that were renamed, checked out or not: each branch's own reflog says what it was called. */
import { closeSync, fstatSync, openSync, readdirSync, readSync } from "node:fs";
import { join } from "node:path";
import { parseReflogLine } from "../core/reflog.ts";

export interface BranchRename {
  from: string;
  to: string;
  /** End of the second in which it happened. */
  atMs: number;
}

const TAIL_BYTES = 64 * 1024;
const MAX_LOGS = 5000;

/** The renames that the reflogs of today's branches tell of, oldest first. Only the end of a long log is read. */
export function branchRenames(commonDir: string): BranchRename[] {
  const found: BranchRename[] = [];
  for (const path of logsBelow(join(commonDir, "logs", "refs", "heads"))) {
    for (const line of tail(path).split("\n")) {
      const entry = line.includes("\tBranch: renamed ") ? parseReflogLine(line) : null;
      if (entry?.kind === "rename" && entry.from !== null && entry.to !== null) {
        found.push({ from: entry.from, to: entry.to, atMs: entry.tsMs + 999 });
      }
    }
  }
  return found.sort((a, b) => a.atMs - b.atMs);
}

function logsBelow(root: string): string[] {
  const logs: string[] = [];
  const folders = [root];
  for (let folder = folders.pop(); folder !== undefined && logs.length < MAX_LOGS; folder = folders.pop()) {
    try {
      for (const entry of readdirSync(folder, { withFileTypes: true })) {
        if (entry.isDirectory()) folders.push(join(folder, entry.name));
        else if (entry.isFile()) logs.push(join(folder, entry.name));
      }
    } catch {
      continue; // no reflogs, or a branch deleted meanwhile
    }
  }
  return logs;
}

function tail(path: string): string {
  try {
    const fd = openSync(path, "r");
    try {
      const { size } = fstatSync(fd);
      const bytes = Buffer.alloc(Math.min(size, TAIL_BYTES));
      return bytes.subarray(0, readSync(fd, bytes, 0, bytes.length, size - bytes.length)).toString("utf8");
    } finally {
      closeSync(fd);
    }
  } catch {
    return ""; // deleted meanwhile
  }
}
