/** What git did, in the order each worktree's reflog tells it. Append-only. */
import type { EventKind, ReflogEntry } from "../core/reflog.ts";
import type { GitEvent } from "../core/timeline.ts";
import type { Db } from "../platform/sqlite.ts";

export interface NewEvent extends ReflogEntry {
  branch: string | null;
  exactMs: number | null;
  origin: "reflog" | "hook";
}

interface Row {
  id: number;
  worktree: number;
  kind: string;
  old_sha: string;
  new_sha: string;
  ts_ms: number;
  exact_ms: number | null;
  branch: string | null;
  detail: string;
}

/**
 * Appends events to a worktree and returns how many were new. `whole`: they are the log from its start, so those that are there
 * already are left as they are; otherwise all are new, even one equal to an earlier one of the same second.
 */
export function appendEvents(db: Db, place: { repo: number; worktree: number }, events: readonly NewEvent[], whole: boolean): number {
  const next = db.prepare("SELECT COALESCE(MAX(position), 0) + 1 AS position FROM git_events WHERE worktree = ?").get(place.worktree);
  let { position } = next as { position: number };
  const insert = db.prepare(
    `INSERT INTO git_events (repo, worktree, ts_ms, position, origin, kind, branch, old_sha, new_sha, detail, nth, exact_ms)
     VALUES (:repo, :worktree, :tsMs, :position, :origin, :kind, :branch, :oldSha, :newSha, :detail, :nth, :exactMs)
     ON CONFLICT DO NOTHING`,
  );
  const seen = new Map<string, number>();
  let added = 0;
  for (const { from, to, ...event } of events) {
    const detail = from === null && to === null ? "" : JSON.stringify([from, to]);
    const key = `${event.kind} ${event.oldSha} ${event.newSha} ${event.tsMs} ${detail}`;
    for (let nth = seen.get(key) ?? 0; ; nth++) {
      seen.set(key, nth + 1);
      const { changes } = insert.run({ ...place, ...event, position, detail, nth });
      position += changes;
      added += changes;
      if (changes === 1 || whole) break;
    }
  }
  return added;
}

/** A worktree's events in order. */
export function eventsOf(db: Db, worktree: number): GitEvent[] {
  const rows = db
    .prepare(
      "SELECT id, worktree, kind, old_sha, new_sha, ts_ms, exact_ms, branch, detail FROM git_events WHERE worktree = ? ORDER BY position",
    )
    .all(worktree) as Row[];
  return rows.map((row) => {
    const [from, to] = row.detail === "" ? [null, null] : (JSON.parse(row.detail) as [string | null, string | null]);
    return {
      id: row.id,
      worktreeId: row.worktree,
      kind: row.kind as EventKind,
      oldSha: row.old_sha,
      newSha: row.new_sha,
      tsMs: row.ts_ms,
      exactMs: row.exact_ms,
      branch: row.branch,
      from,
      to,
    };
  });
}

/** What was said that a reflog cannot: a hook's `rewritten`, `picked`, `squashed` and `squashed-next`, a message's `squashed-in`, filter-repo's `filtered`. */
export interface Hint {
  worktree: number;
  kind: string;
  oldSha: string;
  newSha: string;
}

export function saveHints(db: Db, hints: readonly Hint[]): void {
  const insert = db.prepare("INSERT OR IGNORE INTO hints (worktree, kind, old_sha, new_sha) VALUES (:worktree, :kind, :oldSha, :newSha)");
  for (const hint of hints) insert.run(hint);
}

/** Hints of a kind in the order that the hook wrote them. */
export function hintsOf(db: Db, worktree: number, kind: string): { oldSha: string; newSha: string }[] {
  const query = db.prepare("SELECT old_sha AS oldSha, new_sha AS newSha FROM hints WHERE worktree = ? AND kind = ? ORDER BY id");
  return query.all(worktree, kind) as { oldSha: string; newSha: string }[];
}

/** The commits that a `merge --squash` named since the last one was committed: the worktree's next commit is what they went into. */
export function openSquashes(db: Db, worktree: number): string[] {
  const query = db.prepare(
    `SELECT old_sha AS sha FROM hints WHERE worktree = :worktree AND kind = 'squashed'
       AND id > (SELECT COALESCE(MAX(id), 0) FROM hints WHERE worktree = :worktree AND kind = 'squashed-next') ORDER BY id`,
  );
  return (query.all({ worktree }) as { sha: string }[]).map(({ sha }) => sha);
}
