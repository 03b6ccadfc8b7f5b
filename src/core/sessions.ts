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
export interface WaitingRecord {
  seq: number;
  worktreeId: number;
  atMs: number;
  loggedBranch: string | null;
}

/** Those of each session, oldest first. */
export type WaitingSessions = ReadonlyMap<string, readonly WaitingRecord[]>;

export const editKey = (worktreeId: number, path: string): string => `${worktreeId}\0${path}`;

const NO_EDITS: readonly Edit[] = [];

/**
 * Gives each record the edit that it led to: its own, else the next in its session.
 * Files that git ignores are no evidence: no commit will ever hold them, so an edit of nothing else is talk like any other.
 */
export function withNextEdit(
  sessions: WaitingSessions,
  edits: ReadonlyMap<string, readonly Edit[]>,
  ignored: ReadonlySet<string>,
): (WaitingRecord & { edit: Edit | null })[] {
  const given: (WaitingRecord & { edit: Edit | null })[] = [];
  for (const [session, records] of sessions) {
    const list = evident(edits.get(session) ?? NO_EDITS, ignored);
    const own = new Map(list.map((edit) => [edit.seq, edit]));
    let at = 0;
    for (const { seq, worktreeId, atMs, loggedBranch } of records) {
      while (at < list.length && (list[at] as Edit).atMs < atMs) at++;
      given.push({ seq, worktreeId, atMs, loggedBranch, edit: own.get(seq) ?? list[at] ?? null });
    }
  }
  return given;
}

function evident(edits: readonly Edit[], ignored: ReadonlySet<string>): readonly Edit[] {
  return edits
    .map((edit) => ({ ...edit, paths: edit.paths.filter((path) => !ignored.has(editKey(edit.worktreeId, path))) }))
    .filter(({ paths }) => paths.length > 0);
}
