/** What a rebase made of commits that neither a hook nor author and date can tell of: squashed ones, and conflicts resolved by `git commit`. */
import { isUniting, type Pick, type RebaseBlock, type Rewrite } from "./rewrites.ts";

export interface OldCommit {
  sha: string;
  subject: string;
}

export interface Leftovers {
  block: RebaseBlock;
  picks: readonly Pick[];
  /** The commits that the rebase started from, oldest first. */
  olds: readonly OldCommit[];
}

type KnownLines = ReadonlyMap<string, { parents: readonly string[]; subject: string }>;

/** The rebase's own commits on the old line, as far down as they are known and not part of what it was moved onto. */
export function oldLine(block: RebaseBlock, known: KnownLines): OldCommit[] {
  const line: OldCommit[] = [];
  const base = new Set<string>();
  for (let sha: string | undefined = block.start.newSha; sha !== undefined && base.size < MAX_LINE; sha = known.get(sha)?.parents[0])
    base.add(sha);
  for (let sha: string | undefined = block.start.oldSha; sha !== undefined && !base.has(sha);) {
    const commit = known.get(sha);
    if (commit === undefined || line.length >= MAX_LINE) break;
    line.push({ sha, subject: commit.subject });
    sha = commit.parents[0];
  }
  return line.reverse();
}

const MAX_LINE = 1000;

/** For each `wanted` commit that a rebase made, the old line that it was made from. */
export function linesOf(blocks: readonly RebaseBlock[], known: KnownLines, wanted: ReadonlySet<string>): Map<string, ReadonlySet<string>> {
  const lines = new Map<string, ReadonlySet<string>>();
  for (const block of blocks) {
    const made = block.steps.map(({ newSha }) => newSha).filter((sha) => wanted.has(sha));
    const line = new Set(made.length === 0 ? [] : oldLine(block, known).map(({ sha }) => sha));
    for (const sha of made) lines.set(sha, line);
  }
  return lines;
}

/**
 * Pairs what is left. A squash's step changes what the old commit changed; a conflict that was committed by hand keeps the subject,
 * and counts only if one old and one new commit are left with it. `patchOf` digests an old commit's change, `stepPatchOf` a step's.
 */
export function leftoversOf(
  { block, picks, olds }: Leftovers,
  paired: readonly Rewrite[],
  patchOf: (sha: string) => string | undefined,
  stepPatchOf: (sha: string) => string | undefined,
): Rewrite[] {
  const made = new Set(picks.map(({ finalSha }) => finalSha));
  const told = paired.filter(({ newSha }) => made.has(newSha));
  const used = new Set(told.map(({ oldSha }) => oldSha));
  const found: Rewrite[] = [];
  const pair = (oldSha: string, newSha: string, via: Rewrite["via"], evidence: Rewrite["evidence"]) => {
    used.add(oldSha);
    found.push({ oldSha, newSha, via, evidence, eventId: block.finish.id });
  };
  for (const { steps, finalSha } of picks) {
    for (const step of steps.filter(isUniting)) {
      const patch = stepPatchOf(step.newSha);
      const old = patch === undefined ? undefined : olds.find(({ sha }) => !used.has(sha) && patchOf(sha) === patch);
      if (old !== undefined) pair(old.sha, finalSha, "squash", "patch-id");
    }
  }
  const done = new Set([...told, ...found].map(({ newSha }) => newSha));
  const subjects = (list: readonly OldCommit[]) => list.map(({ subject }) => subject);
  const restOld = olds.filter(({ sha }) => !used.has(sha) && !made.has(sha));
  const restNew = picks.filter(({ finalSha, subject }) => !done.has(finalSha) && subject !== undefined);
  for (const { finalSha, subject } of restNew) {
    const twins = restNew.filter((other) => other.subject === subject);
    const old = restOld.find((one) => one.subject === subject);
    if (twins.length === 1 && old !== undefined && subjects(restOld).filter((one) => one === subject).length === 1)
      pair(old.sha, finalSha, "rebase", "reflog");
  }
  return found;
}
