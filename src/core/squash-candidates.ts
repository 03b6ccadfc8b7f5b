/** Which commits made here may be a squash that nothing told of: `merge --squash`, committed with a message of one's own. Pure. */
import type { TimelineEvent } from "./attribution.ts";
import type { Rewrite } from "./rewrites.ts";

interface Commit {
  parents: readonly string[];
  /** Unix seconds. */
  committedAt: number;
}

export interface Candidate {
  sha: string;
  eventId: number;
  /** What branches pointed to when it was made, as far as it is not in the commit's own history. */
  tips: string[];
}

/** Branches looked at, those that moved last. */
const MAX_TIPS = 200;
/** Commits looked at in one go, the newest. */
const MAX_COMMITS = 500;
/** How far below a tip something that was made here is looked for. */
const MAX_DEPTH = 50;

/**
 * The commits written by hand since event `lookedTo` whose source nothing names, each with the branches it could be the squash of: those that were left
 * or lie in another worktree, hold work that was made here, and have not landed in the commit's history by another one. A branch that
 * was first seen since then is a candidate for older commits too. `hasEdits` tells commits that hold an edit of their own: what was edited for a commit
 * was written, not taken from a branch.
 */
export function squashCandidates(
  timeline: readonly TimelineEvent[],
  known: ReadonlyMap<string, Commit>,
  rewrites: readonly Rewrite[],
  lookedTo: number,
  hasEdits: (sha: string) => boolean,
): Candidate[] {
  if (timeline.every(({ id }) => id <= lookedTo)) return [];
  const told = new Set(rewrites.map(({ newSha }) => newSha));
  const landed = new Map<string, string[]>();
  for (const { oldSha, newSha, via } of rewrites)
    if (via === "squash" || via === "carry") landed.set(oldSha, [...(landed.get(oldSha) ?? []), newSha]);
  const made = new Set(timeline.flatMap((event) => (event.made ? [event.newSha] : [])));
  const reaches = reachability(known);
  const hasOwnWork = (tip: string, commit: string): boolean => {
    let at: string | undefined = tip;
    for (let depth = 0; at !== undefined && depth < MAX_DEPTH && !made.has(at); depth++) at = known.get(at)?.parents[0];
    return at !== undefined && made.has(at) && !reaches(commit, at);
  };
  const tips = new Map<string, { sha: string; eventId: number }>();
  const found: Candidate[] = [];
  let newest = 0;
  for (const event of inOrder(timeline)) {
    const line = event.branch ?? `@${event.worktreeId}`;
    const commit = known.get(event.newSha);
    newest = Math.max(newest, event.id);
    const byHand = newest > lookedTo && event.made && !event.replay && event.kind !== "amend" && event.kind !== "initial";
    if (byHand && commit?.parents.length === 1 && !told.has(event.newSha)) {
      const open = [...tips].slice(-MAX_TIPS).filter(([name, { sha, eventId }]) => {
        const tip = known.get(sha);
        if (name === line || tip === undefined || sha === commit.parents[0] || tip.committedAt > commit.committedAt) return false;
        if (Math.max(event.id, eventId) <= lookedTo || reaches(event.newSha, sha)) return false;
        return hasOwnWork(sha, event.newSha) && !landed.get(sha)?.some((at) => reaches(event.newSha, at));
      });
      if (open.length > 0 && !hasEdits(event.newSha)) {
        found.push({ sha: event.newSha, eventId: event.id, tips: [...new Set(open.map(([, { sha }]) => sha))] });
        if (found.length > 2 * MAX_COMMITS) found.splice(0, MAX_COMMITS);
      }
    }
    // Put last: the order is that of the last move.
    tips.delete(line);
    tips.set(line, { sha: event.newSha, eventId: event.id });
  }
  return found.slice(-MAX_COMMITS);
}

/** All worktrees' events by time; each worktree's in the order of its own log, whatever the clock did. */
function inOrder(timeline: readonly TimelineEvent[]): TimelineEvent[] {
  const latest = new Map<number, number>();
  const timed = timeline.map((event) => {
    const atMs = Math.max(latest.get(event.worktreeId) ?? 0, event.exactMs ?? event.tsMs);
    latest.set(event.worktreeId, atMs);
    return { event, atMs };
  });
  return timed.sort((a, b) => a.atMs - b.atMs).map(({ event }) => event);
}

/** Whether a commit is another or lies above it, as far as is known. What was walked once is not walked again for the same `to`. */
export function reachability(known: ReadonlyMap<string, Commit>): (from: string, to: string) => boolean {
  const answers = new Map<string, { above: Set<string>; beside: Set<string> }>();
  return (from, to) => {
    const sinceS = known.get(to)?.committedAt ?? 0;
    const { above, beside } = answers.get(to) ?? { above: new Set([to]), beside: new Set() };
    answers.set(to, { above, beside });
    if (beside.has(from)) return false;
    const walked = [from];
    const fresh = new Set(walked);
    for (let sha = walked.pop(); sha !== undefined; sha = walked.pop()) {
      if (above.has(sha)) {
        above.add(from);
        return true;
      }
      const commit = known.get(sha);
      if (commit === undefined || commit.committedAt < sinceS) continue;
      for (const parent of commit.parents) {
        if (beside.has(parent) || fresh.has(parent)) continue;
        fresh.add(parent);
        walked.push(parent);
      }
    }
    for (const sha of fresh) beside.add(sha);
    return false;
  };
}
