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
 * Gives each record the edit that it led to: its own, else the next in its session. Files that git ignores are no evidence: no
 * commit will ever hold them, so an edit of nothing else is talk like any other.
 */
export function withNextEdit(
  records: readonly SessionRecord[],
  edits: ReadonlyMap<string, readonly Edit[]>,
  ignored: ReadonlySet<string>,
): (SessionRecord & { edit: Edit | null })[] {
  const counted = new Map<string, Edit[]>();
  for (const [session, list] of edits) {
    const kept = list.map((edit) => ({ ...edit, paths: edit.paths.filter((path) => !ignored.has(editKey(edit.worktreeId, path))) }));
    counted.set(
      session,
      kept.filter(({ paths }) => paths.length > 0),
    );
  }
  return records.map((record) => {
    const list = counted.get(record.session) ?? [];
    const own = list.find(({ seq }) => seq === record.seq);
    return { ...record, edit: own ?? list.find(({ atMs }) => atMs >= record.atMs) ?? null };
  });
}
