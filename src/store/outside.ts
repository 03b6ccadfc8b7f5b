/** Folders outside any repository, kept as they were logged. */
import type { Db } from "../platform/sqlite.ts";

/** The id of the row for the folder `root`, made when it is new. Call inside a write transaction: the pair has no unique key of its own. */
export function folderId(db: Db, root: string): number {
  const found = db
    .prepare<[string], { id: number }>("SELECT id FROM worktrees WHERE root = ? AND git_dir IS NULL AND repo IS NULL")
    .get(root);
  return found?.id ?? Number(db.prepare("INSERT INTO worktrees (root) VALUES (?)").run(root).lastInsertRowid);
}
