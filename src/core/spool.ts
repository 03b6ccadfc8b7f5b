/** The line that `hooks/spool.sh` writes for each thing git did. It comes from a file that others can write to: everything is checked. */

export interface SpoolLine {
  /** The hook's name, or `rewritten`, `picked`, `squashed` for what it found beside it. */
  event: string;
  gitDir: string;
  cwd: string;
  args: string[];
}

const EVENT = /^[a-z-]{1,30}$/;
const SHA = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;
const MAX_LINE = 8192;

/** Parses one line; null when it is not one of ours. */
export function parseSpoolLine(line: string): SpoolLine | null {
  if (line.length > MAX_LINE) return null;
  const [version, event = "", gitDir = "", cwd = "", , , ...args] = line.split("\t");
  if (version !== "v1" || !EVENT.test(event) || !gitDir.startsWith("/") || !cwd.startsWith("/")) return null;
  return { event, gitDir, cwd, args };
}

/** The two commits that a `rewritten`, `picked` or `squashed` line names; null when they are not commits. */
export function shasOf({ event, args }: SpoolLine): { oldSha: string; newSha: string } | null {
  const [oldSha = "", newSha = ""] = args;
  if (!SHA.test(oldSha)) return null;
  if (event === "squashed") return { oldSha, newSha: SHA.test(newSha) ? newSha : "" };
  return SHA.test(newSha) ? { oldSha, newSha } : null;
}
