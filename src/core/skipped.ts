/** Which of the pairs that git writes for a squash or a fixup are of commits that were skipped before it: their change is in none of its steps. */
import { isUniting, picksOf, type RebaseBlock, type RewritePair } from "./rewrites.ts";
import type { GitEvent } from "./timeline.ts";

/** A commit of a rebase that git names more old commits for than its steps can have put into it. */
export interface Crowd {
  /** The old commits, in the order of git's list. */
  olds: string[];
  /** Whether the first of them is surely in it: what a later one was united with. */
  firstIsIn: boolean;
  /** How many of them it can stand for. */
  room: number;
  /** The steps that united another commit with it. */
  uniting: GitEvent[];
  /** What it was on the way, and in the end. */
  made: ReadonlySet<string>;
}

/**
 * The crowds of a finished rebase. Git names a skipped commit as part of what HEAD is then, and, if a squash or a fixup comes next, of what
 * that makes; it names what HEAD held before as it was then. `parentOf` gives a commit's first parent (undefined when unknown).
 */
export function crowdsOf(block: RebaseBlock, pairs: readonly RewritePair[], parentOf: (sha: string) => string | undefined): Crowd[] {
  return picksOf(block, parentOf).flatMap((pick): Crowd[] => {
    const uniting = pick.steps.filter(isUniting);
    const made = new Set(pick.steps.map(({ newSha }) => newSha));
    const named = pairs.filter(({ oldSha, newSha }) => made.has(newSha) && !made.has(oldSha));
    const olds = [...new Set(named.map(({ oldSha }) => oldSha))];
    // A commit that stood there already, and is none of the rebase's own, is not in git's list.
    const foreign = pick.replaced !== null && !olds.includes(pick.replaced);
    const room = pick.parts - (foreign ? 1 : 0);
    return pick.parts > 1 && olds.length > room ? [{ olds, firstIsIn: !foreign, room, uniting, made }] : [];
  });
}

/**
 * The old commits of a crowd that nothing shows to be in it. One that a step put there changed what the step changes; where a conflict made that
 * another change, nothing tells which it was. One without a change (or that git cannot read: no patch) is left to other evidence.
 */
export function skippedOf(
  { olds, firstIsIn, room, uniting }: Crowd,
  patchOf: (sha: string) => string | undefined,
  stepPatchOf: (sha: string) => string | undefined,
): string[] {
  const changing = olds.filter((sha) => patchOf(sha) !== undefined);
  if (changing.length <= room) return [];
  const steps = uniting.map(({ newSha }) => stepPatchOf(newSha));
  return changing.filter((sha) => {
    if (firstIsIn && sha === olds[0]) return false;
    const step = steps.indexOf(patchOf(sha));
    if (step >= 0) steps.splice(step, 1);
    return step < 0;
  });
}
