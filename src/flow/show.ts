/** What commits cost, cell by cell: from the ledger, and from the notes of everyone who shares theirs. */
import type { Cell } from "../core/cell.ts";
import { costOfRange, type RangeCost, type Skipped } from "../core/ci.ts";
import { BobaError, EXIT } from "../core/errors.ts";
import type { Reason } from "../core/summary.ts";
import { listCommits, locateRepository, type Place, resolveCommit } from "../git/history.ts";
import { refTips } from "../git/refs.ts";
import { reasonsOfCommits } from "../store/evidence.ts";
import { cellsOfCommits, repoIdOf } from "../store/cells.ts";
import type { App } from "./app.ts";
import { cellsInNotes } from "./note-cells.ts";
import { openView } from "./refresh.ts";

export interface Shown {
  cost: RangeCost;
  skipped: Skipped;
  warnings: string[];
  /** With `why`: how and on what evidence this ledger's records came to each commit; commits known from notes alone have no entry. */
  why: ReadonlyMap<string, readonly Reason[]> | null;
}

/**
 * Cells of one revision, or of every commit of a range (`a..b`). Works without a ledger row: notes are enough.
 * @throws BobaError BOBA-NOTE-8 for a revision that git does not know.
 */
export async function showCommits(app: App, rev: string, options: { import: boolean; why?: boolean }): Promise<Shown> {
  const place = { at: app.cwd, env: app.env };
  const { commonDir } = await locateRepository(place);
  const isRange = rev.includes("..");
  const commits = rev === "" || rev.startsWith("-") ? null : await listCommits(place, [rev], isRange ? undefined : 1);
  if (commits === null || (commits.length === 0 && !isRange)) {
    throw await unknownRevision(place, rev);
  }
  const shas = commits.map(({ sha }) => sha);
  const view = await openView(app, options);
  try {
    const repoId = repoIdOf(view.db, commonDir);
    // The ledger first: on equal counts its figures win over what a note says.
    const bySha: Map<string, Cell[]> = repoId === null ? new Map() : cellsOfCommits(view.db, repoId, shas);
    const { bySha: noted, skipped } = await cellsInNotes({ commonDir, env: app.env }, shas);
    for (const [sha, notes] of noted) bySha.set(sha, [...(bySha.get(sha) ?? []), ...notes.flatMap(({ cells }) => cells)]);
    const reasons = () => (repoId === null ? new Map<string, Reason[]>() : reasonsOfCommits(view.db, repoId, shas));
    return { cost: costOfRange(commits, bySha), skipped, warnings: view.warnings, why: options.why === true ? reasons() : null };
  } finally {
    view.close();
  }
}

async function unknownRevision(place: Place, rev: string): Promise<BobaError> {
  const fail = (problem: string, hint: string) => new BobaError("BOBA-NOTE-8", EXIT.usage, problem, hint);
  const unknown = `git knows no revision or range "${rev}" here`;
  if ((await resolveCommit(place, "HEAD")) !== null) return fail(unknown, "try: boba show HEAD, or boba show main..HEAD");
  if ((await refTips(place))?.length !== 0) return fail(unknown, "the branch you are on has no commit yet; name another: git branch --all");
  return fail("this repository has no commit yet", "make one, then: boba show HEAD");
}
