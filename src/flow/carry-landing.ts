/** Gathers what `core/carry` decides on, with a number of git processes that does not depend on the pull request's size. */
import type { CarryCommit, Landing } from "../core/carry.ts";
import { changedPaths } from "../git/changes.ts";
import { readCommits } from "../git/commits.ts";
import { listCommits, type Place } from "../git/history.ts";
import { firstParents, isAncestor, mergeBase, mergesTo } from "../git/merge-tree.ts";
import { patchIds } from "../git/patch-ids.ts";

export interface Ends {
  merge: string;
  head: string;
  base: string;
}

export interface Gathered {
  facts: Landing;
  /** The pull request's commits, newest first. */
  pull: string[];
  /** The merge commit above a squash commit (GitLab makes both); null when there is none. */
  mergeAbove: string | null;
}

/** "present" when the base branch has the pull request's own commits: there is nothing to carry. */
export async function landingOf(place: Place, { merge, head, base }: Ends): Promise<Gathered | "present"> {
  const parents = (await readCommits([merge], place)).get(merge)?.parents ?? [];
  const [first, second] = parents;
  if (merge === head || (first !== undefined && (await isAncestor(place, head, first)))) return "present";
  const joins = parents.length > 1 && (await isAncestor(place, head, merge));
  const landed = parents.length > 1 && !joins && second !== undefined ? second : merge;
  // A base that is told too late holds the merge itself.
  const late = await isAncestor(place, merge, base);
  const outside = [...(late ? [] : [`^${base}`]), ...(first === undefined ? [] : [`^${first}`])];
  const pull = ((await listCommits(place, [head, ...outside])) ?? []).map(({ sha }) => sha);
  const line = joins ? [landed] : await firstParents(place, landed, pull.length + 1);
  const under = joins ? first : line[1];
  const root = under === undefined ? null : await mergeBase(place, under, head);
  const commits = await describe(place, [...pull, ...line]);
  const single = line.slice(1).findIndex((sha) => (commits.get(sha)?.parents ?? 0) !== 1);
  const whole = root === null ? undefined : (await patchIds([{ sha: head, against: root }], place)).get(head);
  const known = (sha: string) => commits.get(sha)?.commit ?? [];
  const [top] = [landed].flatMap(known);
  if (top === undefined) return "present";
  return {
    facts: {
      merge: top,
      pull: pull.flatMap(known),
      below: line.slice(1, single < 0 ? undefined : single + 1).flatMap(known),
      joins,
      wholePatchId: whole ?? null,
      sameResult: !joins && under !== undefined && (await mergesTo(place, under, head, landed)),
    },
    pull,
    mergeAbove: landed === merge ? null : merge,
  };
}

async function describe(place: Place, shas: readonly string[]): Promise<Map<string, { commit: CarryCommit; parents: number }>> {
  const distinct = [...new Set(shas)].map((sha) => ({ sha }));
  const infos = await readCommits(
    distinct.map(({ sha }) => sha),
    place,
  );
  const patches = await patchIds(distinct, place);
  const paths = await changedPaths(distinct, place);
  return new Map(
    [...infos].map(([sha, { author, authoredAt, subject, parents }]) => {
      const files = paths.get(sha) ?? new Set<string>();
      return [sha, { commit: { sha, author, authoredAt, subject, patchId: patches.get(sha) ?? null, files }, parents: parents.length }];
    }),
  );
}
