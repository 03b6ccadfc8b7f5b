/**
 * Which counters at the start of a log another session spent: forks and sub-agents begin with the history of their parent, its counters included,
 * written again under the time of the fork (openai/codex, `agent/control/spawn.rs`; a fork of the last turns begins in the middle of it).
 */
import type { Count } from "./codex-family.ts";

/** What is known of where a log's own part begins. */
export interface Inherited {
  /** Its own part has not begun yet, or may not have. */
  inherits: boolean;
  parent: string | null;
  /** When the session was made, and when its log was. */
  bornMs: number | null;
  openedMs: number | null;
  /** Ordinal of its own first line. */
  ownFrom: number | null;
  /** How far in the parent's counts the repetition has come. */
  matched: number;
  /** When the last repeated count was written. */
  inheritedMs: number | null;
}

/** Without the parent's log: a history is written at once, a first response takes its time. */
const BURST_MS = 2000;
/** And a long history may take longer, but never pauses. */
const PAUSE_MS = 100;

/** Whether a count repeats one of the parent's. With the first that does not, the log's own part begins: `state.inherits` ends. */
export function isInherited(
  state: Inherited,
  count: Count & { ordinal: number | null },
  countsOf: (session: string) => readonly Count[] | null,
): boolean {
  const inherited = decide(state, count, countsOf);
  if (inherited) state.inheritedMs = count.atMs;
  else state.inherits = false;
  return inherited;
}

function decide(
  state: Inherited,
  { total, atMs, ordinal }: Count & { ordinal: number | null },
  countsOf: (session: string) => readonly Count[] | null,
): boolean {
  if (state.ownFrom !== null && ordinal !== null) return ordinal < state.ownFrom;
  if (state.bornMs !== null && atMs < state.bornMs) return true;
  const parents = state.parent === null ? null : countsOf(state.parent);
  if (parents === null) {
    const since = state.openedMs === null ? Number.POSITIVE_INFINITY : atMs - state.openedMs;
    return since <= BURST_MS || (state.inheritedMs !== null && atMs - state.inheritedMs <= PAUSE_MS);
  }
  for (let at = state.matched; at < parents.length; at++) {
    const parent = parents[at] as Count;
    // What the parent spent after the fork is no part of it.
    if (state.bornMs !== null && parent.atMs > state.bornMs) return false;
    if (parent.total !== total) continue;
    state.matched = at;
    return true;
  }
  return false;
}
