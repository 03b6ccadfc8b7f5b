/** How far each log file has been read. */
import type { Db } from "../platform/sqlite.ts";

export interface FileCursor {
  path: string;
  /** Bytes when it was last read to its end; -1 when it was not. */
  size: number;
  mtimeMs: number;
  inode: number;
  offset: number;
  anchor: string;
}

/** Every source's cursors, by path, in one pass over the table. A source that has none is not in it. */
export function loadCursors(db: Db): Map<string, Map<string, FileCursor>> {
  const rows = db
    .prepare<[], FileCursor & { kind: string }>("SELECT path, kind, size, mtime_ms AS mtimeMs, inode, offset, anchor FROM cursors")
    .all();
  const bySource = new Map<string, Map<string, FileCursor>>();
  for (const { kind, ...cursor } of rows) {
    const known = bySource.get(kind);
    if (known === undefined) bySource.set(kind, new Map([[cursor.path, cursor]]));
    else known.set(cursor.path, cursor);
  }
  return bySource;
}

/** Prepared writes; call them inside a transaction. */
export function cursorWriter(db: Db, kind: string): { save(cursor: FileCursor): void; forget(path: string): void } {
  const save = db.prepare(
    `INSERT INTO cursors (path, kind, size, mtime_ms, inode, offset, anchor) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (path) DO UPDATE SET kind = excluded.kind, size = excluded.size, mtime_ms = excluded.mtime_ms, inode = excluded.inode,
       offset = excluded.offset, anchor = excluded.anchor`,
  );
  const forget = db.prepare("DELETE FROM cursors WHERE path = ?");
  return {
    save: (cursor) => void save.run(cursor.path, kind, cursor.size, cursor.mtimeMs, cursor.inode, cursor.offset, cursor.anchor),
    forget: (path) => void forget.run(path),
  };
}
