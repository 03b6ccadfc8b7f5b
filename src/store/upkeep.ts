/** Looking after the ledger's file. */
import type { LedgerInfo } from "../core/upkeep.ts";
import type { Db } from "../platform/sqlite.ts";

export function ledgerInfo(db: Db): Omit<LedgerInfo, "path" | "fileBytes" | "walBytes"> {
  const number = (pragma: string) => Number(db.pragma(pragma, { simple: true }));
  const pageBytes = number("page_size");
  const sizes = new Map(db.prepare(SIZES).raw().all() as [string, number][]);
  const tables = tableNames(db).map((name) => ({ name, rows: rowsOf(db, name), bytes: sizes.get(name) ?? 0 }));
  const span = db.prepare("SELECT MIN(ts_ms) AS firstRecordMs, MAX(ts_ms) AS lastRecordMs FROM usage_records").get() as Pick<
    LedgerInfo,
    "firstRecordMs" | "lastRecordMs"
  >;
  return {
    freeBytes: number("freelist_count") * pageBytes,
    schema: number("user_version"),
    sqlite: db.prepare("SELECT sqlite_version()").pluck().get() as string,
    journalMode: String(db.pragma("journal_mode", { simple: true })),
    pageBytes,
    tables: tables.toSorted((a, b) => b.bytes - a.bytes),
    ...span,
  };
}

/** Bytes of each table with its indexes. */
const SIZES = `
  SELECT tbl_name, SUM(pgsize) FROM dbstat('main', 1) AS stat JOIN sqlite_schema ON sqlite_schema.name = stat.name GROUP BY tbl_name`;

const rowsOf = (db: Db, table: string): number => db.prepare(`SELECT COUNT(*) FROM "${table}"`).pluck().get() as number;

/** Tables of the schema; their names are ours, so they need no quoting. */
export function tableNames(db: Db): string[] {
  return db
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name GLOB '[a-z]*' AND name NOT GLOB 'sqlite_*' ORDER BY name")
    .pluck()
    .all() as string[];
}

/** Rows whose foreign key leads nowhere, by table. */
export function orphanCounts(db: Db): { table: string; rows: number }[] {
  const counts = new Map<string, number>();
  for (const { table } of db.pragma("foreign_key_check") as { table: string }[]) counts.set(table, (counts.get(table) ?? 0) + 1);
  return [...counts].map(([table, rows]) => ({ table, rows }));
}

/** True of no record that was ever written: what is left after bytes changed where SQLite does not notice. */
export const IMPOSSIBLE = [
  "length(id) <> 32 OR id GLOB '*[^0-9a-f]*'",
  "typeof(ts) <> 'integer' OR typeof(ts_ms) <> 'integer' OR ts <> ts_ms / 1000",
  ...["session_id", "tool", "provider", "model", "estimate_level"].map((column) => `typeof(${column}) <> 'text'`),
  ...["input", "output", "reasoning", "cache_read", "cache_write_5m", "cache_write_1h"].map(
    (kind) => `typeof(${kind}_tokens) <> 'integer' OR ${kind}_tokens < 0`,
  ),
  "typeof(cost_nanousd) NOT IN ('integer', 'null') OR cost_nanousd < 0",
].join(" OR ");

export function impossibleRecords(db: Db): number {
  return db.prepare(`SELECT COUNT(*) FROM usage_records NOT INDEXED WHERE ${IMPOSSIBLE}`).pluck().get() as number;
}

/** Writes the file anew without its free pages, then empties the log, so that both shrink on the disk. */
export function vacuum(db: Db): void {
  db.exec("VACUUM");
  db.pragma("wal_checkpoint(TRUNCATE)");
}

/** Merges the log into the file and empties it; false while somebody reads from it. */
export function mergeLog(db: Db): boolean {
  const [outcome] = db.pragma("wal_checkpoint(TRUNCATE)") as { busy: number }[];
  return outcome?.busy === 0;
}

/** Measures the tables, so that SQLite chooses its ways by what is in them. */
export function analyze(db: Db): void {
  db.exec("ANALYZE");
}
