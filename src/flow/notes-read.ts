/** `boba notes status` and `show`: whose notes are here, and what they say of one commit. */
import type { Cell } from "../core/cell.ts";
import type { Skipped } from "../core/ci.ts";
import { BobaError, EXIT } from "../core/errors.ts";
import type { ShareTrouble } from "../core/share.ts";
import { readCloneId } from "../git/clone-id.ts";
import { locateRepository, resolveCommit } from "../git/history.ts";
import { listNotes, NOTES_PREFIX } from "../git/notes.ts";
import { countUnpushed } from "../git/notes-pushed.ts";
import { realPathOf } from "../git/hook-file.ts";
import type { App } from "./app.ts";
import { isShared, readManifest } from "./hooks-manifest.ts";
import { cellsInNotes } from "./note-cells.ts";
import { sharingOf } from "./share-status.ts";

export interface NotesStatus {
  own: {
    /** Null when this clone has no id yet. */
    ref: string | null;
    notes: number;
    /** Notes changed since the last push from here; null when there was none. */
    unpushed: number | null;
  };
  others: { writer: string; notes: number }[];
  share: {
    /** Whether notes follow a push from here. */
    on: boolean;
    /** Remotes that they did not reach. */
    troubles: ShareTrouble[];
  };
  /** Entries and refs below `refs/notes/boba/` that are not notes. */
  strange: number;
}

/** @throws BobaError BOBA-NOTE-1 outside a repository. */
export async function notesStatus(app: App): Promise<NotesStatus> {
  const { commonDir } = await locateRepository({ at: app.cwd, env: app.env });
  const repo = { commonDir, env: app.env };
  const ownId = readCloneId(commonDir);
  const { tips, entries, strange, badRefs } = await listNotes(repo, { commits: null });
  const counts = new Map([...tips.keys()].map((writer) => [writer, 0]));
  for (const { writer } of entries) counts.set(writer, (counts.get(writer) ?? 0) + 1);
  const place = realPathOf(commonDir);
  const on = isShared(readManifest(app.paths.hooksManifest), place);
  const ownTip = ownId === null ? undefined : tips.get(ownId);
  return {
    own: {
      ref: ownId === null ? null : NOTES_PREFIX + ownId,
      notes: ownId === null ? 0 : (counts.get(ownId) ?? 0),
      unpushed: ownId === null || ownTip === undefined ? null : await countUnpushed(repo, ownId, ownTip),
    },
    others: [...counts].filter(([writer]) => writer !== ownId).map(([writer, notes]) => ({ writer, notes })),
    share: { on, troubles: on ? await sharingOf(app, place) : [] },
    strange: strange + badRefs,
  };
}

export interface ShownNotes {
  commit: string;
  writers: { writer: string; own: boolean; cells: Cell[] }[];
  skipped: Skipped;
}

/** @throws BobaError BOBA-NOTE-1 outside a repository, BOBA-NOTE-8 for a revision that git does not know. */
export async function showNotes(app: App, rev: string): Promise<ShownNotes> {
  const place = { at: app.cwd, env: app.env };
  const { commonDir } = await locateRepository(place);
  const ownId = readCloneId(commonDir);
  // A full id is enough: the note of a commit that a shallow clone lacks can still be read.
  const commit = /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(rev) ? rev : rev.startsWith("-") ? null : await resolveCommit(place, rev);
  if (commit === null) {
    throw new BobaError("BOBA-NOTE-8", EXIT.usage, `git knows no revision "${rev}" here`, "try: boba notes show HEAD");
  }
  const { bySha, skipped } = await cellsInNotes({ commonDir, env: app.env }, [commit]);
  const writers = (bySha.get(commit) ?? []).map(({ writer, cells }) => ({ writer, own: writer === ownId, cells }));
  return { commit, writers, skipped };
}
