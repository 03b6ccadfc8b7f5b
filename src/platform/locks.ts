/** Who holds locks on a file. Linux alone tells; elsewhere nobody is named. */
import { readFileSync, statSync } from "node:fs";
import { pid } from "./self.ts";

export interface LockHolder {
  pid: number;
  /** The program's name as the system keeps it, at most 15 characters; never its arguments. Null when it may not be seen. */
  program: string | null;
  /** The bytes it holds for itself alone; empty when it only shares. */
  exclusive: readonly { from: number; to: number }[];
}

/** Processes other than this one that hold a lock on the file (proc_locks(5)). */
export function lockHolders(path: string): LockHolder[] {
  const inode = statSync(path, { throwIfNoEntry: false })?.ino;
  const lines = inode === undefined ? [] : readLines("/proc/locks");
  const holders = new Map<number, { from: number; to: number }[]>();
  for (const line of lines) {
    // `1: POSIX  ADVISORY  WRITE 23315 00:1b:497212 128 128`; a line with `->` only waits.
    const found = /^\d+: POSIX +\S+ +(READ|WRITE) +(\d+) [\da-f]+:[\da-f]+:(\d+) (\d+) (\d+|EOF)$/.exec(line);
    if (found === null || Number(found[3]) !== inode) continue;
    const holder = Number(found[2]);
    // 0: a process that cannot be seen from here (another container's).
    if (holder === 0 || holder === pid) continue;
    const held = holders.get(holder) ?? [];
    holders.set(holder, held);
    if (found[1] === "WRITE") held.push({ from: Number(found[4]), to: found[5] === "EOF" ? Number.POSITIVE_INFINITY : Number(found[5]) });
  }
  return [...holders].map(([id, exclusive]) => ({ pid: id, program: readLines(`/proc/${id}/comm`)[0] || null, exclusive }));
}

function readLines(path: string): string[] {
  try {
    return readFileSync(path, "utf8").split("\n");
  } catch {
    return []; // another system, or a process that has just ended
  }
}
