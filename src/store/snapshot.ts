/** Whole copies of the ledger: made by SQLite itself, so that they are of one moment whoever writes meanwhile. */
import type { LedgerSums } from "../core/backup.ts";
import { type Db, nextEdition, transaction } from "../platform/sqlite.ts";

/** Writes a compact copy to `path`, which must not exist. Takes one pass, however busy other processes are. */
export function copyInto(db: Db, path: string): void {
  db.prepare("VACUUM INTO ?").run(path);
}

/** The schema of a ledger, or null when the database is none. */
export function ledgerSchema(db: Db): number | null {
  const version = Number(db.pragma("user_version", { simple: true }));
  return version > 0 && tablesOf(db, "main").includes("usage_records") ? version : null;
}

export function sumsOf(db: Db): LedgerSums {
  const rows = Object.fromEntries(
    tablesOf(db, "main")
      .filter((table) => table !== CONFIG)
      .map((table) => [
        table,
        db
          .prepare(`SELECT COUNT(*) FROM ${quoted(table)}`)
          .pluck()
          .get() as number,
      ]),
  );
  const span = db
    .prepare<[], Omit<LedgerSums, "rows">>(
      `SELECT CAST(COALESCE(SUM(cost_nanousd), 0) AS TEXT) AS costNanoUsd, MIN(ts_ms) AS fromMs, MAX(ts_ms) AS toMs FROM usage_records`,
    )
    .get();
  return { rows, costNanoUsd: "0", fromMs: null, toMs: null, ...span };
}

/**
 * Puts the content of the ledger at `from` (of the same schema) in place of this one's, in one transaction: other processes keep their
 * connections and see the one or the other. `keep` is called when nobody can write any more and nothing has changed yet.
 */
export function replaceContent(db: Db, from: string, keep: () => void): void {
  db.pragma("foreign_keys = OFF");
  db.prepare("ATTACH ? AS restored").run(from);
  try {
    transaction(db, () => {
      keep();
      const triggers = triggersOf(db);
      for (const { name } of triggers) db.exec(`DROP TRIGGER ${quoted(name)}`);
      for (const table of tablesOf(db, "main")) {
        const columns = (db.pragma(`table_info(${quoted(table)})`) as { name: string }[]).map(({ name }) => quoted(name)).join(", ");
        db.exec(`DELETE FROM main.${quoted(table)}`);
        db.exec(`INSERT INTO main.${quoted(table)} (${columns}) SELECT ${columns} FROM restored.${quoted(table)}`);
      }
      for (const { sql } of triggers) db.exec(sql);
      nextEdition(db);
    });
  } finally {
    db.exec("DETACH restored");
    db.pragma("foreign_keys = ON");
  }
}

/**
 * Puts tables and content of the ledger at `from` in place of everything in this database, whatever schema that has; otherwise as `replaceContent`.
 * A program that knows the schema that was here fails in its next statement, or when it looks at `user_version`; the file stays whole.
 */
export function replaceAll(db: Db, from: string, keep: () => void): void {
  db.pragma("foreign_keys = OFF");
  db.prepare("ATTACH ? AS restored").run(from);
  try {
    transaction(db, () => {
      keep();
      // What a virtual table keeps goes with it, so it goes before tables; indexes go with theirs.
      for (const { type, name } of objectsOf(db, "main", "type <> 'index'", "type = 'table', sql NOT LIKE 'CREATE VIRTUAL%'"))
        db.exec(`DROP ${type} IF EXISTS main.${quoted(name)}`);
      for (const { type, name, sql } of objectsOf(db, "restored", "true", "type <> 'table', type = 'trigger'")) {
        db.exec(sql);
        if (type === "table") db.exec(`INSERT INTO main.${quoted(name)} SELECT * FROM restored.${quoted(name)}`);
      }
      db.pragma(`main.user_version = ${Number(db.pragma("restored.user_version", { simple: true }))}`);
      nextEdition(db);
    });
  } finally {
    db.exec("DETACH restored");
    db.pragma("foreign_keys = ON");
  }
}

/** Tables, views, indexes and triggers but SQLite's own. */
function objectsOf(db: Db, schema: "main" | "restored", where: string, order: string): { type: string; name: string; sql: string }[] {
  return db
    .prepare<[], { type: string; name: string; sql: string }>(
      `SELECT type, name, sql FROM ${schema}.sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND ${where}
       ORDER BY ${order}, rowid`,
    )
    .all();
}

/** Triggers would answer to rows that only move. */
function triggersOf(db: Db): { name: string; sql: string }[] {
  return db.prepare<[], { name: string; sql: string }>("SELECT name, sql FROM main.sqlite_schema WHERE type = 'trigger'").all();
}

function tablesOf(db: Db, schema: "main" | "restored"): string[] {
  return db
    .prepare(`SELECT name FROM ${schema}.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name`)
    .pluck()
    .all() as string[];
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Only in copies: the configuration that goes with them. */
const CONFIG = "backup_config";

export function putConfig(db: Db, files: readonly { name: string; data: Buffer }[]): void {
  transaction(db, () => {
    db.exec(`CREATE TABLE ${CONFIG} (name TEXT PRIMARY KEY, data BLOB NOT NULL)`);
    const insert = db.prepare(`INSERT INTO ${CONFIG} (name, data) VALUES (?, ?)`);
    for (const { name, data } of files) insert.run(name, data);
  });
}

/** Takes the configuration out of a copy, leaving a plain ledger. */
export function takeConfig(db: Db): { name: string; data: Buffer }[] {
  if (!tablesOf(db, "main").includes(CONFIG)) return [];
  const files = db.prepare<[], { name: string; data: Buffer }>(`SELECT name, data FROM ${CONFIG} ORDER BY name`).all();
  db.exec(`DROP TABLE ${CONFIG}`);
  return files;
}
