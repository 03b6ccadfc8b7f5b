/** Work that was taken apart and committed again: reset and recommit, squash by soft reset, splits. Content is the evidence. */
import { type Operations, picksOf, type RebaseBlock, type Rewrite } from "./rewrites.ts";
import type { GitEvent } from "./timeline.ts";

/** Paths that a commit changed, each with the blob it has now (zeros when deleted). */
export type Changes = ReadonlyMap<string, string>;

export interface History {
  parentOf(sha: string): string | undefined;
  changesOf(sha: string): Changes | undefined;
}

interface Window {
  reset: GitEvent;
  /** Commits that the reset took off the branch, newest first. */
  lost: string[];
  /** Commits made afterwards, where the lost work may have gone. */
  commits: GitEvent[];
  /** The start of the rebase that it happened in, if any. */
  rebase: GitEvent | null;
}

const MAX_LOST = 500;
/** Events that make a commit of what lies in the worktree. */
export const PLAIN: ReadonlySet<string> = new Set(["commit", "amend", "initial"]);

/** Every reset that took commits away, with the commits made before the worktree turned to something else. */
export function resetWindows(events: readonly GitEvent[], operations: Operations, parentOf: History["parentOf"]): Window[] {
  const windows: Window[] = [];
  events.forEach((reset, at) => {
    // Within a rebase (`edit`, then a split) the same holds; one that was aborted leaves nothing.
    const rebase = operations.rebaseStart[at] ?? null;
    const open = rebase !== null && !operations.rebases.some(({ start }) => start === rebase);
    if (reset.kind !== "reset" || reset.oldSha === reset.newSha || open) return;
    const lost = aboveFork(reset.oldSha, reset.newSha, parentOf);
    if (lost.length === 0) return;
    const commits: GitEvent[] = [];
    for (let next = at + 1; next < events.length; next++) {
      const event = events[next] as GitEvent;
      const elsewhere = (event.kind === "checkout" && event.oldSha !== event.newSha) || (rebase !== null && event.kind === "rebase-step");
      // Going back to where it was undoes the reset.
      if (elsewhere || event.newSha === reset.oldSha) break;
      if (PLAIN.has(event.kind) && (operations.rebaseStart[next] ?? null) === rebase) commits.push(event);
    }
    if (commits.length > 0) windows.push({ reset, lost, commits, rebase });
  });
  return windows;
}

/** The commits from `tip` down to what `other` also has, newest first; none when the two do not meet in what is known. */
export function aboveFork(tip: string, other: string, parentOf: History["parentOf"]): string[] {
  const kept = new Set([other]);
  for (let at = parentOf(other); at !== undefined && kept.size < MAX_LOST; at = parentOf(at)) kept.add(at);
  const lost: string[] = [];
  for (let at: string | undefined = tip; at !== undefined && lost.length < MAX_LOST; at = parentOf(at)) {
    if (kept.has(at)) return lost;
    lost.push(at);
  }
  return [];
}

/** A lost commit lives on in every later one that holds a file just as the lost work left it: all parts of a split do. */
export function recommitsOf(windows: readonly Window[], history: History): Rewrite[] {
  const found: Rewrite[] = [];
  for (const { lost, commits } of windows) {
    const final = new Map<string, string>();
    for (const sha of lost) for (const [path, blob] of history.changesOf(sha) ?? []) if (!final.has(path)) final.set(path, blob);
    for (const event of commits) {
      const now = history.changesOf(event.newSha);
      for (const oldSha of lost) {
        const paths = [...(history.changesOf(oldSha)?.keys() ?? [])];
        if (!paths.some((path) => now?.get(path) !== undefined && now.get(path) === final.get(path))) continue;
        found.push({ oldSha, newSha: event.newSha, via: "reset", evidence: "reflog", eventId: event.id });
      }
    }
  }
  return found;
}

/** Commits that a finished rebase made on the way and that were taken apart there: they stand for nothing, what they were made into does. */
export function takenApart(block: RebaseBlock, windows: readonly Window[], parentOf: History["parentOf"]): string[] {
  const away = windows.filter(({ rebase }) => rebase === block.start).flatMap(({ lost }) => lost);
  if (away.length === 0) return [];
  const made = new Set(picksOf(block, parentOf).flatMap(({ steps }) => steps.map(({ newSha }) => newSha)));
  // A reset may have been taken back.
  const kept = new Set(aboveFork(block.finish.newSha, block.start.newSha, parentOf));
  return away.filter((sha) => made.has(sha) && !kept.has(sha));
}
