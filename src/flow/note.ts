/** Step 5 of a record's path: the commit carries the total. Brings the notes of changed commits up to date. */
import { type Cell, unionCells } from "../core/cell.ts";
import { parseNote, serialiseNote } from "../core/note.ts";
import { sourcesOf } from "../core/rewrites.ts";
import { type Notes, readNotes } from "../git/notes.ts";
import { type NoteText, writeNotes } from "../git/notes-write.ts";
import { checkObjects, type Repository } from "../git/objects.ts";
import { type Db, transaction, versionSeen } from "../platform/sqlite.ts";
import { cellsOfCommits, dirtyCommits, markNoted } from "../store/cells.ts";
import { rewritesOf } from "../store/claims.ts";
import type { App } from "./app.ts";
import { cellsInNotes } from "./note-cells.ts";

export interface NotedRepo {
  /** Row id in the ledger. */
  id: number;
  commonDir: string;
  cloneId: string;
}

export interface NotesWritten {
  /** Notes that were new or changed. */
  written: number;
  /** Commits still waiting: another process kept moving the ref, or the commit's objects are gone. */
  left: number;
}

/** Another process may move the ref between our reading and our writing; it is then read again. */
const ATTEMPTS = 3;

/**
 * Writes the notes of all commits marked as changed. What the note already holds is kept, so a lost ledger loses nothing. A commit that stands for
 * another also gets what others noted on that one: work of another machine that was amended or rebased here.
 * @throws BobaError BOBA-NOTE-6 or BOBA-NOTE-7 when git cannot read or write; the commits then stay marked.
 */
export async function writeDirtyNotes(app: App, db: Db, repo: NotedRepo): Promise<NotesWritten> {
  const dirty = dirtyCommits(db, repo.id);
  if (dirty.length === 0) return { written: 0, left: 0 };
  const place: Repository = { commonDir: repo.commonDir, env: app.env };
  // A ref names a commit that a collection removed, or never fetched: fast-import would refuse the whole batch for it.
  const there = await checkObjects(
    place,
    dirty.map(({ sha }) => sha),
  );
  const shas = dirty.map(({ sha }) => sha).filter((sha) => there.get(sha)?.type === "commit");
  const sources = sourcesOf(rewritesOf(db, repo.id), shas);
  const others = await othersCells(place, repo.cloneId, new Set([...sources.values()].flatMap((olds) => [...olds])));
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const version = versionSeen(db);
    const cells = cellsOfCommits(db, repo.id, shas);
    const before = await readNotes(place, { commits: new Set(shas), writer: repo.cloneId });
    const changed: NoteText[] = [];
    const texts = textsBySha(before);
    for (const sha of shas) {
      const old = texts.get(sha) ?? [];
      const parsed = old.map((body) => parseNote(body));
      // The ledger first: on equal counts its figures are the fresher ones, for instance after repricing.
      const carried = [...(sources.get(sha) ?? [])].flatMap((source) => others.get(source) ?? []);
      const merged = unionCells([...(cells.get(sha) ?? []), ...parsed.flatMap((note) => note.cells), ...carried]);
      const newer = [...new Set(parsed.flatMap((note) => note.newer))];
      if (merged.length === 0 && newer.length === 0) continue;
      const { text, leftOut } = serialiseNote(merged, newer);
      if (leftOut > 0) app.log.write("warn", "note-full", { commit: sha, leftOut });
      if (old.length !== 1 || !old[0]?.equals(Buffer.from(text))) changed.push({ sha, text });
    }
    const options = { base: before.tips.get(repo.cloneId) ?? null, nowMs: app.now() };
    if (changed.length > 0 && (await writeNotes(place, repo.cloneId, changed, options)) === "moved") continue;
    const done = markUnchanged(db, repo.id, { cells, version }, shas);
    app.log.write("debug", "notes-written", { written: changed.length, left: dirty.length - done });
    return { written: changed.length, left: dirty.length - done };
  }
  app.log.write("warn", "notes-contended", { commits: shas.length });
  return { written: 0, left: dirty.length };
}

/** What the other writers' notes hold, by commit. */
async function othersCells(place: Repository, ownId: string, commits: ReadonlySet<string>): Promise<ReadonlyMap<string, Cell[]>> {
  if (commits.size === 0) return new Map();
  const { bySha } = await cellsInNotes(place, [...commits]);
  const others = [...bySha].map(([sha, notes]) => [sha, notes.flatMap(({ writer, cells }) => (writer === ownId ? [] : cells))] as const);
  return new Map(others);
}

/** Usually one text a commit; a tree that someone else wrote may hold the same commit at two depths. */
function textsBySha(notes: Notes): Map<string, Buffer[]> {
  const texts = new Map<string, Buffer[]>();
  for (const { sha, blob } of notes.entries) {
    const body = notes.bodies.get(blob);
    if (body) texts.set(sha, [...(texts.get(sha) ?? []), body]);
  }
  return texts;
}

/** What the notes were made of, and the ledger's version then. */
interface Looked {
  cells: ReadonlyMap<string, readonly Cell[]>;
  version: number;
}

/** Clears the mark of those commits whose cells are still what was written: a record that came in meanwhile keeps its commit marked. */
function markUnchanged(db: Db, repoId: number, { cells, version }: Looked, shas: readonly string[]): number {
  return transaction(db, () => {
    // Mostly nobody has written: then nothing need be worked out again.
    const now = versionSeen(db) === version ? cells : cellsOfCommits(db, repoId, shas);
    const settled = new Set(shas.filter((sha) => now === cells || JSON.stringify(now.get(sha)) === JSON.stringify(cells.get(sha))));
    const ids = dirtyCommits(db, repoId).filter(({ sha }) => settled.has(sha));
    markNoted(
      db,
      ids.map(({ id }) => id),
    );
    return settled.size;
  });
}
