/** Where the sweep of each reflog stopped. */
import type { ReflogCursor } from "../core/reflog.ts";
import type { Db } from "../platform/sqlite.ts";

export function reflogCursor(db: Db, path: string): ReflogCursor | null {
  const query = db.prepare("SELECT size, mtime_ms AS mtimeMs, inode, offset, anchor FROM cursors WHERE path = ? AND kind = 'reflog'");
  return (query.get(path) as ReflogCursor | undefined) ?? null;
}

export function saveReflogCursor(db: Db, path: string, cursor: ReflogCursor): void {
  db.prepare(
    `INSERT INTO cursors (path, kind, size, mtime_ms, inode, offset, anchor) VALUES (:path, 'reflog', :size, :mtimeMs, :inode, :offset, :anchor)
     ON CONFLICT (path) DO UPDATE SET size = excluded.size, mtime_ms = excluded.mtime_ms, inode = excluded.inode, offset = excluded.offset, anchor = excluded.anchor`,
  ).run({ path, ...cursor });
}
