/** Writes carried cells into notes and pushes them, also when other pipelines do the same at the same time. */
import { type Cell, unionCells } from "../core/cell.ts";
import { BobaError, EXIT } from "../core/errors.ts";
import { parseNote, serialiseNote } from "../core/note.ts";
import { alignWithRemote } from "../git/notes-align.ts";
import { readNotes } from "../git/notes.ts";
import { rememberPushed } from "../git/notes-pushed.ts";
import { type NoteText, writeNotes } from "../git/notes-write.ts";
import type { Repository } from "../git/objects.ts";
import { pushNotes, type Remote } from "../git/remote.ts";
import type { App } from "./app.ts";

export interface CarryTarget {
  repo: Repository;
  /** The ref to write to. */
  writer: string;
  /** Whether other pipelines write to that ref too. */
  shared: boolean;
  depth1: boolean;
  /** Null when nothing may be fetched or pushed. */
  remote: Remote | null;
  push: boolean;
}

const ATTEMPTS = 5;
const RACE = /non-fast-forward|fetch first|cannot lock ref|failed to update ref|incorrect old value|stale info/i;

/**
 * Adds cells to the notes of commits; returns how many notes changed. What is there already is not written again.
 * @throws BobaError BOBA-NOTE-4 when the push fails, for another reason than a race or five times in a row.
 */
export async function bookCarried(app: App, target: CarryTarget, cells: ReadonlyMap<string, readonly Cell[]>): Promise<number> {
  const { repo, remote, writer, shared, push } = target;
  const wanted = new Map([...cells].map(([sha, list]) => [sha, [...list]]));
  const changed = new Set<string>();
  for (let attempt = 1; ; attempt++) {
    if (shared && remote !== null) {
      for (const [sha, text] of await alignWithRemote(repo, remote, writer, target.depth1)) {
        wanted.set(sha, [...(wanted.get(sha) ?? []), ...parseNote(text).cells]);
      }
    }
    const written = await writeUnion(app, repo, writer, wanted);
    for (const sha of written?.changed ?? []) changed.add(sha);
    if (written !== null && (!push || remote === null || written.tip === null)) return changed.size;
    const said = written === null || remote === null ? "the notes are being written by another process" : await pushNotes(remote, writer);
    if (said === null) {
      if (!shared && written?.tip) await rememberPushed(repo, writer, written.tip);
      return changed.size;
    }
    if (attempt === ATTEMPTS || (written !== null && !(shared && RACE.test(said)))) {
      throw new BobaError(
        "BOBA-NOTE-4",
        EXIT.network,
        `the notes could not be pushed to ${remote?.name ?? "the remote"}: ${said}`,
        `they are in this clone; try again: git push ${remote?.name ?? "origin"} 'refs/notes/boba/${writer}'`,
      );
    }
    // Those who lost the race must not meet again at the same moment.
    await new Promise((resolve) => setTimeout(resolve, 50 + Math.random() * 400 * attempt));
  }
}

/** Null when another process moved the ref meanwhile. */
async function writeUnion(
  app: App,
  repo: Repository,
  writer: string,
  wanted: ReadonlyMap<string, readonly Cell[]>,
): Promise<{ changed: string[]; tip: string | null } | null> {
  const before = await readNotes(repo, { commits: new Set(wanted.keys()), writer });
  const texts: NoteText[] = [];
  for (const [sha, cells] of wanted) {
    const old = before.entries.filter((entry) => entry.sha === sha).map(({ blob }) => before.bodies.get(blob) ?? Buffer.alloc(0));
    const parsed = old.map((body) => parseNote(body));
    const newer = [...new Set(parsed.flatMap((note) => note.newer))];
    // What the note says comes first: on a tie it stays as it is.
    const merged = unionCells([...parsed.flatMap((note) => note.cells), ...cells]);
    if (merged.length === 0) continue;
    const { text } = serialiseNote(merged, newer);
    if (old.length !== 1 || !old[0]?.equals(Buffer.from(text))) texts.push({ sha, text });
  }
  const base = before.tips.get(writer) ?? null;
  if (texts.length === 0) return { changed: [], tip: base };
  if ((await writeNotes(repo, writer, texts, { base, nowMs: app.now() })) === "moved") return null;
  const tip = (await readNotes(repo, { commits: new Set(), writer })).tips.get(writer) ?? null;
  return { changed: texts.map(({ sha }) => sha), tip };
}
