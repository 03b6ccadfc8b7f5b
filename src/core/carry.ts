/** What a server made of a pull request: the new commits, each with the old ones it stands for. Content decides; where it does not, nothing is said. Pure. */
import { identityOf } from "./match.ts";

export interface CarryCommit {
  sha: string;
  /** `Name <email>`. */
  author: string;
  /** Unix seconds. */
  authoredAt: number;
  subject: string;
  /** Digest of its change; null for a merge and for a commit that changes nothing. */
  patchId: string | null;
  /** Paths it changed. */
  files: ReadonlySet<string>;
}

export interface Landing {
  /** What landed last: the squash commit, the last commit of a rebase, or the merge commit. */
  merge: CarryCommit;
  /** The pull request's commits, newest first, without those that the base branch had already. */
  pull: readonly CarryCommit[];
  /** What lies below `merge` along first parents, newest first, as far as it has one parent each; `merge` itself left out. */
  below: readonly CarryCommit[];
  /** Whether `merge` is a merge commit that brought the pull request's head in. */
  joins: boolean;
  /** Digest of the pull request's change as a whole; null when it has none. */
  wholePatchId: string | null;
  /** Whether merging the head into what was there before gives exactly what `merge` holds, and that is not what was there before. */
  sameResult: boolean;
}

export interface CarryPair {
  to: string;
  from: string[];
}

export type Carry = { kind: "merge" | "squash" | "rebase"; pairs: CarryPair[] } | { kind: "refused"; reason: string };

/** Decides by the strongest evidence: parents, then commit by commit, then the change as a whole. */
export function decideCarry(landing: Landing): Carry {
  const { merge, pull, joins, wholePatchId, sameResult } = landing;
  const all = pull.map(({ sha }) => sha);
  if (all.length === 0) return refused("the pull request has no commit that its base has not");
  if (joins) return { kind: "merge", pairs: [{ to: merge.sha, from: all }] };
  const twins = twinsOf([merge, ...landing.below], pull);
  const top = twins.get(merge.sha);
  const found = new Set([...twins.values()].map(({ sha }) => sha));
  if (top !== undefined && pull.every(({ sha, patchId }) => patchId === null || found.has(sha))) {
    const kept = top.authoredAt === merge.authoredAt || pull.length > 1;
    return { kind: kept ? "rebase" : "squash", pairs: pairsOf(merge.sha, twins, all, found) };
  }
  const squash: Carry = { kind: "squash", pairs: [{ to: merge.sha, from: all }] };
  if (wholePatchId !== null && merge.patchId === wholePatchId) return squash;
  // The last commit of a rebase also has the result of the whole: it must not be taken for a squash.
  const [under] = landing.below;
  if (top !== undefined || (under !== undefined && twinsOf([under], pull).size > 0)) {
    const lost = pull.filter(({ sha, patchId }) => patchId !== null && !found.has(sha)).length;
    return refused(`it looks like a rebase, but ${lost} of the pull request's commits have no counterpart in it`);
  }
  if (sameResult) return squash;
  return refused("what it changes is not what the pull request changes");
}

/** For each new commit, newest first, the old one it is a version of; ends at the first that is none. */
function twinsOf(fresh: readonly CarryCommit[], pull: readonly CarryCommit[]): Map<string, CarryCommit> {
  const twins = new Map<string, CarryCommit>();
  const open = new Set(pull);
  for (const commit of fresh) {
    // Newest first on both sides: of two equal changes each finds its own.
    const twin =
      [...open].find((old) => commit.patchId !== null && old.patchId === commit.patchId) ?? [...open].find((old) => isVersion(commit, old));
    if (twin === undefined) break;
    open.delete(twin);
    twins.set(commit.sha, twin);
  }
  return twins;
}

/** A conflict may have changed the change; who, when, what about and where stay. */
function isVersion(fresh: CarryCommit, old: CarryCommit): boolean {
  if (identityOf(fresh) !== identityOf(old) || fresh.subject !== old.subject) return false;
  if (fresh.files.size === 0 && old.files.size === 0) return true;
  return [...fresh.files].some((file) => old.files.has(file));
}

/** What changes nothing itself (merges of the base, empty commits) goes with the last commit: its cells must not be lost. */
function pairsOf(merge: string, twins: ReadonlyMap<string, CarryCommit>, all: readonly string[], found: ReadonlySet<string>): CarryPair[] {
  const rest = all.filter((sha) => !found.has(sha));
  return [...twins].map(([to, twin]) => ({ to, from: to === merge ? [twin.sha, ...rest] : [twin.sha] }));
}

function refused(reason: string): Carry {
  return { kind: "refused", reason };
}
