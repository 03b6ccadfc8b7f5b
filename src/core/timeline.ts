/** When things happened, to the millisecond where that can be known: reflogs write whole seconds, agents are faster. */
import type { EventKind } from "./reflog.ts";

/** One event of a worktree, in reflog order. */
export interface GitEvent {
  id: number;
  worktreeId: number;
  kind: EventKind;
  oldSha: string;
  newSha: string;
  /** Start of the second in the reflog. */
  tsMs: number;
  /** When it really happened, where a file's time could tell. */
  exactMs: number | null;
  /** The branch after the event; null when detached. */
  branch: string | null;
  /** Of a checkout or rename: the branch before, as the message says. */
  from: string | null;
  /** Of a rebase's step or of `git history`: its verb (`pick`, `squash`, `split`, ...). */
  to: string | null;
}

/** The bounds within which an event happened, both inclusive. */
export interface Moment {
  loMs: number;
  hiMs: number;
}

const SECOND_MS = 1000;
/** A commit's object may be written long after git took the time, while an editor was open; never before. */
export const EDITOR_MS = 30 * 60 * SECOND_MS;

/**
 * Narrows each event to what its own second, its exact time and its neighbours in the reflog allow.
 * Clocks that jump backwards (fixed committer dates) leave an event with its own second.
 */
export function moments(events: readonly Pick<GitEvent, "tsMs" | "exactMs">[]): Moment[] {
  let latestMs = 0;
  const bounds = events.map(({ tsMs, exactMs }) => {
    // A file's time before the last event's is that of an object which was there already.
    const known = exactMs !== null && exactMs >= tsMs && exactMs < tsMs + EDITOR_MS && exactMs >= latestMs;
    const moment = known ? { loMs: exactMs, hiMs: exactMs } : { loMs: tsMs, hiMs: tsMs + SECOND_MS - 1 };
    latestMs = moment.loMs;
    return moment;
  });
  for (let at = 1; at < bounds.length; at++) {
    const [before, here] = [bounds[at - 1] as Moment, bounds[at] as Moment];
    if (before.loMs > here.loMs && before.loMs <= here.hiMs) here.loMs = before.loMs;
  }
  for (let at = bounds.length - 2; at >= 0; at--) {
    const [here, after] = [bounds[at] as Moment, bounds[at + 1] as Moment];
    if (after.hiMs < here.hiMs && after.hiMs >= here.loMs) here.hiMs = after.hiMs;
  }
  return bounds;
}

/**
 * The place of a moment in a timeline: the index of the first event that it may have come before. Where the two cannot be told apart
 * the moment comes first (a commit counts as made at the end of its second).
 */
export function positionOf(bounds: readonly Moment[], atMs: number): number {
  let at = 0;
  let end = bounds.length;
  // Bounds are in order but for jumping clocks: the last event that is surely before decides where to look.
  while (at < end) {
    const middle = (at + end) >> 1;
    if ((bounds[middle] as Moment).hiMs < atMs) at = middle + 1;
    else end = middle;
  }
  return at;
}

/** Whether an event may have come before the moment as well as after it. */
export const isOpen = ({ loMs, hiMs }: Moment, atMs: number): boolean => loMs < atMs && atMs <= hiMs && loMs < hiMs;
