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
/** How far below a tip something that was made here is looked for. */
const MAX_DEPTH = 50;

/**
 * The commits written by hand since event `lookedTo` whose source nothing names, each with the branches it could be the squash of: those that were left
 * or lie in another worktree, hold work that was made here, and have not landed in the commit's history by another one. A branch that
 * was first seen since then is a candidate for older commits too.
 */
export function squashCandidates(
  timeline: readonly TimelineEvent[],
  known: ReadonlyMap<string, Commit>,
  rewrites: readonly Rewrite[],
  lookedTo: number,
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
  for (const event of inOrder(timeline)) {
    const line = event.branch ?? `@${event.worktreeId}`;
    const commit = known.get(event.newSha);
    const byHand = event.made && !event.replay && event.kind !== "amend" && event.kind !== "initial";
    if (byHand && commit?.parents.length === 1 && !told.has(event.newSha)) {
      const open = [...tips].filter(([name, { sha, eventId }]) => {
        const tip = known.get(sha);
        if (name === line || tip === undefined || sha === commit.parents[0] || tip.committedAt > commit.committedAt) return false;
        if (Math.max(event.id, eventId) <= lookedTo || reaches(event.newSha, sha)) return false;
        return hasOwnWork(sha, event.newSha) && !landed.get(sha)?.some((at) => reaches(event.newSha, at));
      });
      const shas = [...new Set(open.map(([, { sha }]) => sha))].slice(-MAX_TIPS);
      if (shas.length > 0) found.push({ sha: event.newSha, eventId: event.id, tips: shas });
    }
    // Put last: the order is that of the last move.
    tips.delete(line);
    tips.set(line, { sha: event.newSha, eventId: event.id });
  }
  return found;
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

/** Whether a commit is another or lies above it, as far as is known. What was walked once for a tip is not walked again. */
export function reachability(known: ReadonlyMap<string, Commit>): (from: string, to: string) => boolean {
  const without = new Map<string, Set<string>>();
  return (from, to) => {
    const sinceS = known.get(to)?.committedAt ?? 0;
    const seen = without.get(to) ?? new Set();
    without.set(to, seen);
    const walked = [from];
    const fresh = new Set(walked);
    for (let sha = walked.pop(); sha !== undefined; sha = walked.pop()) {
      if (sha === to) return true;
      const commit = known.get(sha);
      if (commit === undefined || commit.committedAt < sinceS) continue;
      for (const parent of commit.parents) {
        if (seen.has(parent) || fresh.has(parent)) continue;
        fresh.add(parent);
        walked.push(parent);
      }
    }
    for (const sha of fresh) seen.add(sha);
    return false;
  };
}
