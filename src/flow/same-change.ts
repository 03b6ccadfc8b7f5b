/** Whether commits change exactly what whole lines of commits change: files first, which rules out nearly everything, then the change itself. */
import { changedPaths } from "../git/changes.ts";
import { mergesTo } from "../git/merge-tree.ts";
import { patchIds } from "../git/patch-ids.ts";

/** A line of commits: all that `tip` has changed since `base`. */
export interface LineRange {
  tip: string;
  base: string;
}

interface At {
  at: string;
  env: NodeJS.ProcessEnv;
}

/** Merges tried where patches differ but files do not: a process or three each. */
const MAX_MERGES = 10;

/** Pairs of a commit and a line's tip which change the same files, where there are any. Two processes. */
export async function sameFiles(commits: readonly string[], lines: readonly LineRange[], where: At): Promise<Map<string, string[]>> {
  const ofCommits = await changedPaths(
    commits.map((sha) => ({ sha })),
    where,
  );
  const ofLines = await changedPaths(
    lines.map(({ tip, base }) => ({ sha: tip, against: base })),
    where,
  );
  const byKey = new Map<string, string[]>();
  for (const [tip, paths] of ofLines) byKey.set(keyOf(paths), [...(byKey.get(keyOf(paths)) ?? []), tip]);
  const found = new Map<string, string[]>();
  for (const sha of commits) {
    const paths = ofCommits.get(sha);
    const tips = paths === undefined || paths.size === 0 ? undefined : byKey.get(keyOf(paths));
    if (tips !== undefined) found.set(sha, tips);
  }
  return found;
}

/**
 * Which of these pairs are the same change: one patch, or, where the base moved in the lines around, exactly what merging gives.
 * `parentOf` gives a commit's first parent. Four processes, and a bounded number of merges.
 */
export async function sameChanges(
  pairs: ReadonlyMap<string, readonly string[]>,
  lines: readonly LineRange[],
  parentOf: (sha: string) => string | undefined,
  where: At,
): Promise<(commit: string, tip: string) => boolean> {
  const patches = await patchIds(
    [...pairs.keys()].map((sha) => ({ sha })),
    where,
  );
  const tips = new Set([...pairs.values()].flat());
  const linePatches = await patchIds(
    lines.filter(({ tip }) => tips.has(tip)).map(({ tip, base }) => ({ sha: tip, against: base })),
    where,
  );
  const samePatch = (commit: string, tip: string) => patches.has(commit) && patches.get(commit) === linePatches.get(tip);
  const merged = new Set<string>();
  let tried = 0;
  for (const [sha, same] of pairs) {
    const parent = parentOf(sha);
    if (parent === undefined || same.some((tip) => samePatch(sha, tip))) continue;
    for (const tip of same) if (tried++ < MAX_MERGES && (await mergesTo(where, parent, tip, sha))) merged.add(`${sha} ${tip}`);
  }
  return (commit, tip) => samePatch(commit, tip) || merged.has(`${commit} ${tip}`);
}

const keyOf = (paths: ReadonlySet<string>): string => [...paths].sort().join("\0");
