/** A squash made here of which neither a hook nor its message tells: its change is the evidence. */
import { forkOf, reachedFrom } from "../core/fork.ts";
import type { Rewrite } from "../core/rewrites.ts";
import { type Candidate, reachability } from "../core/squash-candidates.ts";
import { type Line, squashesThatArrived } from "../core/squashes.ts";
import { parentsBelow } from "../git/lines.ts";
import type { KnownCommit } from "../store/commits.ts";
import type { RepoRow } from "../store/places.ts";
import type { App } from "./app.ts";
import { sameChanges, sameFiles } from "./same-change.ts";

/**
 * Pairs each candidate that changes exactly what one of its branches changes as a whole with all that this branch was made of. No git process without a
 * candidate, else a constant number.
 */
export async function squashesMade(
  app: App,
  repo: RepoRow,
  known: ReadonlyMap<string, KnownCommit>,
  candidates: readonly Candidate[],
): Promise<Rewrite[]> {
  if (candidates.length === 0) return [];
  const where = { at: repo.commonDir, env: app.env };
  const lines = await linesOf(candidates, known, where);
  const ranges = [...lines.values()];
  const likely = await sameFiles(
    candidates.flatMap(({ sha, tips }) => (tips.some((tip) => lines.has(tip)) ? [sha] : [])),
    ranges,
    where,
  );
  if (likely.size === 0) return [];
  const same = await sameChanges(likely, ranges, (sha) => known.get(sha)?.parents[0], where);
  const reaches = reachability(known);
  const landed: Rewrite[] = [];
  for (const { sha, eventId, tips } of candidates) {
    const commit = known.get(sha);
    const open = tips.flatMap((tip) => lines.get(tip) ?? []);
    const isNew = (line: Line) => !landed.some(({ oldSha, newSha }) => oldSha === line.tip && reaches(sha, newSha));
    if (commit === undefined) continue;
    const [match] = squashesThatArrived([{ ...commit, mentions: [] }], open.filter(isNew), same);
    for (const oldSha of match?.oldShas ?? []) landed.push({ oldSha, newSha: sha, via: "squash", evidence: "patch-id", eventId });
  }
  return landed;
}

/** What each branch has of its own, seen from the commits that may be its squash: from where it last left the history of one of them. */
async function linesOf(
  candidates: readonly Candidate[],
  known: ReadonlyMap<string, KnownCommit>,
  where: { at: string; env: NodeJS.ProcessEnv },
): Promise<Map<string, Line & { base: string }>> {
  const graph = await parentsBelow(
    candidates.flatMap(({ sha, tips }) => [sha, ...tips]),
    where,
  );
  const lines = new Map<string, Line & { base: string }>();
  const lengths = new Map<string, number>();
  for (const { sha, tips } of candidates) {
    const trunk = reachedFrom(sha, graph);
    for (const tip of tips) {
      const fork = forkOf(tip, trunk, graph);
      if (fork === null || fork.above.length >= (lengths.get(tip) ?? Number.POSITIVE_INFINITY)) continue;
      lengths.set(tip, fork.above.length);
      lines.set(tip, { tip, base: fork.base, commits: fork.above.flatMap((one) => known.get(one) ?? []) });
    }
  }
  return lines;
}
