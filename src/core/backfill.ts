/** What a backfill found and booked. */
import type { BucketName } from "./audit.ts";
import type { Counts } from "./summary.ts";

export interface BackfillSummary {
  /** Unix seconds; null: from the start. */
  sinceS: number | null;
  /** Responses that were not in the ledger before. */
  newRecords: number;
  /** Records that this run booked to a commit. */
  booked: number;
  buckets: Record<BucketName, Counts>;
  /** Commits that any ref reaches and that are some record's home. */
  commits: number;
  repos: BackfilledRepo[];
  /** Why what is pending could not be booked, most first. */
  waiting: { why: string; requests: number }[];
  errors: { source: string; message: string }[];
}

export interface BackfilledRepo {
  name: string;
  /** Unix milliseconds: the first entry of its reflogs, and its first record. Null without any. */
  reflogFromMs: number | null;
  recordsFromMs: number | null;
  /** Its first record that waits for a commit, of those that are told. */
  pendingFromMs: number | null;
}
