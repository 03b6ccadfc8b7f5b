/** Proves that every record is in exactly one bucket and that the buckets add up. */
import type { Audit } from "../core/audit.ts";
import { atOneMoment, type Db } from "../platform/sqlite.ts";
import { auditBuckets, auditFaults } from "../store/audit.ts";

export function audit(db: Db): Audit {
  // What another process stores between two of the sums would look like a fault.
  const [{ total, buckets }, faults] = atOneMoment(db, () => [auditBuckets(db), auditFaults(db)] as const);
  const sums = Object.values(buckets);
  const records = sums.reduce((sum, bucket) => sum + bucket.requests, 0);
  const costNanoUsd = sums.reduce((sum, bucket) => sum + bucket.costNanoUsd, 0n);
  const balanced = records === total.requests && costNanoUsd === total.costNanoUsd && faults.length === 0;
  return { records: total.requests, costNanoUsd: total.costNanoUsd, buckets, faults, balanced };
}
