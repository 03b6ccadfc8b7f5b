/** What a ledger holds, in a form that can be compared: byte by byte, or by what it says whatever the order in which it was written. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import Database from "better-sqlite3";
import { MIGRATIONS } from "../../src/store/migrations.ts";
import { withDb } from "./stage.ts";

export const LATEST = MIGRATIONS.length;

const tablesOf = (db: Database.Database) =>
  db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB 'sqlite_*' ORDER BY name").pluck().all() as string[];

const rowsHash = (db: Database.Database, sql: string): string => {
  const hash = createHash("sha1");
  for (const row of db.prepare(sql).raw().iterate())
    hash.update(JSON.stringify(row, (_, value) => (Buffer.isBuffer(value) ? value.toString("hex") : value)));
  return hash.digest("hex");
};

/** Every row of every table, in the order of the table's key. */
export function wholeContent(path: string): string {
  return withDb(path, (db) =>
    [
      `v${String(db.pragma("user_version", { simple: true }))}`,
      ...tablesOf(db).map((table) => `${table} ${rowsHash(db, `SELECT * FROM "${table}"`)}`),
    ].join("\n"),
  );
}

/** `meta` apart: leases and times of runs are in it. */
export const withoutMeta = (content: string): string =>
  content
    .split("\n")
    .filter((line) => !line.startsWith("meta "))
    .join("\n");

export interface Facts {
  records: number;
  costNanoUsd: string;
  recordsHash: string;
  claimsHash: string;
  prunedRequests: number;
  prunedNanoUsd: string;
}

/** The same for two ledgers that say the same, whatever row ids they gave it. */
export function facts(path: string): Facts {
  return withDb(path, (db) => {
    const has = (table: string) => tablesOf(db).includes(table);
    const sums = db
      .prepare("SELECT COUNT(*) AS records, CAST(COALESCE(SUM(cost_nanousd), 0) AS TEXT) AS costNanoUsd FROM usage_records")
      .get() as Pick<Facts, "records" | "costNanoUsd">;
    const pruned = has("pruned_sums")
      ? (db
          .prepare(
            "SELECT COALESCE(SUM(requests), 0) AS prunedRequests, CAST(COALESCE(SUM(cost_nanousd), 0) AS TEXT) AS prunedNanoUsd FROM pruned_sums",
          )
          .get() as Pick<Facts, "prunedRequests" | "prunedNanoUsd">)
      : { prunedRequests: 0, prunedNanoUsd: "0" };
    return {
      ...sums,
      ...pruned,
      recordsHash: rowsHash(
        db,
        `SELECT id, ts_ms, session_id, tool, provider, model, input_tokens, output_tokens, cache_read_tokens, cache_write_5m_tokens, cache_write_1h_tokens,
           cost_nanousd, branch, commit_sha, (SELECT root FROM worktrees WHERE worktrees.id = worktree) FROM usage_records ORDER BY id`,
      ),
      claimsHash: rowsHash(
        db,
        `SELECT usage_records.id, sha, via, evidence, first FROM claims JOIN usage_records ON seq = record_seq JOIN commits ON commits.id = commit_id
         ORDER BY usage_records.id, sha`,
      ),
    };
  });
}

/** Null where there is no ledger, or nothing that SQLite would take for a database. */
export function contentIfAny(path: string): string | null {
  if (!existsSync(path)) return null;
  try {
    return wholeContent(path);
  } catch (error) {
    if (error instanceof Database.SqliteError && error.code === "SQLITE_NOTADB") return null;
    throw error;
  }
}

/** Whether it has come to tables of this version: before that there is nothing to audit. */
export const isLedger = (path: string): boolean =>
  existsSync(path) && withDb(path, (db) => Number(db.pragma("user_version", { simple: true }))) === LATEST;

export const integrity = (path: string): string => withDb(path, (db) => String(db.pragma("integrity_check(3)", { simple: true })));

export const idsOf = (path: string): string[] =>
  withDb(path, (db) => db.prepare("SELECT id FROM usage_records ORDER BY id").pluck().all() as string[]);
