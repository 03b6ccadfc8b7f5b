/** The cells that the notes of all writers hold for some commits. */
import type { Cell } from "../core/cell.ts";
import { noneSkipped, type Skipped } from "../core/ci.ts";
import { type BadLine, parseNote, type ParsedNote } from "../core/note.ts";
import { readNotes } from "../git/notes.ts";
import type { Repository } from "../git/objects.ts";

export interface NoteCell {
  writer: string;
  cells: Cell[];
}

export interface CellsInNotes {
  /** By commit, one entry a writer. */
  bySha: Map<string, NoteCell[]>;
  skipped: Skipped;
  /** How many writers have a ref here. */
  writers: number;
}

/** `commits` null: of every commit that has a note. */
export async function cellsInNotes(repo: Repository, commits: readonly string[] | null): Promise<CellsInNotes> {
  const notes = await readNotes(repo, { commits: commits === null ? null : new Set(commits) });
  const skipped: Skipped = { ...noneSkipped(), entries: notes.strange, refs: notes.badRefs };
  const bySha = new Map<string, NoteCell[]>();
  // An amended commit's note is often byte for byte the note of the commit before it.
  const parsedBlobs = new Map<string, ParsedNote>();
  for (const { writer, sha, blob } of notes.entries) {
    const body = notes.bodies.get(blob) ?? null;
    if (body === null) {
      skipped.notes++;
      continue;
    }
    const parsed = parsedBlobs.get(blob) ?? parseNote(body);
    parsedBlobs.set(blob, parsed);
    skipped.newer += parsed.newer.length;
    for (const [reason, n] of Object.entries(parsed.bad)) {
      skipped.lines[reason as BadLine] = (skipped.lines[reason as BadLine] ?? 0) + n;
    }
    if (parsed.cells.length === 0) continue;
    const list = bySha.get(sha);
    if (list === undefined) bySha.set(sha, [{ writer, cells: parsed.cells }]);
    else list.push({ writer, cells: parsed.cells });
  }
  return { bySha, skipped, writers: notes.tips.size };
}
