/** A report as data: rows that always add up to its totals. Pure. */

/** Sums over records: tokens, and money in nano-dollars (the known part: a record without a price adds to `unpricedRequests`). */
export interface Counts {
  requests: number;
  inputTokens: number;
  outputTokens: number;
  cacheReadTokens: number;
  /** Of five minutes and of an hour. */
  cacheWriteTokens: number;
  costNanoUsd: number;
  unpricedRequests: number;
}

/** What a report can be grouped by. */
export const GROUPINGS = [
  "project",
  "repo",
  "branch",
  "ticket",
  "commit",
  "author",
  "model",
  "tool",
  "day",
  "week",
  "month",
  "session",
  "state",
  "estimate",
] as const;
export type Grouping = (typeof GROUPINGS)[number];

/** How finely a trend is drawn. */
export const TRENDS = ["daily", "weekly"] as const;
export type TrendStep = (typeof TRENDS)[number];

/**
 * Where a record's money is: on a reachable commit, not committed yet, on a commit that no ref reaches, on one that only a colleague's
 * note names and this clone does not have (`elsewhere`), outside any repository.
 */
export type Bucket = "committed" | "pending" | "abandoned" | "elsewhere" | "outside";
/** Those that a ledger's own records can be in. */
export type HomeBucket = Exclude<Bucket, "elsewhere" | "outside">;
export const HOMES = ["committed", "pending", "abandoned"] as const satisfies readonly HomeBucket[];
/** Those that rows can be split by, in order: the last only beside colleagues' notes. */
export const SPLIT_HOMES = [...HOMES, "elsewhere"] as const satisfies readonly Bucket[];
export type SplitBucket = (typeof SPLIT_HOMES)[number];

/** Where spend ended up, in the order in which reports list it. `open` is on a branch, but not on the default one. */
export const STATES = ["shipped", "open", "reverted", "abandoned", "elsewhere", "pending", "outside"] as const;
export type State = (typeof STATES)[number];

/** Why requests are where they are: how their claims came about, and on what evidence. */
export interface Reason {
  via: string;
  evidence: string;
  requests: number;
}

/** Requests and nano-dollars booked on each kind of evidence. */
export type EvidenceShares = Record<"files" | "sequence" | "time", { requests: number; costNanoUsd: number }>;

/** A repository whose commits could not be told shipped from open. */
export interface StateGap {
  repo: string;
  reason: "repository gone" | "no default branch";
}

/** What a row is called. Repositories by display name; `bucket` on rows that stand for one bucket only. */
export interface Labels {
  key: string;
  bucket?: Bucket;
  repo?: string;
  branch?: string | null;
  commit?: string;
  subject?: string | null;
  author?: string | null;
  state?: State;
}

/** One part of a row, with what makes rows the same (`id`) apart from what they are called. */
export interface Piece {
  id: string;
  labels: Labels;
  counts: Counts;
  /** For groupings that split a row by where its money is. */
  home?: SplitBucket;
  /** Stands for records that the grouping has no key for (outside, pending, ...): listed last, never folded by `top`. */
  special?: boolean;
}

export type Split = Record<HomeBucket, Counts> & Partial<Record<SplitBucket, Counts>>;

export interface Row extends Labels {
  counts: Counts;
  split?: Split;
  /** Asked for with `--why`. */
  why?: Reason[];
}

export interface Summary {
  by: Grouping;
  rows: Row[];
  totals: Counts;
  /** The totals of `split`, where rows have one. */
  split?: Split;
  /** On what evidence the commits of this report hold their records. */
  evidence?: EvidenceShares;
  stateGaps?: readonly StateGap[];
  /** What colleagues' notes added. */
  shared?: { writers: number; cells: number; skipped: number };
}

const SPLIT: ReadonlySet<Grouping> = new Set(["branch", "ticket"]);
const CHRONOLOGICAL: ReadonlySet<Grouping> = new Set(["day", "week", "month"]);

/**
 * Adds pieces up into rows: by cost downwards (time upwards for days, weeks and months), ties by key, specials last.
 * `top` keeps the dearest rows and folds the others into one, so the totals hold. `homes` are what rows are split by, where they are.
 */
export function summarise(
  by: Grouping,
  pieces: Iterable<Piece>,
  top: number | null = null,
  homes: readonly SplitBucket[] = HOMES,
): Summary {
  const withSplit = SPLIT.has(by) ? homes : null;
  const rows = new Map<string, { row: Row; special: boolean }>();
  for (const { id, labels, counts, home, special } of pieces) {
    let entry = rows.get(id);
    if (entry === undefined) {
      entry = { row: { ...labels, counts: zeroCounts(), ...zeroSplit(withSplit) }, special: special ?? false };
      rows.set(id, entry);
    }
    addCounts(entry.row.counts, counts);
    const part = home === undefined ? undefined : entry.row.split?.[home];
    if (part !== undefined) addCounts(part, counts);
  }
  const all = [...rows.values()];
  const specials = all
    .filter((entry) => entry.special)
    .map((entry) => entry.row)
    .sort((a, b) => rank(a) - rank(b));
  const dearest = all
    .filter((entry) => !entry.special)
    .map((entry) => entry.row)
    .sort(byCost);
  const kept = dearest.slice(0, top ?? dearest.length);
  if (CHRONOLOGICAL.has(by)) kept.sort((a, b) => compare(a.key, b.key));
  const folded = dearest.slice(kept.length);
  const listed = [...kept, ...(folded.length > 0 ? [fold(folded, withSplit)] : []), ...specials];
  const { counts: totals, split } = fold(listed, withSplit);
  return { by, rows: listed, totals, ...(split === undefined ? {} : { split }) };
}

export function zeroCounts(): Counts {
  return { requests: 0, inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, costNanoUsd: 0, unpricedRequests: 0 };
}

export function addCounts(into: Counts, other: Counts): void {
  into.requests += other.requests;
  into.inputTokens += other.inputTokens;
  into.outputTokens += other.outputTokens;
  into.cacheReadTokens += other.cacheReadTokens;
  into.cacheWriteTokens += other.cacheWriteTokens;
  into.costNanoUsd += other.costNanoUsd;
  into.unpricedRequests += other.unpricedRequests;
}

/** Input, output (reasoning included) and both directions of the cache. */
export function totalTokens(counts: Counts): number {
  return counts.inputTokens + counts.outputTokens + counts.cacheReadTokens + counts.cacheWriteTokens;
}

function fold(rows: readonly Row[], homes: readonly SplitBucket[] | null): Row {
  const sum: Row = { key: `(${rows.length} others)`, counts: zeroCounts(), ...zeroSplit(homes) };
  for (const row of rows) {
    addCounts(sum.counts, row.counts);
    for (const home of homes ?? []) {
      const [into, from] = [sum.split?.[home], row.split?.[home]];
      if (into !== undefined && from !== undefined) addCounts(into, from);
    }
  }
  return sum;
}

function zeroSplit(homes: readonly SplitBucket[] | null): { split?: Split } {
  if (homes === null) return {};
  const split: Split = { committed: zeroCounts(), pending: zeroCounts(), abandoned: zeroCounts() };
  for (const home of homes) split[home] ??= zeroCounts();
  return { split };
}

function byCost(a: Row, b: Row): number {
  return b.counts.costNanoUsd - a.counts.costNanoUsd || compare(a.key, b.key) || compare(a.repo ?? "", b.repo ?? "");
}

/** States in their own order; what has no ticket, then where money can be besides a commit. */
function rank(row: Row): number {
  if (row.state !== undefined) return STATES.indexOf(row.state);
  return row.bucket === undefined ? 0 : ["committed", "pending", "abandoned", "elsewhere", "outside"].indexOf(row.bucket);
}

/** By code units: the same order under every locale. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
