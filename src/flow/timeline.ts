/** Turns a worktree's raw events into what attribution decides on: which commits were made there, and which only replayed. */
import type { TimelineEvent } from "../core/attribution.ts";
import { isNoCommit } from "../core/reflog.ts";
import type { Operations } from "../core/rewrites.ts";
import { EDITOR_MS, type GitEvent } from "../core/timeline.ts";
import type { BranchRename } from "../git/renames.ts";

type Known = ReadonlyMap<string, { parents: readonly string[]; committedAt: number }>;

const OWN: ReadonlySet<string> = new Set(["commit", "initial", "amend"]);
const REPLAYS: ReadonlySet<string> = new Set(["replay-commit", "merge", "cherry-pick", "revert", "am", "rebase-step"]);
/** Where a rebase stopped, `continue` or a commit of the user's own follows; but `--apply` calls all that it does a pick. */
const UNATTENDED: ReadonlySet<string | null> = new Set(["fixup", "squash", "reword", "edit"]);
/** Git may take a commit's time and its reflog entry's a moment apart. */
const SLACK_MS = 2000;

/**
 * `squashes`: commits that `merge --squash` made; the reflog calls them commits like any other. `writtenMs`: when a commit's object
 * was written, where that can be told.
 */
export function timelineEvents(
  events: readonly GitEvent[],
  operations: Operations,
  commits: Known,
  squashes: ReadonlySet<string>,
  writtenMs: (sha: string) => number | null,
): TimelineEvent[] {
  const seen = new Set<string>();
  const startOf = (at: number) => operations.rebaseStart[at] ?? null;
  const merging = new Set(
    events.flatMap(({ kind, to }, at) => (kind === "rebase-step" && (to === "continue" || UNATTENDED.has(to)) ? [startOf(at)] : [])),
  );
  return events.map((event, at) => {
    // A commit is made once: git may arrive at the very same one again, or only move to it.
    const again = seen.has(event.newSha);
    seen.add(event.newSha);
    const rebase = startOf(at);
    const unattended = event.kind === "rebase-step" && (UNATTENDED.has(event.to) || (event.to === "pick" && merging.has(rebase)));
    const commit = commits.get(event.newSha);
    const sinceMs = rebase?.tsMs ?? 0;
    const fresh =
      commit !== undefined && commit.committedAt * 1000 >= Math.max(sinceMs, event.kind === "rebase-step" ? 0 : event.tsMs) - SLACK_MS;
    const onTop = commit?.parents[0] === event.oldSha;
    // `update-ref` and other programs write messages of their own: a new commit upon HEAD, made just then, is a commit.
    const foreign = event.kind === "other" && onTop && fresh && commit.committedAt * 1000 <= event.tsMs + SLACK_MS;
    // A squash that is amended keeps its message, but what is new in it is one's own.
    const squash = squashes.has(event.newSha) && event.kind !== "amend";
    const replay = rebase !== null || REPLAYS.has(event.kind) || squash;
    const made = !again && (OWN.has(event.kind) || foreign || (REPLAYS.has(event.kind) && fresh));
    const answersFromMs = at === 0 ? answersFrom(event, commits, writtenMs) : event.tsMs;
    return { ...event, files: null, made, replay, rebaseId: rebase?.id ?? null, unattended, answersFromMs };
  });
}

/** Puts renames of branches that were not checked out into a worktree's history: work may wait there on the old name. */
export function withRenames(events: readonly GitEvent[], renames: readonly BranchRename[]): GitEvent[] {
  const all = [...events];
  for (const { from, to, atMs } of renames) {
    const after = all.findLastIndex((event) => event.tsMs <= atMs);
    const before = all[after];
    const told = all.some(
      (event) => event.kind === "rename" && event.from === from && event.to === to && event.tsMs <= atMs && atMs < event.tsMs + SLACK_MS,
    );
    if (before === undefined || told) continue;
    const { id, worktreeId, newSha, branch } = before;
    all.splice(after + 1, 0, {
      id,
      worktreeId,
      kind: "rename",
      oldSha: newSha,
      newSha,
      tsMs: before.tsMs,
      exactMs: null,
      branch,
      from,
      to,
    });
  }
  return all;
}

/**
 * A commit answers for all since the one it was made upon, which is made when its object was written, else at the end of its second;
 * anything else answers only for what comes after it.
 */
function answersFrom(event: GitEvent, commits: Known, writtenMs: (sha: string) => number | null): number {
  if (isNoCommit(event.oldSha)) return 0;
  const before = OWN.has(event.kind) ? commits.get(event.oldSha) : undefined;
  if (before === undefined) return event.tsMs;
  const startMs = before.committedAt * 1000;
  const written = writtenMs(event.oldSha) ?? 0;
  const madeMs = written >= startMs && written < startMs + EDITOR_MS ? written : startMs + 999;
  return Math.min(event.exactMs ?? event.tsMs + 999, madeMs);
}
