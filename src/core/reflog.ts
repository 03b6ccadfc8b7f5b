/** Reads what a reflog says: git's messages turned into kinds of event. Source: git's own reflog messages, 2.39 to 2.55. */

/** Git's name for "no commit", in either hash. */
export const isNoCommit = (sha: string): boolean => /^0+$/.test(sha);

export type EventKind =
  | "commit"
  | "initial"
  | "amend"
  /** A commit that concludes a merge, cherry-pick or rebase stop: its content was replayed from elsewhere. */
  | "replay-commit"
  | "merge"
  /** HEAD moved to a commit that was there already. */
  | "fast-forward"
  | "cherry-pick"
  | "revert"
  | "am"
  | "checkout"
  | "reset"
  | "rename"
  | "rebase-start"
  | "rebase-step"
  | "rebase-finish"
  | "rebase-abort"
  /** `git history` and `git replay`: commits made again below HEAD, without a checkout, a hook or an entry for each. */
  | "history"
  | "other";

/** Where a sweep stopped: `anchor` digests the bytes before `offset`, so that a rewritten log is noticed. */
export interface ReflogCursor {
  size: number;
  mtimeMs: number;
  inode: number;
  offset: number;
  anchor: string;
}

/** One line of a worktree's HEAD reflog. */
export interface ReflogEntry {
  oldSha: string;
  newSha: string;
  /** Start of the second that git wrote, Unix milliseconds. */
  tsMs: number;
  kind: EventKind;
  /** Branch names in the message: of a checkout or a rename; `to` also of a finished rebase, and the verb of a rebase's step or of `git history`. */
  from: string | null;
  to: string | null;
}

const LINE = /^([0-9a-f]{40,64}) ([0-9a-f]{40,64}) .*?> ?(\d{1,12}) [+-]\d{4}(?:\t(.*))?$/s;

/** Parses one line (without its newline); null when it is not a reflog line. */
export function parseReflogLine(line: string): ReflogEntry | null {
  const match = LINE.exec(line);
  if (match === null) return null;
  const [, oldSha, newSha, seconds, message = ""] = match as unknown as [string, string, string, string, string?];
  return { oldSha, newSha, tsMs: Number(seconds) * 1000, ...classify(message) };
}

type Message = Pick<ReflogEntry, "kind" | "from" | "to">;

const plain = (kind: EventKind): Message => ({ kind, from: null, to: null });
const branchOf = (ref: string): string => ref.replace(/^refs\/heads\//, "");

/** Patterns in order; the first that matches decides. */
const RULES: readonly [RegExp, (found: RegExpExecArray) => Message][] = [
  [/^commit \(amend\): /, () => plain("amend")],
  [/^commit \(initial\): /, () => plain("initial")],
  [/^commit \((?:merge|cherry-pick|rebase)\): /, () => plain("replay-commit")],
  [/^commit: /, () => plain("commit")],
  [/^checkout: moving from (.*) to (.*)$/s, ([, from = "", to = ""]) => ({ kind: "checkout", from, to })],
  [/^(?:rebase|pull)\b.*? \(start\): /, () => plain("rebase-start")],
  [/^(?:rebase|pull)\b.*? \(finish\): returning to (.*)$/s, ([, to = ""]) => ({ kind: "rebase-finish", from: null, to: branchOf(to) })],
  [/^(?:rebase|pull)\b.*? \(finish\): /, () => plain("rebase-finish")],
  [/^(?:rebase|pull)\b.*? \(abort\): /, () => plain("rebase-abort")],
  [/^rebase finished: returning to (.*)$/s, ([, to = ""]) => ({ kind: "rebase-finish", from: null, to: branchOf(to) })],
  [/^(?:rebase|merge|pull)\b.*: fast-forward/i, () => plain("fast-forward")],
  [/^rebase: aborting/, () => plain("rebase-abort")],
  [/^(?:rebase|pull)\b[^:]*? \(([a-z][a-z -]*)\): /, ([, verb = ""]) => ({ kind: "rebase-step", from: null, to: verb })],
  [/^rebase: /, () => plain("rebase-step")],
  [/^Branch: renamed (\S+) to (\S+)$/, ([, from = "", to = ""]) => ({ kind: "rename", from: branchOf(from), to: branchOf(to) })],
  [/^cherry-pick/, () => plain("cherry-pick")],
  [/^revert/, () => plain("revert")],
  [/^am: /, () => plain("am")],
  [/^(?:merge|pull)\b/, () => plain("merge")],
  [/^reset: /, () => plain("reset")],
  [/^(reword|fixup|split): updating /, ([, verb = ""]) => ({ kind: "history", from: null, to: verb })],
  [/^replay --(onto|advance|revert)\b/, ([, verb = ""]) => ({ kind: "history", from: null, to: verb })],
];

/** The kind of event that a reflog message tells of. */
export function classify(message: string): Message {
  for (const [pattern, read] of RULES) {
    const found = pattern.exec(message);
    if (found !== null) return read(found);
  }
  return plain("other");
}

const isSha = (name: string): boolean => /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(name);

/**
 * The branch that a worktree was on after each entry; null when detached. A rebase counts as on the branch that it rebases.
 * Worked out backwards from where the worktree is now (`current`), because `moving from A` names a branch only if A was one,
 * while `to B` may be a tag or a detached branch.
 */
export function branchesAfter(
  entries: readonly Pick<ReflogEntry, "kind" | "oldSha" | "newSha" | "from" | "to">[],
  current: string | null,
): (string | null)[] {
  const after = Array.from<string | null>({ length: entries.length });
  let branch = current;
  for (let at = entries.length - 1; at >= 0; at--) {
    const entry = entries[at] as (typeof entries)[number];
    if (entry.kind === "rebase-finish" && entry.to !== null) branch = isSha(entry.to) ? null : entry.to;
    after[at] = branch;
    if (entry.kind === "checkout") branch = entry.from === null || isSha(entry.from) || entry.from === "HEAD" ? null : entry.from;
    else if (entry.kind === "rename" && branch === entry.to) branch = entry.from;
    else if (entry.kind === "rebase-start" || (entry.kind === "initial" && at > 0)) branch = lastNamed(entries, at) ?? branch;
  }
  return after;
}

/** A checkout logs what it was asked for: `HEAD` (`--detach`), `HEAD~1`, `main@{1}` and the beginning of a commit's id are no branches. */
const isBranch = (name: string, sha: string): boolean =>
  !isSha(name) && name !== "HEAD" && !/[\s~^:?*[\\]|\.\.|@\{/.test(name) && !(/^[0-9a-f]{4,}$/.test(name) && sha.startsWith(name));

/** Where the last move before `at` said it went: `git rebase A B` and an orphan's first commit leave the branch without a word. */
function lastNamed(entries: readonly Pick<ReflogEntry, "kind" | "newSha" | "to">[], at: number): string | null {
  for (let i = at - 1; i >= 0; i--) {
    const { kind, to, newSha } = entries[i] as (typeof entries)[number];
    if ((kind === "checkout" || kind === "rename" || kind === "rebase-finish") && to !== null) return isBranch(to, newSha) ? to : null;
  }
  return null;
}
