/** From what was typed to the records that count. */
import { BobaError, EXIT } from "../core/errors.ts";
import type { Footnotes } from "../core/footnotes.ts";
import type { CommitFacts, Lookups, Sum } from "../core/grouping.ts";
import type { Clock, Range } from "../core/range.ts";
import { suggest } from "../core/nearest.ts";
import { displayNames, matchRepos } from "../core/repo-names.ts";
import type { Grouping, StateGap } from "../core/summary.ts";
import { knowsBranch } from "../git/refs.ts";
import type { Db } from "../platform/sqlite.ts";
import { localOffsetMs } from "../platform/zone.ts";
import { allRepos } from "../store/places.ts";
import { branchesOfRecords, commitLookup, type Filter } from "../store/report.ts";
import { countSkipped } from "../store/skipped.ts";
import { unpricedModels } from "../store/unpriced.ts";
import type { App } from "./app.ts";
import type { Shared } from "./shared.ts";
import { statesOf } from "./states.ts";
import { ticketFinder } from "./tickets.ts";

export function clockOf(app: App): Clock {
  return { nowMs: app.now(), offsetMs: localOffsetMs };
}

/** The repository that a typed name stands for. @throws BobaError BOBA-USE-22 when it is none of the ledger's, or several. */
export function repoNamed(db: Db, typed: string): number {
  const repos = allRepos(db);
  const [found, ...others] = matchRepos(repos, typed);
  if (found !== undefined && others.length === 0) return found;
  const names = [...displayNames(repos).values()].slice(0, 10).join(", ");
  const problem = found === undefined ? "no repository is called" : "more than one repository is called";
  const hint = names === "" ? "nothing is recorded yet: run boba import" : `known: ${names} (a folder will do too)`;
  throw new BobaError("BOBA-USE-22", EXIT.usage, `${problem} ${JSON.stringify(typed.slice(0, 100))}`, hint);
}

/**
 * Lets pass a branch that some record is on, or that git knows in `repo` (null: around `app.cwd`), here or on a remote: nothing may have been spent
 * there yet. @throws BobaError BOBA-USE-71 for any other.
 */
export async function refuseUnknownBranch(app: App, db: Db, typed: string, repo: number | null): Promise<void> {
  const known = branchesOfRecords(db);
  if (known.includes(typed)) return;
  const at = allRepos(db).find(({ id }) => id === repo)?.commonDir ?? app.cwd;
  if (await knowsBranch(typed, { at, env: app.env })) return;
  const hint = known.length === 0 ? "nothing is recorded on any branch yet: run boba import" : suggest(typed, known);
  throw new BobaError("BOBA-USE-71", EXIT.usage, `no record is on a branch called ${JSON.stringify(typed.slice(0, 100))}`, hint);
}

export function everything(range: Range): Filter {
  return { ...range, repo: null, branch: null, project: null };
}

/** What `by` needs to name the rows of `sums`, and of what `shared` holds; reads no more than that. */
export async function lookupsFor(
  app: App,
  db: Db,
  by: Grouping,
  sums: readonly Sum[],
  shared?: Shared,
): Promise<Lookups & { stateGaps: StateGap[] }> {
  const ledger = allRepos(db);
  const repos = shared === undefined || ledger.some(({ id }) => id === shared.repo.id) ? ledger : [...ledger, shared.repo];
  const names = displayNames(repos);
  const repoName = (repo: number) => names.get(repo) ?? `repository ${repo}`;
  const facts = by === "commit" || by === "author";
  const stored: (repo: number, sha: string) => CommitFacts | undefined =
    facts || by === "branch" || by === "ticket" || by === "state" ? commitLookup(db, facts) : () => undefined;
  const folders = new Map(repos.map(({ id, commonDir }) => [id, commonDir]));
  const { stateOf, gaps } = await statesOf(app, db, by === "state" ? sums : [], folders, repoName);
  return {
    clock: { offsetMs: localOffsetMs },
    ticketOf: by === "ticket" ? await ticketFinder(app) : () => null,
    repoName,
    // What git says now comes first: of a commit that it holds nothing of, the ledger does not keep up whether a ref reaches it.
    commit: (repo, sha) => {
      const told = repo === shared?.repo.id ? shared.commit(sha) : undefined;
      const known = stored(repo, sha);
      return told === undefined
        ? known
        : { ...told, author: told.author ?? known?.author ?? null, subject: told.subject ?? known?.subject ?? null };
    },
    stateOf,
    stateGaps: gaps,
  };
}

/** The gaps behind a total of which `unpriced` requests have no price. */
export function footnotesFor(db: Db, filter: Filter, unpriced: number): Footnotes {
  const models = unpriced === 0 ? [] : unpricedModels(db, filter);
  return { unpricedModels: models.map(({ model, records }) => [model, records]), skipped: countSkipped(db) };
}
