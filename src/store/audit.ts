/** The ledger held against itself: sums by bucket, worked out apart from any report, and states that must not exist. */
import { BUCKETS, type BucketName, type BucketSum } from "../core/audit.ts";
import type { Db } from "../platform/sqlite.ts";

interface Row {
  bucket: BucketName | null;
  requests: number;
  cost: string;
  unpriced: number;
}

const SUMS = `COUNT(*) AS requests, CAST(COALESCE(SUM(cost_nanousd), 0) AS TEXT) AS cost, COUNT(*) - COUNT(cost_nanousd) AS unpriced`;

/** Each bucket counted by its own definition from claims and commits, not from a record's current home. */
const DEFINITIONS: Record<BucketName, string> = {
  outside: "repo IS NULL",
  pending: "repo IS NOT NULL AND NOT EXISTS (SELECT 1 FROM claims WHERE record_seq = seq)",
  committed: `repo IS NOT NULL AND EXISTS (SELECT 1 FROM claims JOIN commits ON commits.id = commit_id WHERE record_seq = seq AND reachable = 1)`,
  abandoned: `repo IS NOT NULL AND EXISTS (SELECT 1 FROM claims WHERE record_seq = seq)
    AND NOT EXISTS (SELECT 1 FROM claims JOIN commits ON commits.id = commit_id WHERE record_seq = seq AND reachable = 1)`,
};

export function auditBuckets(db: Db): { total: BucketSum; buckets: Record<BucketName, BucketSum> } {
  const sum = (where: string): BucketSum => {
    const row = db.prepare(`SELECT ${SUMS} FROM usage_records ${where}`).get() as Row;
    return { requests: row.requests, costNanoUsd: BigInt(row.cost), unpriced: row.unpriced };
  };
  const entries = BUCKETS.map((name) => [name, sum(`WHERE ${DEFINITIONS[name]}`)] as const);
  return { total: sum(""), buckets: Object.fromEntries(entries) as Record<BucketName, BucketSum> };
}

/** States that the rules forbid, each with the number of rows in it. */
const FORBIDDEN: readonly [what: string, sql: string][] = [
  [
    "records with claims but no home",
    "SELECT COUNT(*) AS n FROM usage_records WHERE commit_sha IS NULL AND EXISTS (SELECT 1 FROM claims WHERE record_seq = seq)",
  ],
  [
    "records whose home does not claim them",
    `SELECT COUNT(*) AS n FROM usage_records WHERE commit_sha IS NOT NULL AND NOT EXISTS (
       SELECT 1 FROM claims JOIN commits ON commits.id = commit_id WHERE record_seq = seq AND sha = commit_sha)`,
  ],
  [
    "claims by a commit of another repository",
    "SELECT COUNT(*) AS n FROM claims JOIN commits ON commits.id = commit_id JOIN usage_records ON seq = record_seq WHERE commits.repo IS NOT usage_records.repo",
  ],
  [
    "records first claimed by more or less than one commit",
    "SELECT COUNT(*) AS n FROM (SELECT record_seq FROM claims GROUP BY record_seq HAVING SUM(first) <> 1)",
  ],
];

export function auditFaults(db: Db): string[] {
  return FORBIDDEN.flatMap(([what, sql]) => {
    const { n } = db.prepare(sql).get() as { n: number };
    return n === 0 ? [] : [`${n} ${what}`];
  });
}
