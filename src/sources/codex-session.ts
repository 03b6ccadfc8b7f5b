/** What the lines of one Codex log come to: cumulative counters into responses, each billed once. */
import type { SourceRecord } from "../core/record.ts";
import type { CodexLine, CountLine, MetaLine, SettingsLine, UsageLine } from "./codex-line.ts";
import { billedBy, billedModel, FAST_TIERS, PLAIN_TIERS } from "./codex-model.ts";
import { addFiles } from "./codex-patch.ts";
import { isBilled, isSame, isWithin, minus, NO_TOKENS, plus, toCounters, type Tokens } from "./codex-tokens.ts";
import { type Inherited, isInherited } from "./codex-replay.ts";

/** All that must be known to go on reading a log; kept between runs as JSON, so it holds nothing but plain values. */
export interface CodexState extends Inherited {
  session: string;
  /** The first `session_meta` has been seen. */
  named: boolean;
  provider: string | null;
  cwd: string | null;
  branch: string | null;
  commit: string | null;
  /** The turn's model; and the one that settings or a counter named, for logs without turns. */
  model: string | null;
  modelBeside: string | null;
  /** The service tier; null: the log has not said. */
  tier: string | null;
  /** The cumulative counters as they stood last. */
  before: Tokens;
  /** The last response that came with them. */
  lastBefore: Tokens | null;
  /** The next total is the first of a session that may have started with another's counters. */
  takesOver: boolean;
  /** Billed by a response's own record, and not yet seen in the cumulative counters. */
  ahead: Tokens;
  /** Billed by the cumulative counters, and its response's own record not yet seen. */
  behind: Tokens | null;
  /** Edited by the response under way. */
  files: readonly string[];
}

export function newState(session: string): CodexState {
  return {
    session,
    named: false,
    parent: null,
    bornMs: null,
    openedMs: null,
    ownFrom: null,
    inherits: false,
    matched: 0,
    inheritedMs: null,
    provider: null,
    cwd: null,
    branch: null,
    commit: null,
    model: null,
    modelBeside: null,
    tier: null,
    before: NO_TOKENS,
    lastBefore: null,
    takesOver: false,
    ahead: NO_TOKENS,
    behind: null,
    files: [],
  };
}

/** What a log cannot tell of itself. */
export interface Surroundings {
  /** Every count of another session's log, or null. */
  counts: Parameters<typeof isInherited>[2];
  /** Since when the fast tier is set for all sessions, Unix milliseconds; null: it is not. */
  fastSince(): number | null;
}

/** Takes in one line and returns the record it completes; a string says why a line that should have given one does not. */
export function takeLine(state: CodexState, line: CodexLine, around: Surroundings): SourceRecord | string | null {
  switch (line.kind) {
    case "meta":
      if (!state.named) setOut(state, line, line.atMs);
      return null;
    case "settings":
      applySettings(state, line);
      return null;
    case "files":
      state.files = addFiles(state.files, line.files);
      return null;
    case "usage":
      return line.atMs === null ? "no valid time" : takeUsage(state, line, line.atMs, around);
    default:
      return line.atMs === null ? "no valid time" : takeCount(state, line, line.atMs, line.ordinal, around);
  }
}

function setOut(state: CodexState, line: MetaLine, atMs: number | null): void {
  const { id, parent, inherits, bornMs, ownFrom, provider, cwd, branch, commit } = line;
  state.session = id ?? state.session;
  Object.assign(state, { named: true, parent, inherits, takesOver: inherits, ownFrom, provider, cwd, branch, commit });
  state.bornMs = bornMs ?? atMs;
  state.openedMs = atMs ?? bornMs;
}

function applySettings(state: CodexState, { isTurn, cwd, model, tier }: SettingsLine): void {
  state.tier = tier ?? state.tier;
  if (!isTurn) {
    state.modelBeside = model ?? state.modelBeside;
    return;
  }
  state.cwd = cwd ?? state.cwd;
  state.model = model ?? state.model;
  // What a fork repeats without its response's counters was edited by its parent.
  if (state.inherits) state.files = [];
}

/** A response by its own id: the surest there is. It also tells that what follows is the session's own. */
function takeUsage(state: CodexState, line: UsageLine, atMs: number, around: Surroundings): SourceRecord | null {
  if (line.session !== null && line.session !== state.session) return null;
  if (line.session !== null) state.inherits = false;
  const { behind } = state;
  state.behind = null;
  if ((behind !== null && isSame(behind, line.usage)) || !isBilled(line.usage)) return null;
  state.ahead = plus(state.ahead, line.usage);
  return bill(state, `response:${line.response}`, line.usage, atMs, around);
}

/**
 * The difference to the last total, less what was already billed by the responses' own records. Those also tell of requests that never reach
 * the total (compaction on the server: openai/codex#47003), so what they are ahead by is forgotten with the next response that does.
 */
function takeCount(state: CodexState, line: CountLine, atMs: number, ordinal: number | null, around: Surroundings): SourceRecord | null {
  state.modelBeside = line.model ?? state.modelBeside;
  const total = line.total ?? plus(state.before, line.last ?? NO_TOKENS);
  if (state.inherits && isInherited(state, { total: total.join(), atMs, ordinal }, around.counts)) {
    advance(state, total, line);
    state.ahead = NO_TOKENS;
    state.files = [];
    return null;
  }
  if (state.takesOver && repeatsParent(state, line)) {
    advance(state, total, line);
    state.takesOver = false;
    return null;
  }
  const spent = spentSince(state, total, line);
  state.takesOver = false;
  advance(state, total, line);
  if (!isBilled(spent)) return null;
  const unbilled = isWithin(spent, state.ahead) ? NO_TOKENS : minus(spent, state.ahead);
  state.ahead = NO_TOKENS;
  if (!isBilled(unbilled)) return null;
  state.behind = unbilled;
  return bill(state, `${state.session}:${total.join()}`, unbilled, atMs, around);
}

/** The first count after a response's own record, when it is not of that response: the parent's last, told again. */
function repeatsParent({ ahead }: CodexState, { last }: CountLine): boolean {
  return isBilled(ahead) && last !== null && !isWithin(last, ahead);
}

function advance(state: CodexState, total: Tokens, { last }: CountLine): void {
  state.before = total;
  state.lastBefore = last;
}

/**
 * A total that fell was reset (compaction, rollback): the last response tells what is new, unless it is the one that was told before. The first
 * total of a fork may continue its parent's or start anew: there, too, the last response tells.
 */
function spentSince({ takesOver, before, lastBefore }: CodexState, total: Tokens, { last }: CountLine): Tokens {
  if (takesOver && last !== null && isWithin(last, total)) return isSame(total, before) ? NO_TOKENS : last;
  if (isWithin(before, total)) return minus(total, before);
  if (last === null || !isBilled(last)) return total;
  return lastBefore !== null && isSame(last, lastBefore) ? NO_TOKENS : last;
}

function bill(state: CodexState, key: string, tokens: Tokens, atMs: number, around: Surroundings): SourceRecord {
  const { model, assumed } = billedModel(state.model ?? state.modelBeside, atMs);
  const since = state.tier === null ? around.fastSince() : null;
  const fastBySettings = since !== null && atMs >= since;
  const { files } = state;
  state.files = [];
  return {
    key,
    variant: "",
    tool: "codex",
    provider: billedBy(state.provider, model),
    model,
    sessionId: state.session,
    atMs,
    counters: toCounters(tokens),
    fast: state.tier === null ? fastBySettings : FAST_TIERS.has(state.tier),
    cwd: state.cwd,
    loggedBranch: state.branch,
    loggedCommit: state.commit,
    reportedNanoUsd: null,
    approximate: assumed || fastBySettings || (state.tier !== null && !FAST_TIERS.has(state.tier) && !PLAIN_TIERS.has(state.tier)),
    files,
  };
}
