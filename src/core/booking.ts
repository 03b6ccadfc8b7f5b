/** What is written down of decisions: records that go the same way go together. Pure. */
import type { Decision, Evidence, TimelineEvent } from "./attribution.ts";

/** Records that one event's commit claims by the same evidence. */
export interface Booking {
  commitSha: string;
  eventId: number;
  evidence: Evidence;
  /** The branch they are booked to; null when detached. */
  branch: string | null;
  /** The records' numbers in the ledger. What one session logged in a row was stored in a row: mostly that is one run. */
  runs: Run[];
}

/** Numbers from `from` to `to`, both included. */
export interface Run {
  from: number;
  to: number;
}

/** The claims among the decisions, in the order in which the first of each was decided. */
export function bookings(decisions: readonly Decision[]): Booking[] {
  const found = new Map<TimelineEvent, Booking[]>();
  for (const { seq, claim, branch } of decisions) {
    if (claim === null) continue;
    const { event, evidence } = claim;
    const known = found.get(event);
    const alike = known?.find((booking) => booking.evidence === evidence && booking.branch === branch);
    if (alike !== undefined) {
      const last = alike.runs.at(-1) as Run;
      if (last.to + 1 === seq) last.to = seq;
      else alike.runs.push({ from: seq, to: seq });
      continue;
    }
    const booking = { commitSha: event.newSha, eventId: event.id, evidence, branch, runs: [{ from: seq, to: seq }] };
    if (known === undefined) found.set(event, [booking]);
    else known.push(booking);
  }
  return [...found.values()].flat();
}
