/** Books records to commits: gathers what `core/attribution` decides on, and writes what it decided. */
import { attribute, type Decision, type Pending, type TimelineEvent } from "../core/attribution.ts";
import { bookings } from "../core/booking.ts";
import { withFixups } from "../core/history.ts";
import { withNextEdit } from "../core/sessions.ts";
import { ignoredEdits } from "./ignored.ts";
import { operationsOf, type Rewrite } from "../core/rewrites.ts";
import { squashCandidates } from "../core/squash-candidates.ts";
import { changedPaths } from "../git/changes.ts";
import { unreachable } from "../git/commits.ts";
import { type BranchRename, branchRenames } from "../git/renames.ts";
import { objectWrittenMs, rebaseInProgress } from "../git/reflog.ts";
import { refsSignature, refTips } from "../git/refs.ts";
import { type Db, transaction } from "../platform/sqlite.ts";
import { addClaims, addRewrites, carryClaims, pendingOf, renameBranches, setPendingBranch, touchRewritten } from "../store/claims.ts";
import { commitsWithEdits, type KnownCommit, notableCommits, setReachable } from "../store/commits.ts";
import { eventsOf, hintsOf } from "../store/events.ts";
import { inputVersion, setSquashesLookedTo, squashesLookedTo } from "../store/meta.ts";
import { allRepos, allWorktrees, type RepoRow, setRefsSeen } from "../store/places.ts";
import type { App } from "./app.ts";
import { gatherRewrites, learnArrivals } from "./rewrites.ts";
import { squashArrivals } from "./squash-arrivals.ts";
import { squashesMade } from "./squashes-made.ts";
import { timelineEvents, withRenames } from "./timeline.ts";

/** Books what can be booked, in every repository where a record, an event, a hint or a ref is new. Elsewhere it costs a few stats. */
export async function attributeAll(app: App, db: Db): Promise<void> {
  for (const repo of allRepos(db)) {
    const signature = refsSignature(repo.commonDir);
    const state = (version: string) => `${signature ?? "gone"} ${version}`;
    const looked = inputVersion(db, repo.id);
    if (state(looked) === repo.refsDigest) continue;
    const { decisions, rewrites, renames, lookedTo } = await decideRepo(app, db, repo);
    const seen = transaction(db, () => {
      // What another process stored while git was asked has not been looked at: the next run shall look again.
      const isWhole = inputVersion(db, repo.id) === looked;
      const claims = addClaims(db, repo.id, bookings(decisions));
      setPendingBranch(
        db,
        decisions.filter(({ claim }) => claim === null),
      );
      renameBranches(db, repo.id, renames);
      const fresh = addRewrites(db, repo.id, rewrites);
      if (claims + fresh.length > 0) carryClaims(db, repo.id);
      if (fresh.length > 0) touchRewritten(db, repo.id, fresh);
      setSquashesLookedTo(db, repo.id, lookedTo);
      return isWhole ? state(inputVersion(db, repo.id)) : "";
    });
    const tips = signature === null ? null : await refreshReachability(app, db, repo);
    transaction(db, () => setRefsSeen(db, repo.id, seen, tips ?? repo.seenTips));
  }
}

/** What attribution would do now with a repository's pending records, and why. */
export async function decideRepo(
  app: App,
  db: Db,
  repo: RepoRow,
): Promise<{ decisions: Decision[]; rewrites: Rewrite[]; renames: BranchRename[]; lookedTo: number }> {
  const known = await learnArrivals(app, db, repo);
  const renames = branchRenames(repo.commonDir);
  const worktrees = allWorktrees(db).filter((worktree) => worktree.repo === repo.id);
  const histories = worktrees.map(({ id, gitDir }) => {
    const events = withRenames(withFixups(eventsOf(db, id), known), renames);
    const told = new Set(hintsOf(db, id, "rewritten").map(({ newSha }) => newSha));
    return { id, events, operations: operationsOf(events, { inProgress: gitDir !== null && rebaseInProgress(gitDir), told }) };
  });
  const rewrites = await gatherRewrites(app, db, repo, histories, known);
  const squashes = new Set(rewrites.flatMap(({ via, newSha }) => (via === "squash" ? [newSha] : [])));
  const writtenMs = (sha: string) => objectWrittenMs(repo.commonDir, sha);
  const timeline = histories.flatMap(({ events, operations }) => timelineEvents(events, operations, known, squashes, writtenMs));
  const { sessions, edits } = pendingOf(db, repo.id);
  const pending = withNextEdit(sessions, edits, await ignoredEdits(app, db, edits));
  await addPaths(app, repo, timeline, pending);
  const made = new Set(timeline.flatMap((event) => (event.made ? [event.newSha] : [])));
  const decided = attribute(timeline, pending);
  const squashed = await untoldSquashes(app, db, repo, { known, timeline, rewrites, decided });
  const arrived = await squashArrivals(app, db, repo, { known, made });
  return {
    // As any squash, those that were only found now take nothing by time.
    decisions: squashed.length === 0 ? decided : attribute(asReplays(timeline, squashed), pending),
    rewrites: [...rewrites, ...squashed, ...arrived],
    renames,
    lookedTo: timeline.reduce((last, { id }) => Math.max(last, id), 0),
  };
}

interface Decided {
  known: ReadonlyMap<string, KnownCommit>;
  timeline: readonly TimelineEvent[];
  rewrites: readonly Rewrite[];
  decided: readonly Decision[];
}

/** Squashes made here that nothing names. */
async function untoldSquashes(app: App, db: Db, repo: RepoRow, { known, timeline, rewrites, decided }: Decided): Promise<Rewrite[]> {
  let edited: Set<string> | undefined;
  const hasEdits = (sha: string) => {
    if (edited === undefined) {
      edited = commitsWithEdits(db, repo.id);
      for (const { claim } of decided) if (claim !== null && claim.evidence !== "time") edited.add(claim.event.newSha);
    }
    return edited.has(sha);
  };
  return squashesMade(app, repo, known, squashCandidates(timeline, known, rewrites, squashesLookedTo(db, repo.id), hasEdits));
}

const asReplays = (timeline: readonly TimelineEvent[], squashes: readonly Rewrite[]): TimelineEvent[] => {
  const found = new Set(squashes.map(({ newSha }) => newSha));
  return timeline.map((event) => (event.made && found.has(event.newSha) ? { ...event, replay: true } : event));
};

/** Asks git, in one process, which files the commits changed that pending edits may be waiting for. */
async function addPaths(app: App, repo: RepoRow, timeline: TimelineEvent[], pending: readonly Pending[]): Promise<void> {
  const since = pending.reduce((first, { edit }) => Math.min(first, edit?.atMs ?? first), Number.POSITIVE_INFINITY);
  if (!Number.isFinite(since)) return;
  const made = timeline.filter((event) => event.made && (event.exactMs ?? event.tsMs + 1000) >= since);
  const asked = made.map((event) => (event.kind === "amend" ? { sha: event.newSha, against: event.oldSha } : { sha: event.newSha }));
  const paths = await changedPaths(asked, { at: repo.commonDir, env: app.env });
  for (const event of made) event.files = paths.get(event.newSha) ?? null;
}

const MAX_LOOKS = 3;

/**
 * Finds out which of the commits whose notes may hold something refs reach now, and returns what refs point to. A repository that is gone keeps the
 * last answer, and so does one where git does not come to rest: a run that is slow must not undo what a later one found, as after a rebase that was
 * aborted meanwhile.
 */
async function refreshReachability(app: App, db: Db, repo: RepoRow): Promise<string[] | null> {
  const where = { at: repo.commonDir, env: app.env };
  for (let look = 0; look < MAX_LOOKS; look++) {
    const signature = refsSignature(repo.commonDir);
    const tips = await refTips(where);
    if (tips === null) return null;
    const commits = notableCommits(db, repo.id);
    const lost = await unreachable(
      commits.map(({ sha }) => sha),
      where,
    );
    const turned = (from: number) =>
      commits.filter(({ sha, reachable }) => reachable === from && lost.has(sha) === (from === 1)).map(({ sha }) => sha);
    const isCurrent = transaction(db, () => {
      if (refsSignature(repo.commonDir) !== signature) return false;
      setReachable(db, repo.id, turned(1), false);
      setReachable(db, repo.id, turned(0), true);
      return true;
    });
    if (isCurrent) return tips;
  }
  return null;
}
