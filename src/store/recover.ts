/** Saves what can be read of a damaged ledger: into a new one of the same schema, row by row around what is broken. */
import { type Db, openDatabase, transaction } from "../platform/sqlite.ts";
import { MIGRATIONS } from "./migrations.ts";
import { IMPOSSIBLE, tableNames } from "./upkeep.ts";
import { REHOME } from "./commits.ts";

export interface Salvaged {
  tables: { name: string; rows: number; gaps: number }[];
  orphans: number;
  doubtful: number;
}

/** Copies every readable row of `from` into a new ledger at `to`. What is left must balance: what referred to lost rows goes too. */
export function salvage(from: string, to: string): Salvaged {
  const source = openDatabase(from, { readonly: true });
  const target = openDatabase(to);
  try {
    for (const step of MIGRATIONS) target.exec(step);
    target.pragma(`user_version = ${MIGRATIONS.length}`);
    target.pragma("foreign_keys = OFF");
    const tables = transaction(target, () => tableNames(target).map((name) => ({ name, ...copyTable(source, target, name) })));
    const doubtful = transaction(target, () => target.prepare(`DELETE FROM usage_records WHERE ${IMPOSSIBLE}`).run().changes);
    for (const table of tables) if (table.name === "usage_records") table.rows -= doubtful;
    const orphans = transaction(target, () => settle(target));
    target.pragma("journal_mode = DELETE");
    return { tables, orphans, doubtful };
  } finally {
    source.close();
    target.close();
  }
}

/** How many records an index of the damaged ledger at `path` still tells of; null when none can be read. */
export function recordsBefore(path: string): number | null {
  const db = openDatabase(path, { readonly: true });
  const counts = ["usage_records_ts", "usage_records_session", "sqlite_autoindex_usage_records_1"].flatMap((index) => {
    try {
      return [db.prepare(`SELECT COUNT(*) FROM usage_records INDEXED BY ${index}`).pluck().get() as number];
    } catch {
      // This one is damaged, or the schema is: another may tell.
      return [];
    }
  });
  db.close();
  return counts.length === 0 ? null : Math.max(...counts);
}

function copyTable(source: Db, target: Db, table: string): { rows: number; gaps: number } {
  const known = new Set(columnsOf(target, table));
  const columns = columnsOf(source, table).filter((name) => known.has(name));
  if (columns.length === 0) return { rows: 0, gaps: 0 };
  const names = columns.join(", ");
  const insert = target.prepare(`INSERT OR IGNORE INTO ${table} (${names}) VALUES (${columns.map(() => "?").join(", ")})`);
  let rows = 0;
  const take = (values: unknown[]) => (rows += insert.run(values).changes);
  const byRowid = hasRowid(source, table);
  const gaps = byRowid ? copyByRowid(source, table, names, take) : copyFromBothEnds(source, table, names, take);
  return { rows, gaps };
}

/** Goes on behind each row that cannot be read, in steps that grow until something can be read again. */
function copyByRowid(source: Db, table: string, names: string, take: (values: unknown[]) => void): number {
  let gaps = 0;
  let at = Number.MIN_SAFE_INTEGER;
  for (let step = 1; ;) {
    try {
      const rows = source.prepare(`SELECT rowid, ${names} FROM ${table} WHERE rowid > ? ORDER BY rowid`).raw();
      for (const [rowid, ...values] of rows.iterate(at) as Iterable<[number, ...unknown[]]>) {
        take(values);
        at = rowid;
        step = 1;
      }
      return gaps;
    } catch {
      // Damage: what it was is not told, only that the next rows are tried.
      if (step === 1) gaps++;
      if (at === Number.MIN_SAFE_INTEGER) at = 0;
      at += step;
      step *= 2;
      if (at > MAX_ROWID) return gaps;
    }
  }
}

/** Far above any ledger's rows. */
const MAX_ROWID = 2 ** 40;

/** Without row ids there is no number to go on from: forwards to the damage, then backwards to it. */
function copyFromBothEnds(source: Db, table: string, names: string, take: (values: unknown[]) => void): number {
  let gaps = 0;
  for (const order of ["ASC", "DESC"]) {
    try {
      const key = (source.pragma(`table_info(${table})`) as { name: string; pk: number }[])
        .filter(({ pk }) => pk > 0)
        .toSorted((a, b) => a.pk - b.pk);
      const by = key.map(({ name }) => `${name} ${order}`).join(", ");
      for (const values of source.prepare(`SELECT ${names} FROM ${table} ORDER BY ${by}`).raw().iterate()) take(values as unknown[]);
      return gaps;
    } catch {
      // Damage in between: the other end is next.
      gaps = 1;
    }
  }
  return gaps;
}

function columnsOf(db: Db, table: string): string[] {
  try {
    return (db.pragma(`table_info(${table})`) as { name: string }[]).map(({ name }) => name);
  } catch {
    // Even the schema cannot be read: then nothing of this table can.
    return [];
  }
}

function hasRowid(db: Db, table: string): boolean {
  try {
    db.prepare(`SELECT rowid FROM ${table} LIMIT 0`).raw().all();
    return true;
  } catch {
    // WITHOUT ROWID, or unreadable: both are read from both ends.
    return false;
  }
}

/** Takes away what refers to nothing, books records where their claims are, and lets every log be read again: what is lost may still stand there. */
function settle(db: Db): number {
  let orphans = 0;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const loose = db.pragma("foreign_key_check") as { table: string; rowid: number | null }[];
    if (loose.length === 0) break;
    orphans += loose.length;
    for (const { table, rowid } of loose) if (rowid !== null) db.prepare(`DELETE FROM ${table} WHERE rowid = ?`).run(rowid);
    for (const statement of WITHOUT_ROWID) db.exec(statement);
  }
  for (const statement of SETTLE) db.exec(statement);
  return orphans;
}

const MAX_ROUNDS = 10;

const WITHOUT_ROWID = [
  "DELETE FROM claims WHERE record_seq NOT IN (SELECT seq FROM usage_records) OR commit_id NOT IN (SELECT id FROM commits)",
  "UPDATE claims SET event_id = NULL WHERE event_id NOT IN (SELECT id FROM git_events)",
  "UPDATE rewrites SET event_id = NULL WHERE event_id NOT IN (SELECT id FROM git_events)",
  "DELETE FROM record_files WHERE record_seq NOT IN (SELECT seq FROM usage_records) OR worktree NOT IN (SELECT id FROM worktrees)",
  "DELETE FROM rewrites WHERE repo NOT IN (SELECT id FROM repos)",
  "DELETE FROM shares WHERE repo NOT IN (SELECT id FROM repos)",
];

const SETTLE = [
  `UPDATE claims SET first = (commit_id = (SELECT MIN(commit_id) FROM claims AS other WHERE other.record_seq = claims.record_seq))
   WHERE record_seq IN (SELECT record_seq FROM claims GROUP BY record_seq HAVING SUM(first) <> 1)`,
  `${REHOME} WHERE commit_sha IS NOT NULL OR EXISTS (SELECT 1 FROM claims WHERE record_seq = seq)`,
  "DELETE FROM cursors",
];
