/** Reads who holds what straight from the database file, apart from boba's own reports. */
import Database from "better-sqlite3";
import type { Sandbox } from "./sandbox.ts";

const withDb = <T>(box: Sandbox, read: (db: Database.Database) => T): T => {
  const db = new Database(box.db, { readonly: true });
  try {
    return read(db);
  } finally {
    db.close();
  }
};

const outputs = (rows: unknown[]): number[] => rows.map((row) => (row as { output_tokens: number }).output_tokens).sort((a, b) => a - b);

/** The records that a commit claims, by their output tokens. */
export function claimedBy(box: Sandbox, sha: string): number[] {
  return withDb(box, (db) =>
    outputs(
      db
        .prepare(
          "SELECT output_tokens FROM usage_records JOIN claims ON record_seq = seq JOIN commits ON commits.id = commit_id WHERE sha = ?",
        )
        .all(sha),
    ),
  );
}

/** The records whose home is this commit. */
export function homeOf(box: Sandbox, sha: string): number[] {
  return withDb(box, (db) => outputs(db.prepare("SELECT output_tokens FROM usage_records WHERE commit_sha = ?").all(sha)));
}

/** Pending records by the branch they wait on; a detached HEAD is "(detached)". */
export function pending(box: Sandbox): Record<string, number[]> {
  const rows = withDb(box, (db) =>
    db
      .prepare("SELECT output_tokens, branch FROM usage_records WHERE commit_sha IS NULL AND repo IS NOT NULL ORDER BY output_tokens")
      .all(),
  ) as { output_tokens: number; branch: string | null }[];
  const found: Record<string, number[]> = {};
  for (const { output_tokens, branch } of rows) (found[branch ?? "(detached)"] ??= []).push(output_tokens);
  return found;
}

/** The branch that a record is booked to. */
export function branchOf(box: Sandbox, output: number): string | null {
  return withDb(
    box,
    (db) => (db.prepare("SELECT branch FROM usage_records WHERE output_tokens = ?").get(output) as { branch: string | null }).branch,
  );
}

/** Records whose commits no ref reaches. */
export function abandoned(box: Sandbox): number[] {
  return withDb(box, (db) =>
    outputs(
      db
        .prepare(
          "SELECT output_tokens FROM usage_records JOIN commits ON commits.repo = usage_records.repo AND sha = commit_sha WHERE reachable = 0",
        )
        .all(),
    ),
  );
}
