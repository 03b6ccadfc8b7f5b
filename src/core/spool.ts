/** The line that `hooks/spool.sh` writes for each thing git did. It comes from a file that others can write to: everything is checked. */

export interface SpoolLine {
  /** The hook's name, or `rewritten`, `picked`, `squashed` for what it found beside it. */
  event: string;
  gitDir: string;
  cwd: string;
  /** HEAD's commit then; null where the hook could not read it. */
  head: string | null;
  args: string[];
}

const EVENT = /^[a-z-]{1,30}$/;
const SHA = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;
const MAX_LINE = 8192;

/** Parses one line; null when it is not one of ours. */
export function parseSpoolLine(line: string): SpoolLine | null {
  if (line.length > MAX_LINE) return null;
  const [version, event = "", gitDir = "", cwd = "", , head = "", ...args] = line.split("\t");
  if (version !== "v1" || !EVENT.test(event) || !gitDir.startsWith("/") || !cwd.startsWith("/")) return null;
  return { event, gitDir, cwd, head: SHA.test(head) ? head : null, args };
}

/**
 * The two commits that a line names: `rewritten` old and new, `picked` source and pick, `squashed` one of the commits folded together
 * and where HEAD was. Null when they are not commits.
 */
export function shasOf({ args }: SpoolLine): { oldSha: string; newSha: string } | null {
  const [oldSha = "", newSha = ""] = args;
  if (!SHA.test(oldSha)) return null;
  return SHA.test(newSha) ? { oldSha, newSha } : null;
}
