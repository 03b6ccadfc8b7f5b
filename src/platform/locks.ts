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
  const file = statSync(path, { throwIfNoEntry: false });
  if (file === undefined) return [];
  // `1: POSIX  ADVISORY  WRITE 23315 00:1b:497212 128 128`; a line with `->` only waits.
  const pattern = /^\d+: POSIX +\S+ +(READ|WRITE) +(\d+) ([\da-f]+):([\da-f]+):(\d+) (\d+) (\d+|EOF)$/;
  const sameInode = readLines("/proc/locks").flatMap((line) => {
    const [, kind, holder, major = "", minor = "", inode, from, to] = pattern.exec(line) ?? [];
    if (Number(inode) !== file.ino) return [];
    const isHere = deviceNumber(Number.parseInt(major, 16), Number.parseInt(minor, 16)) === file.dev;
    return [{ kind, holder: Number(holder), isHere, from: Number(from), to: to === "EOF" ? Number.POSITIVE_INFINITY : Number(to) }];
  });
  // Some file systems (btrfs, overlays) tell a program another device than the kernel's own: then the inode alone has to do.
  const isKnown = sameInode.some(({ isHere }) => isHere);
  const holders = new Map<number, { from: number; to: number }[]>();
  for (const { kind, holder, isHere, from, to } of sameInode) {
    // 0: a process that cannot be seen from here (another container's).
    if (holder === 0 || holder === pid || isHere !== isKnown) continue;
    const held = holders.get(holder) ?? [];
    holders.set(holder, held);
    if (kind === "WRITE") held.push({ from, to });
  }
  return [...holders].map(([id, exclusive]) => ({ pid: id, program: readLines(`/proc/${id}/comm`)[0] || null, exclusive }));
}

/** As `stat` gives it (makedev(3)). */
function deviceNumber(major: number, minor: number): number {
  return (minor & 0xff) + (major & 0xfff) * 2 ** 8 + (minor >>> 8) * 2 ** 20 + (major >>> 12) * 2 ** 44;
}

function readLines(path: string): string[] {
  try {
    return readFileSync(path, "utf8").split("\n");
  } catch {
    return []; // another system, or a process that has just ended
  }
}
