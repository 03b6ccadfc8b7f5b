/** Decides which commit holds a record. Pure: events and records in, claims out. The rules are design.md, section 6. */
import { isNoCommit } from "./reflog.ts";
import type { Edit } from "./sessions.ts";
import { type GitEvent, isOpen, type Moment, moments, positionOf } from "./timeline.ts";

export type Evidence = "files" | "sequence" | "time";

/** An event of a worktree with what git knows about the commit it made. */
export interface TimelineEvent extends GitEvent {
  /** Paths in which the commit differs from what it was made upon; null when nobody needed to know. */
  files: ReadonlySet<string> | null;
  /** The commit was made by this very event, not merely moved to. */
  made: boolean;
  /** Its content was replayed from elsewhere (rebase, cherry-pick, merge, squash): never claims by time alone. */
  replay: boolean;
  /** The event that began the rebase which this is a step of; null outside of one. */
  rebaseId: number | null;
  /** A rebase's step that git took without stopping: nothing that was edited meanwhile can be in it. */
  unattended: boolean;
  /** Of the first event that is left of a log: from when on it can answer for work. What lies before is another commit's. */
  answersFromMs: number;
}

/** A record without a claim. */
export interface Pending {
  seq: number;
  worktreeId: number;
  atMs: number;
  /** The branch that the log names; breaks a tie that git's whole seconds leave open. */
  loggedBranch: string | null;
  /** The next response of its session, itself included, that edited files; null when there is none. */
  edit: Edit | null;
}

export interface Decision {
  seq: number;
  /** Null: stays pending. */
  claim: { event: TimelineEvent; evidence: Evidence } | null;
  /** The branch it is booked to, or waits on; null when detached. */
  branch: string | null;
  /** Why, for `boba audit`. */
  why: "claimed" | "no commit since" | "its files are in no commit" | "waits on another branch" | "no history here";
}

interface Timeline {
  events: readonly TimelineEvent[];
  bounds: readonly Moment[];
  /** For each event, the line of work that HEAD was on before it and after it. */
  before: readonly string[];
  after: readonly string[];
  byPath: ReadonlyMap<string, readonly number[]>;
  renames: readonly number[];
  /** By the branch that the log names. */
  fates: Map<string | null, Fates>;
  /** Git forgets a log's beginning (after 90 days): it cannot answer for what was before. */
  fromMs: number;
}

/** What becomes of work that waits at a point of a timeline: who claims it by time, and the line it is on in the end. */
interface Fate {
  claimedAt: number | null;
  line: string;
}

/** By the line of work: for each event, what becomes of what is on that line before it. */
type Fates = Map<string, Map<number, Fate>>;

/** A branch, or a detached HEAD known by its commit: both can be left with work pending on them. */
const lineOf = (branch: string | null, sha: string): string => branch ?? `@${sha}`;
const branchOfLine = (line: string): string | null => (line.startsWith("@") ? null : line);

/** Books every record that evidence allows; all others keep waiting, and the decision says why. */
export function attribute(events: readonly TimelineEvent[], records: readonly Pending[]): Decision[] {
  const timelines = new Map<number, Timeline>();
  for (const [worktreeId, list] of groupBy(events, (event) => event.worktreeId)) timelines.set(worktreeId, timelineOf(list));
  return records.map((record) => decide(record, timelines));
}

function decide(record: Pending, timelines: ReadonlyMap<number, Timeline>): Decision {
  const own = timelines.get(record.worktreeId);
  const { edit } = record;
  if (own === undefined && edit === null) return { seq: record.seq, claim: null, branch: record.loggedBranch, why: "no history here" };

  // Before its session's next edit, a record goes by time alone; from that edit on, only the edited files decide.
  const start = own === undefined ? 0 : place(own, record.atMs, record.loggedBranch);
  const editStart = edit === null || own === undefined ? Number.POSITIVE_INFINITY : place(own, edit.atMs, record.loggedBranch);
  const fate = own === undefined ? null : fateOf(own, start, record.loggedBranch);
  const forgotten = own !== undefined && record.atMs < own.fromMs;
  if (own !== undefined && !forgotten && fate !== null && fate.claimedAt !== null && fate.claimedAt < editStart) {
    return claimed(own, fate.claimedAt, record.seq, "time");
  }
  const waiting = fate === null ? record.loggedBranch : branchOfLine(fate.line);
  const there = edit === null ? own : timelines.get(edit.worktreeId);
  // A commit that the log forgot may have taken it: only its own edit, in a log that reaches back to it, says that none did.
  if ((forgotten && edit?.seq !== record.seq) || (there !== undefined && (edit ?? record).atMs < there.fromMs)) {
    return { seq: record.seq, claim: null, branch: record.loggedBranch, why: "no history here" };
  }
  if (edit === null) {
    const moved = (own as Timeline).events.slice(start).some((event) => event.made && !event.replay);
    return { seq: record.seq, claim: null, branch: waiting, why: moved ? "waits on another branch" : "no commit since" };
  }
  const found = there === undefined ? null : firstWithFiles(there, edit, record.loggedBranch);
  if (there === undefined || found === null) return { seq: record.seq, claim: null, branch: waiting, why: "its files are in no commit" };
  return claimed(there, found, record.seq, edit.seq === record.seq ? "files" : "sequence");
}

/** A claim by the commit of event `at`, booked to what its branch is called today: renames since then are followed. */
function claimed(timeline: Timeline, at: number, seq: number, evidence: Evidence): Decision {
  const event = timeline.events[at] as TimelineEvent;
  let branch = event.branch;
  for (const index of timeline.renames) {
    const later = timeline.events[index] as TimelineEvent;
    if (index > at && later.from === branch && later.to !== null) branch = later.to;
  }
  return { seq, claim: { event, evidence }, branch, why: "claimed" };
}

/** The index of the first commit at or after an edit that changes one of the edited files. */
function firstWithFiles(timeline: Timeline, edit: Edit, loggedBranch: string | null): number | null {
  const start = place(timeline, edit.atMs, loggedBranch);
  let best = Number.POSITIVE_INFINITY;
  for (const path of edit.paths) {
    for (const at of timeline.byPath.get(path) ?? []) {
      if (at < start) continue;
      if (at >= best) break;
      const event = timeline.events[at] as TimelineEvent;
      // Git replays nothing over an edited file: an edit before the replay began was put aside, and that is an event between.
      if (event.replay && !isWithin(timeline, start, at, edit.atMs)) continue;
      best = at;
      break;
    }
  }
  return Number.isFinite(best) ? best : null;
}

/**
 * Whether an edit that falls before event `start` may have been made during the replay that led to event `at`: a rebase that goes on
 * from step to step puts nothing aside, and begins, where only its second is known, before an edit of that second. So does a reset at a
 * stop, for what is committed there: what git then picks by itself holds the edit on neither side of the reset.
 */
function isWithin({ events, bounds }: Timeline, start: number, at: number, editMs: number): boolean {
  const { rebaseId, unattended, kind, to } = events[at] as TimelineEvent;
  if (unattended) return false;
  const isByHand = kind !== "rebase-step" || to === "continue";
  return events.slice(start, at).every((event, n) => {
    if (rebaseId === null) return false;
    const mayBeBefore = isOpen(bounds[start + n] as Moment, editMs);
    if (event.id === rebaseId && event.kind === "rebase-start") return mayBeBefore;
    if (event.rebaseId !== rebaseId || event.kind === "checkout") return false;
    return event.kind !== "reset" || (isByHand && mayBeBefore);
  });
}

/** Where a moment falls; a log's own branch decides only between sides that git's clock cannot tell apart. */
function place(timeline: Timeline, atMs: number, loggedBranch: string | null): number {
  const first = positionOf(timeline.bounds, atMs);
  if (loggedBranch === null || first === timeline.events.length || startLine(timeline, first) === loggedBranch) return first;
  for (let at = first; at < timeline.events.length && isOpen(timeline.bounds[at] as Moment, atMs); at++) {
    if (timeline.after[at] === loggedBranch) return at + 1;
  }
  return first;
}

/**
 * Follows the line of work from before event `start` to the end, and notes the first commit that claims it by time. Work that is on the same line
 * before the same event has the same fate, however it came there: each is followed once, not once for every point where work waits.
 */
function fateOf(timeline: Timeline, start: number, loggedBranch: string | null): Fate {
  const fates = entry(timeline.fates, loggedBranch, (): Fates => new Map());
  const passed: { known: Map<number, Fate>; claims: boolean }[] = [];
  let line = startLine(timeline, start);
  let fate: Fate | undefined;
  for (let at = start; at < timeline.events.length; at++) {
    const known = entry(fates, line, () => new Map<number, Fate>());
    fate = known.get(at);
    if (fate !== undefined) break;
    const event = timeline.events[at] as TimelineEvent;
    const [before, after] = [timeline.before[at] as string, timeline.after[at] as string];
    if (line === before && carries(event, before, after)) line = after;
    if (event.kind === "rename" && line === event.from && event.to !== null) line = event.to;
    // An orphan branch begins without a word in the reflog: only the log can say that work was already on it.
    const here = line === after || (event.kind === "initial" && loggedBranch === after);
    passed.push({ known, claims: event.made && !event.replay && here });
  }
  fate ??= { claimedAt: null, line };
  for (let at = start + passed.length - 1; at >= start; at--) {
    const { known, claims } = passed[at - start] as (typeof passed)[number];
    if (claims) fate = { claimedAt: at, line: fate.line };
    known.set(at, fate);
  }
  return fate;
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let found = map.get(key);
  if (found === undefined) map.set(key, (found = make()));
  return found;
}

const startLine = (timeline: Timeline, start: number): string =>
  start === 0 ? (timeline.before[0] as string) : (timeline.after[start - 1] as string);

/** Pending work follows the working tree: to a new name, along a detached HEAD, to another branch at the same commit. */
function carries(event: GitEvent, before: string, after: string): boolean {
  if (event.kind === "rename") return true;
  if (before.startsWith("@") && after.startsWith("@")) return event.kind !== "checkout" || event.oldSha === event.newSha;
  return event.kind === "checkout" && event.oldSha === event.newSha;
}

function timelineOf(events: readonly TimelineEvent[]): Timeline {
  const after = events.map((event) => lineOf(event.branch, event.newSha));
  const before = events.map((event, at) => {
    if (at > 0) return after[at - 1] as string;
    if (event.kind === "checkout" || event.kind === "rename") return lineOf(event.from, event.oldSha);
    return event.branch ?? `@${isNoCommit(event.oldSha) ? event.newSha : event.oldSha}`;
  });
  const byPath = new Map<string, number[]>();
  events.forEach((event, at) => {
    if (!event.made) return;
    for (const path of event.files ?? []) {
      const list = byPath.get(path);
      if (list === undefined) byPath.set(path, [at]);
      else list.push(at);
    }
  });
  const renames = events.flatMap((event, at) => (event.kind === "rename" ? [at] : []));
  return { events, bounds: moments(events), before, after, byPath, renames, fates: new Map(), fromMs: events[0]?.answersFromMs ?? 0 };
}

function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) entry(groups, keyOf(item), (): T[] => []).push(item);
  return groups;
}
