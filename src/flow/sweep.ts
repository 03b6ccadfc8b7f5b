/** Brings every known worktree's events up to date from its reflog. Unchanged reflogs cost one stat each. */
import { dirname } from "node:path";
import { branchesAfter, isNoCommit, type ReflogCursor, type ReflogEntry } from "../core/reflog.ts";
import { aboveFork } from "../core/recommit.ts";
import { type CommitInfo, readCommits } from "../git/commits.ts";
import { firstParents } from "../git/lines.ts";
import { currentBranch, lastMoveAway, objectWrittenMs, reflogPath, type ReflogSweep, sweepReflog, usesReftable } from "../git/reflog.ts";
import { currentBranch as askedBranch } from "../git/head.ts";
import { sweepReftable } from "../git/reftable.ts";
import { type Db, transaction } from "../platform/sqlite.ts";
import { saveCommits } from "../store/commits.ts";
import { appendEvents, type Hint, type NewEvent, saveHints } from "../store/events.ts";
import { allRepos, allWorktrees, type WorktreeRow } from "../store/places.ts";
import { reflogCursor, saveReflogCursor } from "../store/reflog-cursors.ts";
import type { App } from "./app.ts";

/** Kinds whose new commit was written at the moment of the event. */
const WRITES: ReadonlySet<string> = new Set([
  "commit",
  "initial",
  "amend",
  "replay-commit",
  "merge",
  "cherry-pick",
  "revert",
  "am",
  "rebase-step",
  "history",
  "other",
]);
/** Kinds that leave HEAD's old commit in ORIG_HEAD. */
const MOVES_AWAY: ReadonlySet<string> = new Set(["reset", "rebase-start", "merge", "fast-forward"]);
/** Git appends to the log within moments of taking the time it writes there. */
const LOG_LAG_MS = 2000;

/** Returns the number of new events. */
export async function sweepAll(app: App, db: Db): Promise<number> {
  const commonDirs = new Map(allRepos(db).map((repo) => [repo.id, repo.commonDir]));
  let added = 0;
  for (const worktree of allWorktrees(db)) {
    if (worktree.repo === null || worktree.gitDir === null) continue;
    const commonDir = commonDirs.get(worktree.repo) ?? dirname(worktree.gitDir);
    const swept = { ...worktree, repo: worktree.repo, gitDir: worktree.gitDir, commonDir };
    const since = reflogCursor(db, reflogPath(worktree.gitDir));
    if (usesReftable(worktree.gitDir)) {
      const where = { at: worktree.root, env: app.env };
      const sweep = await sweepReftable(commonDir, since, where);
      if (sweep !== null) added += await take(app, db, swept, since, sweep, await askedBranch(worktree.root, app.env));
    } else {
      const sweep = sweepReflog(reflogPath(worktree.gitDir), since);
      if (sweep !== null) added += await take(app, db, swept, since, sweep, currentBranch(worktree.gitDir));
    }
  }
  return added;
}

type Swept = WorktreeRow & { repo: number; gitDir: string; commonDir: string };

async function take(
  app: App,
  db: Db,
  worktree: Swept,
  since: ReflogCursor | null,
  sweep: ReflogSweep,
  branch: string | null,
): Promise<number> {
  const { commonDir } = worktree;
  const events = eventsFrom(sweep, branch, worktree);
  const where = { at: commonDir, env: app.env };
  // What the first entry left behind tells how far back the log can answer.
  const named = [...events.slice(0, 1).map(({ oldSha }) => oldSha), ...events.map(({ newSha }) => newSha)];
  const shas = [...new Set([...named, ...(await unnamed(events, where))])].filter((sha) => !isNoCommit(sha));
  const commits = await readCommits(shas, where);
  if (sweep.unreadableLines > 0)
    app.log.write("warn", "reflog lines unreadable", { gitDir: worktree.gitDir, lines: sweep.unreadableLines });
  return transaction(db, () => {
    const path = reflogPath(worktree.gitDir);
    // Another process may have swept the same lines meanwhile: then they are its.
    if (reflogCursor(db, path)?.anchor !== since?.anchor || reflogCursor(db, path)?.offset !== since?.offset) return 0;
    saveCommits(db, worktree.repo, commits.values());
    saveHints(db, mentioned(commits, worktree.id));
    const added = appendEvents(db, { repo: worktree.repo, worktree: worktree.id }, events, sweep.restarted || since === null);
    saveReflogCursor(db, path, sweep.cursor);
    return added;
  });
}

/** The commits that `git history` and `git replay` made and replaced: the log names only the ends. */
async function unnamed(events: readonly NewEvent[], where: { at: string; env: NodeJS.ProcessEnv }): Promise<string[]> {
  const moves = events.filter(({ kind }) => kind === "history");
  const parents = await firstParents(
    moves.flatMap(({ oldSha, newSha }) => [oldSha, newSha]),
    where,
  );
  const above = (tip: string, other: string) => aboveFork(tip, other, (sha) => parents.get(sha));
  return moves.flatMap(({ oldSha, newSha }) => [...above(newSha, oldSha), ...above(oldSha, newSha)].reverse());
}

/** What messages say of where their commit came from: git's squash text, `cherry-pick -x`. */
function mentioned(commits: ReadonlyMap<string, CommitInfo>, worktree: number): Hint[] {
  return [...commits.values()].flatMap(({ sha, mentions }) =>
    mentions.map((one) => ({ worktree, kind: one.kind, oldSha: one.sha, newSha: sha })),
  );
}

function eventsFrom(sweep: ReflogSweep, branch: string | null, { commonDir, gitDir }: Swept): NewEvent[] {
  const branches = branchesAfter(sweep.entries, branch);
  const twice = writtenTwice(sweep.entries);
  const moveAway = lastMoveAway(gitDir);
  const moveAwayAt = firstFrom(sweep.entries, moveAway?.sha);
  return sweep.entries.map((entry, at) => {
    const written = WRITES.has(entry.kind) && !twice.has(entry.newSha) ? objectWrittenMs(commonDir, entry.newSha) : null;
    const moved = at === moveAwayAt ? (moveAway?.atMs ?? null) : null;
    const logged = at === sweep.entries.length - 1 ? sweep.cursor.mtimeMs : null;
    return { ...entry, branch: branches[at] ?? null, exactMs: exactTime(entry, written, [moved, logged]), origin: "reflog" };
  });
}

/** The entry that left `sha` in ORIG_HEAD: the first of the latest that did, because git does not write again what is there already. */
function firstFrom(entries: readonly ReflogEntry[], sha: string | undefined): number | null {
  let found: number | null = null;
  let side: "oldSha" | "newSha" | null = null;
  for (let at = entries.length - 1; at >= 0; at--) {
    const entry = entries[at] as ReflogEntry;
    if (!MOVES_AWAY.has(entry.kind)) continue;
    // `am`, which `rebase --apply` runs, writes down where it starts from: all of a run did the one or the other.
    side ??= entry.oldSha === sha ? "oldSha" : entry.kind === "rebase-start" && entry.newSha === sha ? "newSha" : null;
    if (side !== null && entry[side] === sha && (side === "oldSha" || entry.kind === "rebase-start")) found = at;
    else if (found !== null) return found;
  }
  return found;
}

/** Commits that were written more than once (a pick that gives the very same commit): git renews the time of an object it has. */
function writtenTwice(entries: readonly ReflogEntry[]): Set<string> {
  const shas = entries.filter(({ kind }) => WRITES.has(kind)).map(({ newSha }) => newSha);
  const seen = new Set<string>();
  return new Set(shas.filter((sha) => seen.has(sha) || !seen.add(sha)));
}

/** The time of a commit's object; else the first of the others that lies within moments of what the log says. */
function exactTime({ tsMs }: ReflogEntry, writtenMs: number | null, otherMs: readonly (number | null)[]): number | null {
  if (writtenMs !== null && writtenMs >= tsMs) return writtenMs;
  const close = otherMs.find((ms) => ms !== null && ms >= tsMs && ms < tsMs + LOG_LAG_MS) ?? null;
  return close === null ? null : Math.floor(close);
}
