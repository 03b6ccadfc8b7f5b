/** Finds out what became of committed work: asks git, a constant number of processes a repository. */
import type { Sum } from "../core/grouping.ts";
import { type Graph, stateFinder } from "../core/state.ts";
import type { StateGap } from "../core/summary.ts";
import { defaultBranch, parentsOn, reachedBy, revertsOn } from "../git/default-branch.ts";
import type { Db } from "../platform/sqlite.ts";
import { oldestClaimed, standingsOf } from "../store/evidence.ts";
import type { App } from "./app.ts";

export interface States {
  stateOf: (repo: number, sha: string) => "shipped" | "open" | "reverted";
  /** Repositories of which git could not tell: what is committed there counts as open. */
  gaps: StateGap[];
}

/** `commonDirs` and `nameOf` say where a repository is and what it is called. */
export async function statesOf(
  app: App,
  db: Db,
  sums: readonly Sum[],
  commonDirs: ReadonlyMap<number, string>,
  nameOf: (repo: number) => string,
): Promise<States> {
  const homes = new Map<number, Set<string>>();
  for (const { repo, commit } of sums) {
    if (repo === null || commit === null) continue;
    homes.set(repo, (homes.get(repo) ?? new Set()).add(commit));
  }
  const finders = new Map<number, ReturnType<typeof stateFinder>>();
  const gaps: StateGap[] = [];
  for (const [repo, shas] of homes) {
    const where = { at: commonDirs.get(repo) ?? "", env: app.env };
    const ref = await defaultBranch(where);
    if (ref) finders.set(repo, stateFinder(await graphOf(db, repo, shas, ref, where)));
    else gaps.push({ repo: nameOf(repo), reason: ref === null ? "no default branch" : "repository gone" });
  }
  return { stateOf: (repo, sha) => finders.get(repo)?.(sha) ?? "open", gaps };
}

async function graphOf(
  db: Db,
  repo: number,
  homes: ReadonlySet<string>,
  ref: string,
  where: Parameters<typeof defaultBranch>[0],
): Promise<Graph> {
  const standings = standingsOf(db, repo);
  const sinceS = oldestClaimed(db, repo);
  const reverts = await revertsOn(ref, sinceS, where);
  const named = reverts.flatMap((revert) => revert.reverts.map(({ sha }) => sha));
  const asked = new Set([...homes, ...standings.flatMap(({ oldSha, newSha }) => [oldSha, newSha]), ...named]);
  const onDefault = await reachedBy(ref, [...asked], where);
  const merges = reverts.some((revert) => revert.reverts.some(({ base }) => base !== null));
  return { onDefault, reverts, standings, parents: merges ? await parentsOn(ref, sinceS, where) : new Map() };
}
