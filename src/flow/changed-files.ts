/** Which of a source's files are not as they were left, and which are gone. */
import { accessSync, constants, existsSync } from "node:fs";
import type { Discovery, SourceFile } from "../sources/source.ts";
import type { FileCursor } from "../store/cursors.ts";
import type { Batch } from "./batch.ts";

export interface ChangedFile {
  file: SourceFile;
  /** Null: from the start. */
  cursor: FileCursor | null;
}

/**
 * The files to read, oldest first: a copy of a session never comes before the session. Files and folders that are gone, closed or open again
 * are written to the batch. `cursors` are the source's own; `unreadable` is what is noted now, of all sources.
 */
export function changedFiles(
  found: Discovery,
  cursors: ReadonlyMap<string, FileCursor>,
  unreadable: ReadonlyMap<string, string>,
  batch: Batch,
): ChangedFile[] {
  const present = new Set<string>();
  const changed: ChangedFile[] = [];
  /** Files as they were left: nothing is read in them, so what is noted of them stands. */
  const left = new Set<string>();
  for (const file of found.files) {
    present.add(file.path);
    const cursor = cursors.get(file.path) ?? null;
    if (cursor !== null && cursor.size === file.size && cursor.mtimeMs === file.mtimeMs && cursor.inode === file.inode) left.add(file.path);
    else changed.push({ file, cursor: cursor?.inode === file.inode ? cursor : null });
  }
  const closed = new Set<string>();
  for (const { path, reason } of found.unreadable) {
    closed.add(path);
    if (unreadable.get(path) !== reason) batch.skip({ path, line: 0, reason });
  }
  for (const [path, reason] of unreadable) {
    if (closed.has(path) || left.has(path)) continue;
    if (!existsSync(path)) batch.gone(path);
    else if (OF_THE_SYSTEM.test(reason) && isOpen(path)) batch.forgetUnreadable(path);
  }
  for (const path of cursors.keys()) if (!present.has(path) && !existsSync(path)) batch.gone(path);
  return changed.sort((a, b) => inOrder(a.file, b.file));
}

/** What the system said, unlike what is wrong with a file that was read: that holds until it is read again. */
const OF_THE_SYSTEM = /^(?:cannot be read|failed) \(/;

function inOrder(a: SourceFile, b: SourceFile): number {
  return a.birthtimeMs - b.birthtimeMs || a.mtimeMs - b.mtimeMs || (a.path < b.path ? -1 : 1);
}

function isOpen(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    // Still closed: that is what is noted.
    return false;
  }
}
