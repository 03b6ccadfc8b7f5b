/** From sums over the store's own columns to the pieces of a report. Pure. */
import { localPeriod, type Clock } from "./range.ts";
import type { Bucket, Counts, Grouping, HomeBucket, Labels, Piece, State } from "./summary.ts";
import type { TicketOf } from "./tickets.ts";

/** The columns that sums are taken over: each grouping is folded from one of these. */
export type Axis = "place" | "project" | "repo" | "model" | "tool" | "session" | "slot" | "estimate";

/** Sums over the records that agree in the columns of an axis. Columns outside it are null. */
export interface Sum {
  repo: number | null;
  branch: string | null;
  commit: string | null;
  /**
   * Project, model, tool, session, or how sure the price is; of the axis `slot` the Unix time in quarters of an hour; beside colleagues' notes,
   * by author, the commit that tells who made it: the oldest of those that hold it.
   */
  value: string | number | null;
  counts: Counts;
}

/** No zone changes its offset inside a quarter of an hour, so sums per quarter can be folded into local days exactly. */
export const SLOT_S = 900;

export interface CommitFacts {
  author: string | null;
  subject: string | null;
  reachable: boolean;
  /** Known from a colleague's note alone: whether a ref reaches it cannot be told here. */
  missing?: boolean;
}

/** What a grouping may look up. */
export interface Lookups {
  clock: Pick<Clock, "offsetMs">;
  ticketOf: TicketOf;
  /** Display name of a repository, unique among all. */
  repoName(repo: number): string;
  commit(repo: number, sha: string): CommitFacts | undefined;
  /** What became of a commit that a ref reaches; asked only for the grouping by state. */
  stateOf(repo: number, sha: string): Extract<State, "shipped" | "open" | "reverted">;
}

export const AXIS: Readonly<Record<Grouping, Axis>> = {
  project: "project",
  repo: "repo",
  branch: "place",
  ticket: "place",
  commit: "place",
  author: "place",
  model: "model",
  tool: "tool",
  day: "slot",
  week: "slot",
  month: "slot",
  session: "session",
  state: "place",
  estimate: "estimate",
};

const NO_BRANCH = "(no branch)";

/** Names each sum's row. */
export function* toPieces(by: Grouping, sums: Iterable<Sum>, lookups: Lookups): Generator<Piece> {
  for (const sum of sums) yield by === "commit" || by === "author" ? commitPiece(by, sum, lookups) : plainPiece(by, sum, lookups);
}

/** Committed means reachable; a commit that the ledger has no word about was never found unreachable. */
export function homeOf(sum: Pick<Sum, "repo" | "commit">, lookups: Pick<Lookups, "commit">): HomeBucket | "outside" {
  if (sum.repo === null) return "outside";
  if (sum.commit === null) return "pending";
  return lookups.commit(sum.repo, sum.commit)?.reachable === false ? "abandoned" : "committed";
}

function bucketOf(sum: Sum, lookups: Lookups): Bucket {
  const isMissing = sum.repo !== null && sum.commit !== null && lookups.commit(sum.repo, sum.commit)?.missing === true;
  return isMissing ? "elsewhere" : homeOf(sum, lookups);
}

function plainPiece(by: Exclude<Grouping, "commit" | "author">, sum: Sum, lookups: Lookups): Piece {
  const { counts, repo, branch } = sum;
  if (by === "model" || by === "tool" || by === "session" || by === "estimate") return keyed(String(sum.value ?? "(unknown)"), counts);
  if (by === "day" || by === "week" || by === "month") {
    return keyed(localPeriod(Number(sum.value) * SLOT_S * 1000, by, lookups.clock), counts);
  }
  const home = bucketOf(sum, lookups);
  if (by === "state") return statePiece(sum, home, lookups);
  if (repo === null || home === "outside") return special("outside", counts);
  if (by === "project") return keyed(String(sum.value ?? lookups.repoName(repo)), counts);
  if (by === "repo") return piece(`repo\0${repo}`, { key: lookups.repoName(repo), repo: lookups.repoName(repo) }, counts);
  if (by === "ticket") {
    const ticket = lookups.ticketOf(branch);
    return { ...piece(`ticket\0${ticket ?? ""}`, { key: ticket ?? "(no ticket)" }, counts), home, special: ticket === null };
  }
  const labels = { key: branch ?? NO_BRANCH, repo: lookups.repoName(repo), branch };
  return { ...piece(`branch\0${repo}\0${branch ?? ""}`, labels, counts), home };
}

function statePiece(sum: Sum, bucket: Bucket, lookups: Lookups): Piece {
  const committed = bucket === "committed" && sum.repo !== null && sum.commit !== null;
  const state = committed ? lookups.stateOf(sum.repo as number, sum.commit as string) : (bucket as State);
  // None of them is ever folded away.
  return { ...piece(`state\0${state}`, { key: state, state, bucket }, sum.counts), special: true };
}

function commitPiece(by: "commit" | "author", sum: Sum, lookups: Lookups): Piece {
  const home = bucketOf(sum, lookups);
  if (home !== "committed" || sum.repo === null || sum.commit === null) return special(home, sum.counts);
  const facts = lookups.commit(sum.repo, sum.commit);
  if (by === "author") {
    const oldest = typeof sum.value === "string" ? lookups.commit(sum.repo, sum.value) : undefined;
    const author = oldest?.author ?? facts?.author ?? null;
    return piece(`author\0${author ?? ""}`, { key: author ?? "(unknown author)", author, bucket: "committed" }, sum.counts);
  }
  const labels: Labels = {
    key: sum.commit,
    bucket: "committed",
    repo: lookups.repoName(sum.repo),
    branch: sum.branch,
    commit: sum.commit,
    subject: facts?.subject ?? null,
    author: facts?.author ?? null,
  };
  return piece(`commit\0${sum.repo}\0${sum.commit}`, labels, sum.counts);
}

function special(bucket: Bucket, counts: Counts): Piece {
  return { ...piece(`special\0${bucket}`, { key: bucket, bucket }, counts), special: true };
}

function keyed(key: string, counts: Counts): Piece {
  return piece(`key\0${key}`, { key }, counts);
}

function piece(id: string, labels: Labels, counts: Counts): Piece {
  return { id, labels, counts };
}
