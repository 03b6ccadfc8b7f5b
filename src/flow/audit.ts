/** Proves that every record is in exactly one bucket and that the buckets add up. */
import type { Audit } from "../core/audit.ts";
import type { Db } from "../platform/sqlite.ts";
import { auditBuckets, auditFaults } from "../store/audit.ts";

export function audit(db: Db): Audit {
  const { total, buckets } = auditBuckets(db);
  const faults = auditFaults(db);
  const sums = Object.values(buckets);
  const records = sums.reduce((sum, bucket) => sum + bucket.requests, 0);
  const costNanoUsd = sums.reduce((sum, bucket) => sum + bucket.costNanoUsd, 0n);
  const balanced = records === total.requests && costNanoUsd === total.costNanoUsd && faults.length === 0;
  return { records: total.requests, costNanoUsd: total.costNanoUsd, buckets, faults, balanced };
}
