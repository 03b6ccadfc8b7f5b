/** `boba report --shared`: what colleagues' notes say of a repository, beside one's own ledger. */
import { BobaError, EXIT } from "../core/errors.ts";
import type { CommitFacts, Sum } from "../core/grouping.ts";
import type { Range } from "../core/range.ts";
import { landingsOf } from "../core/landings.ts";
import { beyond, heldCells, inRange, sumOf } from "../core/shared.ts";
import type { Grouping } from "../core/summary.ts";
import { type Cell, unionCells } from "../core/cell.ts";
import { countSkipped } from "../core/ci.ts";
import { readCloneId } from "../git/clone-id.ts";
import { type CommitInfo, readCommits, unreachable } from "../git/commits.ts";
import { locateRepository } from "../git/history.ts";
import { locate, nameRepository } from "../git/repo.ts";
import type { Db } from "../platform/sqlite.ts";
import { cellsOfCommits } from "../store/cells.ts";
import { allRepos, type RepoRow } from "../store/places.ts";
import type { App } from "./app.ts";
import { repoNamed } from "./filter.ts";
import { cellsInNotes } from "./note-cells.ts";

/** A repository's own and shared figures, as `summaryOf` takes them. */
export interface Shared {
  /** The ledger's rows of this repository: every clone of it that this machine has. */
  repos: number[];
  /** The repository that colleagues' cells count for; not one of the ledger's when it has no record of it. */
  repo: { id: number; name: string; commonDir: string };
  sums(by: Grouping): Sum[];
  /** A sum of the ledger's, on the commit that the notes say its work landed on, if its own commit is gone. */
  landed: (sum: Sum) => Sum;
  commit(sha: string): CommitFacts | undefined;
  told: { writers: number; cells: number; skipped: number };
  /** Cells that are only on commits which this clone does not have, and how to get those; null when there are none. */
  missing: { cells: number; remedy: string } | null;
}

/** An id that no row has. */
const UNKNOWN_REPO = -1;

/**
 * Reads the notes of every writer but the clones that the ledger counts for it, for the repository around `app.cwd` or the one named.
 * @throws BobaError BOBA-USE-31 outside a repository, BOBA-USE-22 for a name that is none of the ledger's.
 */
export async function readShared(
  app: App,
  db: Db,
  asked: { repo?: string | undefined; branch?: string | undefined; range: Range },
): Promise<Shared> {
  const all = allRepos(db);
  const repo = await concerned(app, db, all, asked.repo);
  const clones = all.filter(({ id, remote }) => id === repo.id || (remote !== null && remote === repo.remote));
  // Only of the clones whose rows are counted: another of this machine, whose remote is a folder, is known by its notes like a colleague's.
  const own = new Set([repo, ...clones].flatMap(({ commonDir, cloneId }) => [cloneId, readCloneId(commonDir)]));
  const { bySha, skipped } = await cellsInNotes({ commonDir: repo.commonDir, env: app.env }, null);
  const entries = [...bySha].flatMap(([sha, list]) => list.map(({ writer, cells }) => ({ sha, writer, cells })));
  const theirs = entries.filter(({ writer }) => !own.has(writer));
  const writers = new Set(theirs.map(({ writer }) => writer));
  const shared = new Set(theirs.flatMap(({ cells }) => cells.map(({ id }) => id)));
  // What others noted may also be on commits that were made of theirs here.
  const notes = entries.map(({ sha, cells }) => [sha, cells.filter(({ id }) => shared.has(id))] as const);
  const held = heldCells(notes);
  const ledger = ledgerCells(db, clones);
  const both = new Map([...ledger].filter(([, cells]) => cells.every(({ id }) => shared.has(id))));
  const shas = [...new Set([...held.flatMap(({ commits }) => commits), ...both.keys()])];
  const where = { at: repo.commonDir, env: app.env };
  const facts = await readCommits(shas, where);
  const lost = await unreachable(shas, where);
  const known = new Map(unionCells([...ledger.values()].flat()).map((cell) => [cell.id, cell]));
  const find = { lost, facts };
  const landings = landingsOf(
    both,
    held,
    (sha) => lost.has(sha),
    (some) => (some.length === 0 ? undefined : newest(some, find)),
  );
  const taken = held.flatMap(({ cell, commits }) => {
    if (!inRange(cell, asked.range) || (asked.branch !== undefined && cell.branch !== asked.branch)) return [];
    const counts = beyond(cell, known.get(cell.id));
    return counts === null ? [] : [{ cell, counts, commit: newest(commits, find), oldest: oldest(commits, facts) }];
  });
  const missing = taken.filter(({ commit }) => !facts.has(commit)).length;
  return {
    repos: clones.map(({ id }) => id),
    repo,
    landed: (sum) => {
      const commit = sum.commit === null ? undefined : landings.get(sum.commit);
      return commit === undefined ? sum : { ...sum, repo: repo.id, commit };
    },
    sums: (by) => taken.map((one) => sumOf(by, repo.id, one)),
    commit(sha) {
      const found = facts.get(sha);
      if (found === undefined && !lost.has(sha)) return undefined;
      return { author: found?.author ?? null, subject: found?.subject ?? null, reachable: !lost.has(sha), missing: found === undefined };
    },
    told: { writers: writers.size, cells: taken.length, skipped: countSkipped(skipped) },
    missing:
      missing === 0 ? null : { cells: missing, remedy: (await locateRepository(where)).shallow ? "git fetch --unshallow" : "git fetch" },
  };
}

type Concerned = Pick<RepoRow, "id" | "name" | "commonDir" | "remote" | "cloneId">;

async function concerned(app: App, db: Db, all: readonly RepoRow[], name: string | undefined): Promise<Concerned> {
  if (name !== undefined) {
    const id = repoNamed(db, name);
    return all.find((repo) => repo.id === id) as RepoRow;
  }
  const location = await locate(app.cwd, app.env);
  if (location === null) {
    throw new BobaError(
      "BOBA-USE-31",
      EXIT.usage,
      `${app.cwd} is not in a git repository, and notes are in repositories`,
      "run it inside a clone, or name one: boba report --shared --repo <name>",
    );
  }
  const { commonDir } = location;
  return (
    all.find((repo) => repo.commonDir === commonDir) ?? {
      id: UNKNOWN_REPO,
      commonDir,
      cloneId: null,
      ...(await nameRepository(location, app.env)),
    }
  );
}

/** The ledger's own cells by commit, whatever the range: what is known here must not come back as a colleague's. */
function ledgerCells(db: Db, clones: readonly RepoRow[]): Map<string, Cell[]> {
  const found = new Map<string, Cell[]>();
  for (const { id } of clones) {
    for (const [sha, cells] of cellsOfCommits(db, id)) found.set(sha, [...(found.get(sha) ?? []), ...cells]);
  }
  return found;
}

interface Found {
  /** Missing, or reached by no ref. */
  lost: ReadonlySet<string>;
  /** Of those that this clone has. */
  facts: ReadonlyMap<string, CommitInfo>;
}

/**
 * The newest commit that a ref reaches. Else one that this clone lacks: it may be what the others became. Else the newest; of two of the same
 * second the one made upon the other, else by id.
 */
function newest(commits: readonly string[], { lost, facts }: Found): string {
  const date = (sha: string) => facts.get(sha)?.committedAt ?? 0;
  const upon = (sha: string, parent: string) => Number(facts.get(sha)?.parents.includes(parent) ?? false);
  const order = (a: string, b: string) =>
    Number(lost.has(a)) - Number(lost.has(b)) ||
    (lost.has(a) ? Number(facts.has(a)) - Number(facts.has(b)) : 0) ||
    date(b) - date(a) ||
    upon(b, a) - upon(a, b) ||
    (a < b ? -1 : 1);
  return commits.toSorted(order)[0] as string;
}

/** The oldest of the commits that this clone has, by when it was written, then committed; of two of the same second the one that the other was made upon. */
function oldest(commits: readonly string[], facts: Found["facts"]): string | null {
  const here = commits.flatMap((sha) => facts.get(sha) ?? []);
  const order = (a: CommitInfo, b: CommitInfo) =>
    a.authoredAt - b.authoredAt ||
    a.committedAt - b.committedAt ||
    Number(a.parents.includes(b.sha)) - Number(b.parents.includes(a.sha)) ||
    (a.sha < b.sha ? -1 : 1);
  return here.toSorted(order)[0]?.sha ?? null;
}
