/** What an audit finds: every record in one bucket, and the sums. */

export const BUCKETS = ["committed", "pending", "abandoned", "outside"] as const;
export type BucketName = (typeof BUCKETS)[number];

export interface BucketSum {
  requests: number;
  costNanoUsd: bigint;
  unpriced: number;
}

export interface Audit {
  records: number;
  costNanoUsd: bigint;
  buckets: Record<BucketName, BucketSum>;
  /** What is wrong, if anything; each is a bug in boba or a hand in its database. */
  faults: string[];
  balanced: boolean;
}
