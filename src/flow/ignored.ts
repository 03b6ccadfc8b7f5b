/** Which edited files no commit will ever hold: one question to git for each worktree that has edits waiting. */
import { type Edit, editKey } from "../core/sessions.ts";
import { ignoredPaths } from "../git/ignored.ts";
import type { Db } from "../platform/sqlite.ts";
import { allWorktrees } from "../store/places.ts";
import type { App } from "./app.ts";

export async function ignoredEdits(app: App, db: Db, edits: ReadonlyMap<string, readonly Edit[]>): Promise<Set<string>> {
  const paths = new Map<number, Set<string>>();
  for (const edit of [...edits.values()].flat()) {
    const known = paths.get(edit.worktreeId) ?? new Set();
    for (const path of edit.paths) known.add(path);
    paths.set(edit.worktreeId, known);
  }
  const ignored = new Set<string>();
  if (paths.size === 0) return ignored;
  for (const { id, root } of allWorktrees(db)) {
    for (const path of await ignoredPaths(root, [...(paths.get(id) ?? [])], app.env)) ignored.add(editKey(id, path));
  }
  return ignored;
}
