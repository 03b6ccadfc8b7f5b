/** Who holds a record: append-only, better evidence may be added, nothing is taken away. */
import type { Booking } from "../core/booking.ts";
import type { Edit, WaitingRecord, WaitingSessions } from "../core/sessions.ts";
import type { Rewrite, RewritePair } from "../core/rewrites.ts";
import type { Db } from "../platform/sqlite.ts";
import { rehome } from "./commits.ts";

type PendingRow = [session: string, worktreeId: number, loggedBranch: string | null, seqs: string, times: string];

/** Records of a repository that no commit holds, and the edits of their sessions there. */
export function pendingOf(db: Db, repo: number): { sessions: WaitingSessions; edits: Map<string, Edit[]> } {
  // What repeats is read once, and numbers as one text: a row a record takes several times as long.
  const rows = db
    .prepare(
      `SELECT session_id, worktree, logged_branch, json_group_array(seq), json_group_array(ts_ms)
       FROM usage_records INDEXED BY usage_records_pending
       WHERE commit_sha IS NULL AND repo IS NOT NULL AND worktree IN (SELECT id FROM worktrees WHERE repo = ?)
       GROUP BY session_id, worktree, logged_branch`,
    )
    .raw()
    .all(repo) as PendingRow[];
  const sessions = new Map<string, WaitingRecord[]>();
  for (const [session, worktreeId, loggedBranch, seqs, times] of rows) {
    let known = sessions.get(session);
    if (known === undefined) sessions.set(session, (known = []));
    const atMs = JSON.parse(times) as number[];
    for (const [nth, seq] of (JSON.parse(seqs) as number[]).entries()) {
      known.push({ seq, worktreeId, atMs: atMs[nth] as number, loggedBranch });
    }
  }
  for (const records of sessions.values()) records.sort((a, b) => a.atMs - b.atMs || a.seq - b.seq);
  return { sessions, edits: editsBySession(db, repo, sessions) };
}

/** Edits in this repository by the sessions that have something pending, claimed ones included: a late record belongs to the edit it led to. */
function editsBySession(db: Db, repo: number, sessions: WaitingSessions): Map<string, Edit[]> {
  const query = db
    .prepare<[string, number, number], EditRow>(
      `SELECT seq, ts_ms, record_files.worktree, path FROM usage_records JOIN record_files ON record_seq = seq
       JOIN worktrees ON worktrees.id = record_files.worktree
       WHERE session_id = ? AND ts_ms >= ? AND worktrees.repo = ? ORDER BY ts_ms, seq`,
    )
    .raw();
  const found = new Map<string, Edit[]>();
  for (const [session, [earliest]] of sessions) {
    const list: Edit[] = [];
    for (const [seq, atMs, worktreeId, path] of query.iterate(session, (earliest as WaitingRecord).atMs, repo)) {
      const last = list.at(-1);
      // Files in more than one worktree: those of the first decide.
      if (last?.seq !== seq) list.push({ seq, atMs, worktreeId, paths: [path] });
      else if (last.worktreeId === worktreeId) last.paths.push(path);
    }
    if (list.length > 0) found.set(session, list);
  }
  return found;
}

type EditRow = [seq: number, atMs: number, worktreeId: number, path: string];

/** Books records to the commits that made them theirs; those commits' notes are then out of date. Returns how many claims were new. */
export function addClaims(db: Db, repo: number, bookings: readonly Booking[]): number {
  // A record that has a home has a first claim. Records that were deleted meanwhile are not there to be claimed.
  const insert = db.prepare(
    `INSERT INTO claims (record_seq, commit_id, via, evidence, event_id, first)
     SELECT seq, commits.id, 'commit', :evidence, :eventId, commit_sha IS NULL
     FROM commits CROSS JOIN usage_records WHERE commits.repo = :repo AND sha = :commitSha AND seq BETWEEN :from AND :to
     ON CONFLICT DO NOTHING`,
  );
  const settle = db.prepare(
    "UPDATE usage_records SET branch = :branch, commit_sha = :commitSha WHERE seq BETWEEN :from AND :to AND commit_sha IS NULL",
  );
  const dirty = db.prepare("UPDATE commits SET note_dirty = 1 WHERE repo = :repo AND sha = :commitSha");
  let added = 0;
  for (const { runs, branch, commitSha, evidence, eventId } of bookings) {
    const before = added;
    for (const { from, to } of runs) {
      const fresh = insert.run({ evidence, eventId, repo, commitSha, from, to }).changes;
      if (fresh === 0) continue;
      added += fresh;
      // A record's only claim is its home. Where another process was faster, its branch stays and the home is looked for among all.
      if (settle.run({ branch, commitSha, from, to }).changes < fresh)
        rehome(
          db,
          Array.from({ length: to - from + 1 }, (_, nth) => from + nth),
        );
    }
    if (added > before) dirty.run({ repo, commitSha });
  }
  return added;
}

/** The branch that pending records wait on; one that another process has booked meanwhile is where it belongs. */
export function setPendingBranch(db: Db, waiting: readonly { seq: number; branch: string | null }[]): void {
  const update = db.prepare("UPDATE usage_records SET branch = ? WHERE seq = ? AND branch IS NOT ? AND commit_sha IS NULL");
  for (const { seq, branch } of waiting) update.run(branch, seq, branch);
}

/** A branch that was renamed takes what was booked to it by then along; what a later branch of its old name earns is not its own. */
export function renameBranches(db: Db, repo: number, renames: readonly { from: string; to: string; atMs: number }[]): void {
  const update = db.prepare(
    `UPDATE usage_records SET branch = :to WHERE repo = :repo AND branch = :from AND commit_sha IS NOT NULL AND EXISTS (
       SELECT 1 FROM claims JOIN git_events ON git_events.id = event_id WHERE record_seq = seq AND first = 1 AND git_events.ts_ms <= :atMs)`,
  );
  const booked = db.prepare("SELECT 1 FROM git_events WHERE repo = ? AND branch = ? LIMIT 1");
  const since = new Set<string>();
  for (const { from, to, atMs } of renames) {
    // A branch that is renamed again has a name which no event knows.
    if (!since.has(from) && booked.get(repo, from) === undefined) continue;
    since.add(to);
    update.run({ repo, from, to, atMs });
  }
}

/** Adds pairs that were not known yet and returns them. */
export function addRewrites(db: Db, repo: number, rewrites: readonly Rewrite[]): Rewrite[] {
  const insert = db.prepare(
    `INSERT INTO rewrites (repo, old_sha, new_sha, via, evidence, event_id)
     VALUES (:repo, :oldSha, :newSha, :via, :evidence, :eventId) ON CONFLICT DO NOTHING`,
  );
  return rewrites.filter((rewrite) => insert.run({ ...rewrite, repo }).changes > 0);
}

/** Their notes are to be looked at again: commits that stand for others, of which others may have noted something. Of all pairs, or of some. */
export function touchRewritten(db: Db, repo: number, rewrites: readonly RewritePair[] = rewritesOf(db, repo)): void {
  const touch = db.prepare("UPDATE commits SET note_dirty = 1 WHERE repo = ? AND sha IN (SELECT value FROM json_each(?))");
  touch.run(repo, JSON.stringify(rewrites.map(({ newSha }) => newSha)));
}

/** Commits that are known to have landed elsewhere as another commit. */
export function carriedFrom(db: Db, repo: number): Set<string> {
  const rows = db.prepare("SELECT old_sha AS sha FROM rewrites WHERE repo = ? AND via = 'carry'").all(repo) as { sha: string }[];
  return new Set(rows.map(({ sha }) => sha));
}

/** Every pair that is known. */
export function rewritesOf(db: Db, repo: number): Rewrite[] {
  const query = db.prepare("SELECT old_sha AS oldSha, new_sha AS newSha, via, evidence, event_id AS eventId FROM rewrites WHERE repo = ?");
  return query.all(repo) as Rewrite[];
}

/** Gives every commit that stands for another the other's claims, through chains of rewrites, until nothing is left to carry. */
export function carryClaims(db: Db, repo: number): number {
  const find = db.prepare(
    `SELECT DISTINCT claims.record_seq AS seq FROM rewrites
     JOIN commits AS old ON old.repo = rewrites.repo AND old.sha = rewrites.old_sha
     JOIN commits AS new ON new.repo = rewrites.repo AND new.sha = rewrites.new_sha
     JOIN claims ON claims.commit_id = old.id
     WHERE rewrites.repo = :repo AND NOT EXISTS (SELECT 1 FROM claims AS held WHERE held.record_seq = claims.record_seq AND held.commit_id = new.id)`,
  );
  const carry = db.prepare(
    `INSERT INTO claims (record_seq, commit_id, via, evidence, event_id)
     SELECT claims.record_seq, new.id, rewrites.via, rewrites.evidence, rewrites.event_id FROM rewrites
     JOIN commits AS old ON old.repo = rewrites.repo AND old.sha = rewrites.old_sha
     JOIN commits AS new ON new.repo = rewrites.repo AND new.sha = rewrites.new_sha
     JOIN claims ON claims.commit_id = old.id
     WHERE rewrites.repo = :repo ON CONFLICT DO NOTHING RETURNING commit_id`,
  );
  const dirty = db.prepare("UPDATE commits SET note_dirty = 1 WHERE id = ?");
  const moved = new Set<number>();
  for (;;) {
    const seqs = find.all({ repo }) as { seq: number }[];
    if (seqs.length === 0) break;
    for (const { seq } of seqs) moved.add(seq);
    const commits = new Set((carry.all({ repo }) as { commit_id: number }[]).map((row) => row.commit_id));
    for (const id of commits) dirty.run(id);
  }
  rehome(db, moved);
  return moved.size;
}
