/** What led to what within a session: a response belongs with the next one that edited files. Pure. */

/** A response that edited files in one worktree. */
export interface Edit {
  seq: number;
  atMs: number;
  worktreeId: number;
  /** Relative to the worktree's root. */
  paths: string[];
}

/** A record that waits, as the ledger knows it. */
export interface SessionRecord {
  seq: number;
  worktreeId: number;
  session: string;
  atMs: number;
  loggedBranch: string | null;
}

export const editKey = (worktreeId: number, path: string): string => `${worktreeId}\0${path}`;

/**
 * Gives each record the edit that it led to: its own, else the next in its session. `records` come session by session, oldest first.
 * Files that git ignores are no evidence: no commit will ever hold them, so an edit of nothing else is talk like any other.
 */
export function withNextEdit(
  records: readonly SessionRecord[],
  edits: ReadonlyMap<string, readonly Edit[]>,
  ignored: ReadonlySet<string>,
): (SessionRecord & { edit: Edit | null })[] {
  const kept = new Map<string, Edit[]>();
  const own = new Map<number, Edit>();
  for (const [session, list] of edits) {
    const counted = list.map((edit) => ({ ...edit, paths: edit.paths.filter((path) => !ignored.has(editKey(edit.worktreeId, path))) }));
    kept.set(
      session,
      counted.filter(({ paths }) => paths.length > 0),
    );
  }
  for (const edit of [...kept.values()].flat()) own.set(edit.seq, edit);
  let current: string | null = null;
  let at = 0;
  return records.map((record) => {
    if (record.session !== current) [current, at] = [record.session, 0];
    const list = kept.get(record.session) ?? [];
    while (at < list.length && (list[at] as Edit).atMs < record.atMs) at++;
    const { seq, worktreeId, session, atMs, loggedBranch } = record;
    return { seq, worktreeId, session, atMs, loggedBranch, edit: own.get(seq) ?? list[at] ?? null };
  });
}
