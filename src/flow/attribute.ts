/** Books records to commits: gathers what `core/attribution` decides on, and writes what it decided. */
import { hash } from "node:crypto";
import { attribute, type Decision, type Pending, type TimelineEvent } from "../core/attribution.ts";
import { amendsOf, operationsOf, rebasePairs, type Rewrite } from "../core/rewrites.ts";
import type { GitEvent } from "../core/timeline.ts";
import { changedPaths, refsFingerprint, unreachable } from "../git/commits.ts";
import { type Db, transaction } from "../platform/sqlite.ts";
import { addClaims, addRewrites, carryClaims, pendingOf, setPendingBranch } from "../store/claims.ts";
import { claimedCommits, commitsOf, setReachable } from "../store/commits.ts";
import { eventsOf, hintsOf, lastEventId } from "../store/events.ts";
import { getMeta, inputVersion, setMeta } from "../store/meta.ts";
import { allRepos, allWorktrees, type RepoRow, setRefsDigest } from "../store/places.ts";
import type { App } from "./app.ts";
import { timelineEvents } from "./timeline.ts";

export interface Attributed {
  /** Claims made by commits of their own. */
  claims: number;
  /** Records that rewritten commits gained. */
  carried: number;
}

/** Books what can be booked, in every repository of the ledger. Does nothing when there is nothing new. */
export async function attributeAll(app: App, db: Db): Promise<Attributed> {
  const version = inputVersion(db);
  const total = { claims: 0, carried: 0 };
  if (getMeta(db, "attributed") === version) return total;
  const worktrees = allWorktrees(db);
  for (const repo of allRepos(db)) {
    const ids = worktrees.filter((worktree) => worktree.repo === repo.id).map((worktree) => worktree.id);
    const done = await attributeRepo(app, db, repo, ids);
    total.claims += done.claims;
    total.carried += done.carried;
  }
  setMeta(db, "attributed", version);
  return total;
}

async function attributeRepo(app: App, db: Db, repo: RepoRow, worktrees: readonly number[]): Promise<Attributed> {
  const { decisions, rewrites } = await decideRepo(app, db, repo, worktrees);
  return transaction(db, () => {
    const claims = addClaims(db, repo.id, decisions.flatMap(claimOf));
    setPendingBranch(
      db,
      decisions.filter(({ claim }) => claim === null).map(({ seq, branch }) => [seq, branch] as const),
    );
    const fresh = addRewrites(db, repo.id, rewrites);
    return { claims, carried: claims + fresh.length > 0 ? carryClaims(db, repo.id) : 0 };
  });
}

/** What attribution would do now with a repository's pending records, and why; writes nothing. */
export async function decideRepo(
  app: App,
  db: Db,
  repo: RepoRow,
  worktrees: readonly number[],
): Promise<{ decisions: Decision[]; rewrites: Rewrite[] }> {
  const pending = pendingOf(db, repo.id);
  const histories = worktrees.map((id) => ({ id, events: eventsOf(db, id) })).filter(({ events }) => events.length > 0);
  const commits = commitsOf(db, repo.id);
  const parentOf = (sha: string) => commits.get(sha)?.parents[0];
  const rewrites: Rewrite[] = [];
  const timeline: TimelineEvent[] = [];
  for (const { id, events } of histories) {
    const operations = operationsOf(events);
    const pairs = hintsOf(db, id, "rewritten");
    rewrites.push(...amendsOf(events, operations), ...operations.rebases.flatMap((block) => rebasePairs(block, pairs, parentOf)));
    timeline.push(...timelineEvents(events, operations, commits));
  }
  await addPaths(app, repo, timeline, pending);
  return { decisions: attribute(timeline, pending), rewrites };
}

function claimOf({ seq, claim, branch }: Decision) {
  if (claim === null) return [];
  return [{ seq, commitSha: claim.event.newSha, evidence: claim.evidence, eventId: claim.event.id, branch }];
}

/** Asks git, in one process, which files the commits changed that pending edits may be waiting for. */
async function addPaths(app: App, repo: RepoRow, timeline: TimelineEvent[], pending: readonly Pending[]): Promise<void> {
  const since = Math.min(...pending.flatMap(({ edit }) => (edit === null ? [] : [edit.atMs])));
  if (!Number.isFinite(since)) return;
  const made = timeline.filter((event) => event.made && (event.exactMs ?? event.tsMs + 1000) >= since);
  const asked = made.map((event: GitEvent) =>
    event.kind === "amend" ? { sha: event.newSha, against: event.oldSha } : { sha: event.newSha },
  );
  const paths = await changedPaths(asked, { at: repo.commonDir, env: app.env });
  for (const event of made) event.files = paths.get(event.newSha) ?? null;
}

/** Finds out which commits with claims are reachable from a ref; asks git only when a ref, HEAD or a claim has moved. */
export async function refreshReachability(app: App, db: Db): Promise<void> {
  for (const repo of allRepos(db)) {
    const commits = claimedCommits(db, repo.id);
    if (commits.length === 0) continue;
    const where = { at: repo.commonDir, env: app.env };
    const refs = await refsFingerprint(where);
    // A repository that is gone keeps the last answer.
    if (refs === null) continue;
    const digest = hash("sha256", `${refs}\n${lastEventId(db, repo.id)}\n${commits.length}`, "hex").slice(0, 16);
    if (digest === repo.refsDigest) continue;
    const lost = await unreachable(
      commits.map(({ sha }) => sha),
      where,
    );
    transaction(db, () => {
      setReachable(
        db,
        repo.id,
        commits.filter(({ sha, reachable }) => reachable === 1 && lost.has(sha)).map(({ sha }) => sha),
        false,
      );
      setReachable(
        db,
        repo.id,
        commits.filter(({ sha, reachable }) => reachable === 0 && !lost.has(sha)).map(({ sha }) => sha),
        true,
      );
      setRefsDigest(db, repo.id, digest);
    });
  }
}
