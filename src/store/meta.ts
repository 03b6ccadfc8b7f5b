/** Small facts about the ledger itself. */
import type { Db } from "../platform/sqlite.ts";

export function getMeta(db: Db, key: string): string | null {
  const row = db.prepare("SELECT value FROM meta WHERE key = ?").get(key) as { value: string } | undefined;
  return row?.value ?? null;
}

export function setMeta(db: Db, key: string, value: string): void {
  db.prepare("INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value").run(key, value);
}

export function deleteMeta(db: Db, key: string): void {
  db.prepare("DELETE FROM meta WHERE key = ?").run(key);
}

/** Changes whenever there is a record, an event or a hint that attribution has not seen. */
export function inputVersion(db: Db): string {
  const row = db
    .prepare(
      `SELECT (SELECT COALESCE(MAX(seq), 0) FROM usage_records) AS records, (SELECT COALESCE(MAX(id), 0) FROM git_events) AS events,
       (SELECT COUNT(*) FROM hints) AS hints`,
    )
    .get() as { records: number; events: number; hints: number };
  return `${row.records}:${row.events}:${row.hints}`;
}
