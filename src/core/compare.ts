/** A range of time against the one before it: which time that is, and what changed. Pure. */
import { BobaError, EXIT } from "./errors.ts";
import { type Clock, localMidnightMs, localPeriod, type Range } from "./range.ts";
import { type Counts, type Grouping, type Labels, type Summary, zeroCounts } from "./summary.ts";

export interface RangeBefore {
  range: { fromS: number; toS: number };
  /** The range goes on: only what has passed of it (up to this time, Unix seconds) has a counterpart in `range`. */
  passedToS: number | null;
}

/** A row of both ranges; the counters of a range that does not have it are zero. */
export interface ComparedRow extends Labels {
  counts: Counts;
  before: Counts;
}

export interface Comparison {
  before: RangeBefore;
  totals: Counts;
  /** In the order of the current rows; what is only in the range before comes last, the dearest first. Null without a grouping. */
  rows: readonly ComparedRow[] | null;
}

const DAY_MS = 86_400_000;
/** These name times, so a range and the one before it have no row in common. */
const TIMES: ReadonlySet<Grouping> = new Set(["day", "week", "month"]);

/**
 * The range of the same length that ends where `range` begins. Whole local days are counted as days, whatever the clocks did in them, and what
 * has passed of today ends at the same time of day. Without an end, a range ends now.
 * @throws BobaError BOBA-USE-53 for a range without a start, BOBA-USE-54 for a grouping by time.
 */
export function rangeBefore({ fromS, toS }: Range, by: Grouping | null, clock: Clock): RangeBefore {
  if (fromS === null) {
    const hint = "add --today, --yesterday, --7d, --30d, or --from DAY";
    throw new BobaError("BOBA-USE-53", EXIT.usage, "all of time has nothing before it to compare with", hint);
  }
  if (by !== null && TIMES.has(by)) {
    const hint = `use --trend daily or --trend weekly, or leave out --by-${by}`;
    throw new BobaError("BOBA-USE-54", EXIT.usage, `two ranges have no ${by} in common to compare`, hint);
  }
  const nowS = Math.floor(clock.nowMs / 1000);
  const endS = toS ?? Math.max(nowS, fromS);
  const passedToS = nowS < endS ? Math.max(nowS, fromS) : null;
  const days = toS === null ? null : wholeDays(fromS, toS, clock);
  if (days === null) {
    const startS = fromS - (endS - fromS);
    return { range: { fromS: startS, toS: startS + ((passedToS ?? endS) - fromS) }, passedToS };
  }
  const startS = midnightS(fromS, -days, clock);
  const sameTimeS = passedToS === null ? fromS : daysEarlier(passedToS, days, clock);
  return { range: { fromS: startS, toS: Math.min(Math.max(sameTimeS, startS), fromS) }, passedToS };
}

/** How the cost changed, in percent of what it was; null where there was none. */
export function changePercent(now: Counts, before: Counts): number | null {
  return before.costNanoUsd === 0 ? null : ((now.costNanoUsd - before.costNanoUsd) / before.costNanoUsd) * 100;
}

export function compareRows(now: Summary, before: Summary): ComparedRow[] {
  const idOf = (row: Labels) => JSON.stringify([row.key, row.repo, row.commit, row.bucket]);
  const old = new Map(before.rows.map((row) => [idOf(row), row]));
  const rows = now.rows.map((row): ComparedRow => {
    const id = idOf(row);
    const counts = old.get(id)?.counts ?? zeroCounts();
    old.delete(id);
    return { ...labelsOf(row), counts: row.counts, before: counts };
  });
  return [...rows, ...[...old.values()].map((row): ComparedRow => ({ ...labelsOf(row), counts: zeroCounts(), before: row.counts }))];
}

function labelsOf({ key, bucket, repo, branch, commit, subject, author, state }: Labels): Labels {
  const given = { bucket, repo, branch, commit, subject, author, state };
  return { key, ...(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Partial<Labels>) };
}

/** How many local days lie between two local midnights; null where one of the times is none. */
function wholeDays(fromS: number, toS: number, clock: Clock): number | null {
  if (midnightS(fromS, 0, clock) !== fromS || midnightS(toS, 0, clock) !== toS) return null;
  const dayOf = (atS: number) => Date.parse(`${localPeriod(atS * 1000, "day", clock)}T00:00:00Z`);
  return Math.round((dayOf(toS) - dayOf(fromS)) / DAY_MS);
}

function midnightS(atS: number, days: number, clock: Clock): number {
  return localMidnightMs(localPeriod(atS * 1000, "day", clock), days, clock) / 1000;
}

/** The same time of day, `days` local days earlier. */
function daysEarlier(atS: number, days: number, clock: Clock): number {
  const localMs = atS * 1000 + clock.offsetMs(atS * 1000) - days * DAY_MS;
  return Math.floor((localMs - clock.offsetMs(localMs - clock.offsetMs(localMs))) / 1000);
}
