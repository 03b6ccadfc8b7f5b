/** Which commit stands for which: read from reflogs, and from what hooks could add. Pure. */
import type { GitEvent } from "./timeline.ts";

export type Via = "commit" | "amend" | "rebase" | "squash" | "cherry-pick" | "reset" | "carry";
export type RewriteEvidence = "hint" | "reflog" | "patch-id";

/** The new commit gains the old one's claims. */
export interface Rewrite {
  oldSha: string;
  newSha: string;
  via: Via;
  evidence: RewriteEvidence;
  /** Null when no event of this machine made the new commit. */
  eventId: number | null;
}

/** For each of `shas` that stands for others, all of these, through chains of pairs. */
export function sourcesOf(rewrites: Iterable<RewritePair>, shas: Iterable<string>): Map<string, Set<string>> {
  const olds = new Map<string, string[]>();
  for (const { oldSha, newSha } of rewrites) olds.set(newSha, [...(olds.get(newSha) ?? []), oldSha]);
  const sources = new Map<string, Set<string>>();
  for (const sha of shas) {
    const found = new Set(olds.get(sha));
    // A set takes what is added while it is walked. An undone rewrite may lead back to where it began.
    for (const old of found) for (const older of olds.get(old) ?? []) found.add(older);
    found.delete(sha);
    if (found.size > 0) sources.set(sha, found);
  }
  return sources;
}

/** A line of post-rewrite, as the hook found it: a claim of git's, not yet a fact. */
export interface RewritePair {
  oldSha: string;
  newSha: string;
}

/** A rebase that ran to its end. */
export interface RebaseBlock {
  start: GitEvent;
  steps: GitEvent[];
  finish: GitEvent;
}

/** What a worktree's timeline says of each event beyond its message. */
export interface Operations {
  /** Rebases that finished; aborted ones leave nothing. */
  rebases: RebaseBlock[];
  /** For each event: the start of the rebase that it is a step of, if any (finished, aborted or still open). */
  rebaseStart: (GitEvent | null)[];
}

/** What tells the end of a rebase that moved a detached HEAD: git's log does not. */
export interface RebaseEnds {
  /** Git keeps a rebase's state in the worktree now. */
  inProgress: boolean;
  /** New commits that `post-rewrite` named: it runs when a rebase has ended. */
  told: ReadonlySet<string>;
}

interface OpenBlock {
  start: GitEvent;
  /** Indexes of its events. */
  steps: number[];
}

/** Splits a worktree's events into rebases. A checkout to elsewhere in the middle of one is the user's own work again. */
export function operationsOf(events: readonly GitEvent[], { inProgress, told }: RebaseEnds): Operations {
  const rebases: RebaseBlock[] = [];
  const rebaseStart: (GitEvent | null)[] = [];
  let open: OpenBlock | null = null;
  let away = false;
  const eventsAt = (steps: readonly number[]) => steps.map((at) => events[at] as GitEvent);
  const isTold = (at: number) => told.has((events[at] as GitEvent).newSha);
  /** Without a word of its end, a rebase reaches to the last event that only a rebase can have made. */
  const endUnsaid = ({ start, steps }: OpenBlock) => {
    if (start.branch !== null) return;
    const own = steps.slice(0, steps.findLastIndex((at) => (events[at] as GitEvent).kind === "rebase-step" || isTold(at)) + 1);
    for (const at of steps.slice(own.length)) rebaseStart[at] = null;
    rebases.push({ start, steps: eventsAt(own), finish: eventsAt(own).at(-1) ?? start });
  };
  events.forEach((event, at) => {
    if (event.kind === "rebase-start") {
      if (open !== null) endUnsaid(open);
      open = { start: event, steps: [] };
      away = false;
    } else if (open !== null && event.kind === "rebase-finish") {
      rebases.push({ start: open.start, steps: eventsAt(open.steps), finish: event });
      open = null;
    } else if (event.kind === "rebase-abort") {
      open = null;
    } else if (open !== null) {
      if (event.kind === "checkout") away = true;
      else if (event.kind === "rebase-step") away = false;
      if (!away) open.steps.push(at);
    }
    const inside = open !== null && !away && event.kind !== "rebase-start";
    rebaseStart.push(inside ? (open as OpenBlock).start : null);
  });
  const last = open as OpenBlock | null;
  if (last !== null && (!inProgress || last.steps.some(isTold))) endUnsaid(last);
  return { rebases, rebaseStart };
}

/** `git commit --amend` outside a rebase: the reflog names both commits. */
export function amendsOf(events: readonly GitEvent[], operations: Operations): Rewrite[] {
  return events
    .filter((event, at) => event.kind === "amend" && operations.rebaseStart[at] === null)
    .map((event) => ({ oldSha: event.oldSha, newSha: event.newSha, via: "amend", evidence: "reflog", eventId: event.id }));
}

/**
 * The pairs of a finished rebase that are true. Git also writes pairs for commits that were skipped: onto whatever HEAD was then,
 * be it someone else's commit or the pick before. So a pair counts only if the rebase itself made the new commit, and no more
 * old commits count for one new commit than the rebase put into it. One without a change conflicts with nothing, so nobody skipped it:
 * its fixup makes, within the pick's second, the very same commit again, of which no log tells.
 * `parentOf` gives the first parent of a commit (undefined when unknown).
 */
export function rebasePairs(
  block: RebaseBlock,
  pairs: readonly RewritePair[],
  parentOf: (sha: string) => string | undefined,
  isEmpty: (sha: string) => boolean,
): Rewrite[] {
  const parts = new Map(picksOf(block, parentOf).map((pick) => [pick.finalSha, pick.parts]));
  const used = new Map<string, number>();
  const found: Rewrite[] = [];
  for (const { oldSha, newSha } of pairs) {
    const room = parts.get(newSha);
    const taken = used.get(newSha) ?? 0;
    if (room === undefined || oldSha === newSha) continue;
    if (taken < room) used.set(newSha, taken + 1);
    else if (!isEmpty(oldSha)) continue;
    found.push({ oldSha, newSha, via: room > 1 ? "squash" : "rebase", evidence: "hint", eventId: block.finish.id });
  }
  return found;
}

/** Commits that a finished rebase replaced where they stood, without picking them first. */
export function replacedBy(block: RebaseBlock, parentOf: (sha: string) => string | undefined): Rewrite[] {
  return picksOf(block, parentOf).flatMap(({ replaced, finalSha }): Rewrite[] =>
    replaced === null || parentOf(replaced) === undefined
      ? []
      : [{ oldSha: replaced, newSha: finalSha, via: "rebase", evidence: "reflog", eventId: block.finish.id }],
  );
}

/** What a finished rebase made and then united with the next commit, or amended, lives on in the end of it: the log says so. */
export function passedThrough(block: RebaseBlock, parentOf: (sha: string) => string | undefined): Rewrite[] {
  return picksOf(block, parentOf).flatMap(({ steps, finalSha }) =>
    steps
      .filter(({ newSha }) => newSha !== finalSha)
      .map(({ newSha }): Rewrite => ({ oldSha: newSha, newSha: finalSha, via: "rebase", evidence: "reflog", eventId: block.finish.id })),
  );
}

/** A commit that a rebase made, and the steps that made it. */
export interface Pick {
  steps: GitEvent[];
  finalSha: string;
  subject?: string | undefined;
  /** A commit that was there already, which the first step replaced: a rebase that begins with an amend, a squash or a fixup. */
  replaced: string | null;
  /** How many old commits it can stand for: a pick is one, each squash or fixup into it one more, an amend none. */
  parts: number;
}

const UNITES: ReadonlySet<string | null> = new Set(["squash", "fixup", "continue"]);

/** Whether a step may have folded another commit into the one before it. */
export const isUniting = (step: GitEvent): boolean => step.kind === "rebase-step" && UNITES.has(step.to);

/** The commits that a rebase made, in order. A step either puts a commit on HEAD or replaces HEAD's. */
export function picksOf(block: RebaseBlock, parentOf: (sha: string) => string | undefined): Pick[] {
  const picks: Pick[] = [];
  for (const step of block.steps) {
    // `--rebase-merges` goes back to where the next side begins: that replaces nothing.
    const moves = step.kind === "reset" || step.kind === "fast-forward" || (step.kind === "rebase-step" && step.to === "reset");
    if (moves || step.newSha === step.oldSha) continue;
    const onTop = parentOf(step.newSha) === step.oldSha;
    const unites = !onTop && isUniting(step) ? 1 : 0;
    const last = picks.at(-1);
    if (!onTop && last?.finalSha === step.oldSha) {
      last.steps.push(step);
      last.finalSha = step.newSha;
      last.parts += unites;
    } else picks.push({ steps: [step], finalSha: step.newSha, replaced: onTop ? null : step.oldSha, parts: 1 + unites });
  }
  return picks;
}
