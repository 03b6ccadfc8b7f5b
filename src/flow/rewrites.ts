/** Gathers the evidence for which commit stands for which: reflogs, hooks' hints, the changes themselves. A constant number of git processes. */
import { historyPairs } from "../core/history.ts";
import { identityOf, matchVersions, type Origin, suspects } from "../core/match.ts";
import { type Changes, recommitsOf, resetWindows, takenApart } from "../core/recommit.ts";
import { type Leftovers, leftoversOf, linesOf, oldLine } from "../core/leftovers.ts";
import {
  amendsOf,
  isUniting,
  type Operations,
  passedThrough,
  picksOf,
  type RebaseBlock,
  rebasePairs,
  replacedBy,
  type Rewrite,
  type RewritePair,
  type Via,
} from "../core/rewrites.ts";
import { type Crowd, crowdsOf, skippedOf } from "../core/skipped.ts";
import { squashesOf } from "../core/squash-hints.ts";
import type { GitEvent } from "../core/timeline.ts";
import { changedBlobs } from "../git/changes.ts";
import { readCommits } from "../git/commits.ts";
import { patchIds } from "../git/patch-ids.ts";
import { arrivals } from "../git/refs.ts";
import { type Db, transaction } from "../platform/sqlite.ts";
import { commitsOf, type KnownCommit, saveCommits } from "../store/commits.ts";
import { hintsOf } from "../store/events.ts";
import { rewritesOf } from "../store/claims.ts";
import type { RepoRow } from "../store/places.ts";
import type { App } from "./app.ts";

export interface WorktreeHistory {
  id: number;
  events: GitEvent[];
  operations: Operations;
}

type Known = ReadonlyMap<string, KnownCommit>;

/** Makes commits known that came with a fetch or a pull, if they may be a version of one that is known. Returns all that are known. */
export async function learnArrivals(app: App, db: Db, repo: RepoRow): Promise<Known> {
  const known = commitsOf(db, repo.id);
  if (known.size === 0) return known;
  const identities = new Map<string, number>();
  for (const commit of known.values()) identities.set(identityOf(commit), commit.authoredAt);
  const where = { at: repo.commonDir, env: app.env };
  const came = await arrivals(repo.seenTips, Math.min(...identities.values()), where);
  const twins = came.filter((commit) => !known.has(commit.sha) && identities.has(identityOf(commit))).map(({ sha }) => sha);
  if (twins.length === 0) return known;
  const found = await readCommits(twins, where);
  transaction(db, () => saveCommits(db, repo.id, found.values()));
  return commitsOf(db, repo.id);
}

/** Every pair that the evidence supports, known ones included. */
export async function gatherRewrites(
  app: App,
  db: Db,
  repo: RepoRow,
  histories: readonly WorktreeHistory[],
  known: Known,
): Promise<Rewrite[]> {
  const parentOf = (sha: string) => known.get(sha)?.parents[0];
  // What earlier runs found stands: only what is new needs looking at.
  const found: Rewrite[] = rewritesOf(db, repo.id);
  const unskipped = await withoutSkipped(
    app,
    repo,
    histories.map((history) => ({ ...history, pairs: hintsOf(db, history.id, "rewritten") })),
    found,
    parentOf,
  );
  const hinted = histories.map(({ id }, at) => ({
    rewritten: unskipped[at] ?? [],
    picked: hintsOf(db, id, "picked"),
    filtered: hintsOf(db, id, "filtered").map((pair): Rewrite => ({ ...pair, via: "rebase", evidence: "hint", eventId: null })),
    squashed: {
      named: hintsOf(db, id, "squashed-in"),
      next: hintsOf(db, id, "squashed-next"),
      begun: hintsOf(db, id, "squashed"),
    },
  }));
  const windows = histories.map(({ events, operations }) => resetWindows(events, operations, parentOf));
  const doubtful = histories.flatMap(({ operations }, at) =>
    operations.rebases.flatMap((block) => doubtfulPairs(block, hinted[at]?.rewritten ?? [], parentOf)),
  );
  const changes = await changesFor(
    app,
    repo,
    windows,
    hinted.flatMap(({ squashed }) => [...squashed.named, ...squashed.next]),
    doubtful,
  );
  const evidence = { parentOf, changesOf: (sha: string) => changes.get(sha) };
  const isEmpty = (sha: string) => known.get(sha)?.parents.length === 1 && changes.get(sha)?.size === 0;
  histories.forEach(({ events, operations }, at) => {
    const hints = hinted[at] as (typeof hinted)[number];
    found.push(...amendsOf(events, operations), ...historyPairs(events, known));
    for (const block of operations.rebases)
      found.push(...rebasePairs(block, hints.rewritten, parentOf, isEmpty), ...replacedBy(block, parentOf));
    found.push(...picksTold(events, operations, hints.picked), ...hints.filtered);
    found.push(...squashesOf(events, hints.squashed, evidence), ...recommitsOf(windows[at] ?? [], evidence));
  });
  const paired = new Set(found.map(({ newSha }) => newSha));
  const passed = histories.flatMap(({ operations }) => operations.rebases.flatMap((block) => passedThrough(block, parentOf)));
  const apart = histories.flatMap(({ operations }, at) =>
    operations.rebases.flatMap((block) => takenApart(block, windows[at] ?? [], parentOf)),
  );
  const ends = endsOf(passed, found, apart);
  // A version of what a rebase made on the way is one of the end of it.
  for (const pair of await versions(app, repo, histories, known, paired)) {
    if (ends.has(pair.oldSha)) continue;
    for (const newSha of ends.get(pair.newSha) ?? [pair.newSha]) if (newSha !== pair.oldSha) found.push({ ...pair, newSha });
  }
  return [...found, ...(await leftovers(app, repo, histories, known, found, new Set(apart))), ...passed];
}

/** What came, in the end, of each commit that rebases made on the way: `passed` into another, or taken `apart` into the commits that `found` says. */
function endsOf(passed: readonly Rewrite[], found: readonly Rewrite[], apart: readonly string[]): Map<string, string[]> {
  const next = new Map(passed.map(({ oldSha, newSha }) => [oldSha, [newSha]]));
  for (const sha of apart)
    next.set(
      sha,
      found.filter(({ oldSha, via }) => oldSha === sha && via === "reset").map(({ newSha }) => newSha),
    );
  const endsFrom = (sha: string): string[] => {
    const reached = new Set([sha]);
    // A set that grows while it is walked: however many ways lead to a commit, it is looked at once.
    for (const one of reached) for (const further of next.get(one) ?? []) reached.add(further);
    return [...reached].filter((one) => !next.has(one));
  };
  return new Map([...next.keys()].map((sha) => [sha, endsFrom(sha)]));
}

/**
 * What `post-rewrite` told of each worktree, but for the commits that were skipped before a squash or a fixup. A crowd of which a pair is `known` was
 * decided: git may have collected since what told which commit was skipped.
 */
async function withoutSkipped(
  app: App,
  repo: RepoRow,
  told: readonly { operations: Operations; pairs: readonly RewritePair[] }[],
  known: readonly Rewrite[],
  parentOf: (sha: string) => string | undefined,
): Promise<(readonly RewritePair[])[]> {
  const crowds = told.map(({ operations, pairs }) =>
    operations.rebases.flatMap((block) => crowdsOf(block, pairs, parentOf)).map((crowd) => ({ ...crowd, isIn: knownIn(crowd, known) })),
  );
  const all = crowds.flat();
  if (all.length === 0) return told.map(({ pairs }) => pairs);
  const undecided = all.filter(({ isIn }) => isIn.size === 0);
  const where = { at: repo.commonDir, env: app.env };
  const olds = [...new Set(undecided.flatMap((crowd) => crowd.olds))].map((sha) => ({ sha }));
  const uniting = undecided.flatMap((crowd) => crowd.uniting.map((step) => ({ sha: step.newSha, against: step.oldSha })));
  const patches = await patchIds(olds, where);
  const steps = await patchIds(uniting, where);
  const patchOf = (sha: string) => patches.get(sha);
  const stepPatchOf = (sha: string) => steps.get(sha);
  return told.map(({ pairs }, at) => {
    const out = (crowds[at] ?? []).map((crowd) => ({
      made: crowd.made,
      olds: crowd.isIn.size === 0 ? skippedOf(crowd, patchOf, stepPatchOf) : crowd.olds.filter((sha) => !crowd.isIn.has(sha)),
    }));
    return pairs.filter(({ oldSha, newSha }) => !out.some(({ made, olds: skipped }) => made.has(newSha) && skipped.includes(oldSha)));
  });
}

/** The old commits of a crowd that an earlier run found to be in it, as git told. */
function knownIn({ olds, made }: Crowd, known: readonly Rewrite[]): Set<string> {
  const told = known.filter(({ oldSha, newSha, evidence }) => evidence === "hint" && made.has(newSha) && olds.includes(oldSha));
  return new Set(told.map(({ oldSha }) => oldSha));
}

/** The old commits of which only their having no change tells that they were not skipped. */
function doubtfulPairs(block: RebaseBlock, pairs: readonly RewritePair[], parentOf: (sha: string) => string | undefined): string[] {
  const olds = (isEmpty: boolean) => rebasePairs(block, pairs, parentOf, () => isEmpty).map(({ oldSha }) => oldSha);
  const told = new Set(olds(false));
  return olds(true).filter((sha) => !told.has(sha));
}

/** Rebases whose hook was lost and that did more than move commits: their steps are compared with what they started from. */
async function leftovers(
  app: App,
  repo: RepoRow,
  histories: readonly WorktreeHistory[],
  known: Known,
  found: readonly Rewrite[],
  apart: ReadonlySet<string>,
): Promise<Rewrite[]> {
  const parentOf = (sha: string) => known.get(sha)?.parents[0];
  const told = new Set(found.map(({ newSha }) => newSha));
  const open = histories.flatMap(({ operations }) =>
    operations.rebases.flatMap((block): Leftovers[] => {
      const standing = picksOf(block, parentOf).filter(({ finalSha }) => !apart.has(finalSha));
      const picks = standing.map((pick) => ({ ...pick, subject: known.get(pick.finalSha)?.subject }));
      const untold = picks.some(({ steps, finalSha }) => !told.has(finalSha) || (steps.some(isUniting) && !hinted(found, finalSha)));
      return untold ? [{ block, picks, olds: oldLine(block, known) }] : [];
    }),
  );
  if (open.length === 0) return [];
  const where = { at: repo.commonDir, env: app.env };
  const uniting = open.flatMap(({ picks }) => picks.flatMap(({ steps }) => steps.filter(isUniting)));
  const olds = uniting.length === 0 ? [] : open.flatMap((one) => one.olds);
  const patches = await patchIds(olds, where);
  const steps = await patchIds(
    uniting.map((step) => ({ sha: step.newSha, against: step.oldSha })),
    where,
  );
  return open.flatMap((one) =>
    leftoversOf(
      one,
      found,
      (sha) => patches.get(sha),
      (sha) => steps.get(sha),
    ),
  );
}

const hinted = (found: readonly Rewrite[], sha: string): boolean =>
  found.some(({ newSha, evidence }) => newSha === sha && evidence === "hint");

const PICKED: ReadonlySet<string> = new Set(["cherry-pick", "replay-commit"]);

/** Cherry-picks whose source a hook or the message (`-x`) named. */
function picksTold(events: readonly GitEvent[], operations: Operations, hints: readonly { oldSha: string; newSha: string }[]): Rewrite[] {
  const made = new Map(
    events.filter((event, at) => PICKED.has(event.kind) && operations.rebaseStart[at] === null).map((event) => [event.newSha, event]),
  );
  return hints.flatMap(({ oldSha, newSha }): Rewrite[] => {
    const event = made.get(newSha);
    return event === undefined ? [] : [{ oldSha, newSha, via: "cherry-pick", evidence: "hint", eventId: event.id }];
  });
}

/** Pairs found by author, date and change: rebases whose hook was lost, cherry-picks, mails, filters, what servers and colleagues moved. */
async function versions(
  app: App,
  repo: RepoRow,
  histories: readonly WorktreeHistory[],
  known: Known,
  paired: ReadonlySet<string>,
): Promise<Rewrite[]> {
  const made = new Map<string, { event: GitEvent; plain: boolean; open: boolean }>();
  for (const { events, operations } of histories) {
    events.forEach((event, at) => {
      const start = operations.rebaseStart[at] ?? null;
      const open = start !== null && !operations.rebases.some((block) => block.start === start);
      const plain = start === null && isNewWork(event);
      // A commit is made once: later entries only move to it.
      if (!made.has(event.newSha)) made.set(event.newSha, { event, plain, open });
    });
  }
  const origin = (sha: string): Origin => {
    const here = made.get(sha);
    if (here?.plain === true) return "hand";
    if (paired.has(sha)) return "told";
    return here === undefined || MOVES.has(here.event.kind) ? "elsewhere" : "rewrite";
  };
  // What an unfinished or aborted rebase made stands for nothing.
  const standing = [...known.values()].filter(({ sha }) => made.get(sha)?.open !== true);
  const undecided = new Set(standing.flatMap((commit) => (["hand", "told"].includes(origin(commit.sha)) ? [] : [identityOf(commit)])));
  const candidates = suspects(standing.filter((commit) => undecided.has(identityOf(commit))));
  if (candidates.length === 0) return [];
  const ids = await patchIds(candidates, { at: repo.commonDir, env: app.env });
  const blocks = histories.flatMap(({ operations }) => operations.rebases);
  const lines = linesOf(blocks, known, new Set(candidates.map(({ sha }) => sha)));
  const matches = matchVersions(candidates, known, ids, origin, (sha) => lines.get(sha));
  return matches.map(({ oldSha, newSha, evidence }) => {
    const event = made.get(newSha)?.event;
    return { oldSha, newSha, via: viaOf(event), evidence, eventId: event?.id ?? null };
  });
}

/** Whether the commit is nobody's version. A revert has an author and a date of its own, and the revert of a revert the first one's change. */
const isNewWork = ({ kind, to }: GitEvent): boolean =>
  kind === "commit" || kind === "initial" || kind === "revert" || (kind === "history" && to === "revert");

/** Events that go to a commit which was there already. */
const MOVES: ReadonlySet<string> = new Set(["checkout", "reset", "fast-forward", "rebase-start", "rename"]);

function viaOf(event: GitEvent | undefined): Via {
  if (event === undefined) return "carry";
  return PICKED.has(event.kind) || (event.kind === "history" && event.to === "advance") ? "cherry-pick" : "rebase";
}

async function changesFor(
  app: App,
  repo: RepoRow,
  windows: readonly ReturnType<typeof resetWindows>[],
  squashed: readonly RewritePair[],
  more: readonly string[],
): Promise<Map<string, Changes>> {
  const wanted = new Set(windows.flat().flatMap(({ lost, commits }) => [...lost, ...commits.map((event) => event.newSha)]));
  for (const { oldSha, newSha } of squashed) wanted.add(oldSha).add(newSha);
  for (const sha of more) wanted.add(sha);
  return changedBlobs([...wanted], { at: repo.commonDir, env: app.env });
}
