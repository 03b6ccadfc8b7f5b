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

/** Changes whenever a repository has a record, an event or a hint that attribution has not seen. */
export function inputVersion(db: Db, repo: number): string {
  const row = db
    .prepare(
      `WITH places AS (SELECT id FROM worktrees WHERE repo = ?)
       SELECT (SELECT COALESCE(MAX(seq), 0) || '/' || COUNT(*) FROM usage_records INDEXED BY usage_records_pending
                WHERE commit_sha IS NULL AND repo IS NOT NULL AND worktree IN places) AS pending,
              (SELECT COALESCE(MAX(id), 0) FROM git_events WHERE worktree IN places) AS events,
              (SELECT COALESCE(MAX(id), 0) FROM hints WHERE worktree IN places) AS hints`,
    )
    .get(repo) as { pending: string; events: number; hints: number };
  return `${row.pending}:${row.events}:${row.hints}`;
}

const squashesKey = (repo: number): string => `squashes.${repo}`;

/** The last event of a repository up to which commits were looked at for being a squash that nothing names; 0 before the first look. */
export function squashesLookedTo(db: Db, repo: number): number {
  return Number(getMeta(db, squashesKey(repo)) ?? 0);
}

/** It only moves on: another process may have looked at more meanwhile. */
export function setSquashesLookedTo(db: Db, repo: number, event: number): void {
  if (event > squashesLookedTo(db, repo)) setMeta(db, squashesKey(repo), String(event));
}
