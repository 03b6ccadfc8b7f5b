/** Older versions of opencode: `storage/message/<session>/<message>.json`, with `storage/part/<message>/<part>.json` beside. */
import { readdirSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { hasCode } from "../platform/fs.ts";
import { isDatabaseError } from "../platform/sqlite.ts";
import { columnsOf, withDatabase } from "./database.ts";
import { describe, entriesIn, isRacy } from "./find-files.ts";
import { NOT_JSON } from "./json-line.ts";
import type { Reader } from "./opencode-database.ts";
import { filesOfParts } from "./opencode-edits.ts";
import { isCopy, messageRecord, Originals, toldBy } from "./opencode-message.ts";
import { perRun } from "./per-run.ts";
import type { Discovery, Position, SourceFile } from "./source.ts";
import { readAside } from "./whole-file.ts";

/**
 * The sessions below a data folder: each is one folder of small files and read as one. `databaseFromMs` is when a database took over (Unix
 * milliseconds; 0: none did): in a session that got no file since, none is written again, and its folder's own time says all.
 */
export function findSessions(root: string, databaseFromMs: number): Discovery {
  const found: Discovery = { files: [], unreadable: [] };
  const messages = join(root, "storage", "message");
  for (const { name: session } of entriesIn(messages, found)) {
    const path = join(messages, session);
    try {
      const at = statSync(path);
      if (!at.isDirectory()) continue;
      const file: SourceFile = { path, size: at.size, mtimeMs: at.mtimeMs, inode: at.ino, birthtimeMs: at.birthtimeMs };
      if (at.mtimeMs >= databaseFromMs) {
        for (const name of readdirSync(path)) {
          const written = statSync(join(path, name), { throwIfNoEntry: false });
          file.size += written?.size ?? 0;
          file.mtimeMs = Math.max(file.mtimeMs, written?.mtimeMs ?? 0);
        }
      }
      file.isRacy = isRacy(file.mtimeMs);
      found.files.push(file);
    } catch (error) {
      if (!hasCode(error, "ENOENT", "ENOTDIR")) found.unreadable.push({ path, reason: describe(error) });
    }
  }
  return found;
}

/** Reads what of one session's folder is not in a database of the same data folder. */
export function* readSession(folder: SourceFile, all: readonly SourceFile[], reader: Reader): Generator<Position> {
  const { sink, tool, provider } = reader;
  const root = dirname(dirname(dirname(folder.path)));
  sink.restart();
  const moved = messagesInDatabases(root, all);
  for (const [at, name] of messageNames(folder.path).entries()) {
    const id = name.slice(0, -".json".length);
    if (moved.has(id)) continue;
    const told = toldBy(readAside(join(folder.path, name)));
    if (told === null) {
      sink.skip(at + 1, NOT_JSON);
      continue;
    }
    const copyOf = isCopy(id, told) ? originalsIn(dirname(folder.path), all).of(id, told) : null;
    const files = told.role === "assistant" ? editedFiles(root, id) : [];
    const sessionId = basename(folder.path);
    const record = messageRecord(told, { tool, provider, id, sessionId, directory: null, createdAt: null, files, copyOf });
    if (typeof record === "string") sink.skip(at + 1, record);
    else if (record !== null) sink.record(record);
  }
  yield { offset: 0, anchor: "" };
}

const messageNames = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .sort();

function editedFiles(root: string, message: string): string[] {
  const folder = join(root, "storage", "part", message);
  try {
    return filesOfParts(readdirSync(folder).map((name) => readAside(join(folder, name))));
  } catch {
    // No parts, or closed: which files were edited stays unknown.
    return [];
  }
}

/** Ids of the messages that the databases directly in a folder hold. */
const messagesInDatabases = perRun((root, all): ReadonlySet<string> => {
  const ids = new Set<string>();
  for (const { path } of all) {
    if (dirname(path) !== root) continue;
    try {
      withDatabase(path, (db) => {
        if (!columnsOf(db, "message").has("id")) return;
        for (const { id } of db.prepare<[], { id: unknown }>("SELECT id FROM message").iterate()) if (typeof id === "string") ids.add(id);
      });
    } catch (error) {
      // Locked or damaged, which is reported where it is read. Messages have the same ids in both: reading them here too adds nothing.
      if (!isDatabaseError(error)) throw error;
    }
  }
  return ids;
});

/** Which message was the first of those that are alike, over all sessions of one `storage/message`: read only where there is a copy. */
const originalsIn = perRun((messages, all): Originals => {
  const originals = new Originals();
  for (const { path } of all) {
    if (dirname(path) !== messages) continue;
    for (const name of messageNames(path)) {
      const told = toldBy(readAside(join(path, name)));
      if (told !== null) originals.add(name.slice(0, -".json".length), told);
    }
  }
  return originals;
});
