/** Output of `codex exec --json` that a user kept: one object a line, some with the usage of a turn. */
import type { SourceRecord } from "../core/record.ts";
import { modelIn } from "./codex-line.ts";
import { billedBy, billedModel } from "./codex-model.ts";
import { isBilled, toCounters, toTokens } from "./codex-tokens.ts";
import { type Fields, fields, text, timeMs } from "./fields.ts";
import { BAD_COUNTER } from "./json-line.ts";

const MAX_ID = 256;
/** Numbers above are milliseconds, below seconds. */
const SECONDS_BELOW = 1e10;

export interface ExecState {
  /** As the output names it; null until it does. */
  session: string | null;
  model: string | null;
  /** Usages of the session so far: they have no ids. */
  turns: number;
}

export function newExec(): ExecState {
  return { session: null, model: null, turns: 0 };
}

/** Whether a line may tell of usage, or of whose it is. */
export function mayBeExec(bytes: Buffer, start: number, end: number): boolean {
  return ['usage"', 'thread_id"', 'session_id"'].some((name) => bytes.subarray(start, end).includes(name, 0, "latin1"));
}

/** What the output cannot tell of itself. */
export interface ExecFile {
  /** The file's name, for output that names no session. */
  name: string;
  /** For usages without a time. */
  mtimeMs: number;
  /** Whether the session has a log of its own, which says all this and more. */
  isLogged(session: string): boolean;
}

/** The usage in a line as a record; null when it has none, or when the session's own log has it. */
export function takeExec(state: ExecState, line: Fields, file: ExecFile): SourceRecord | string | null {
  const started = text(line["thread_id"], MAX_ID) ?? text(line["session_id"], MAX_ID);
  if (started !== null && started !== state.session) Object.assign(state, { session: started, turns: 0 });
  const holders = [line, ...["data", "result", "response"].map((name) => fields(line[name]))].filter((holder) => holder !== null);
  state.model = first(holders, modelIn) ?? state.model;
  const usage = first(holders, (holder) => fields(holder["usage"]));
  if (usage === null) return null;
  const tokens = toTokens(usage);
  if (tokens === null) return BAD_COUNTER;
  if (!isBilled(tokens)) return null;
  const session = state.session ?? file.name;
  state.turns++;
  if (file.isLogged(session)) return null;
  const atMs = first(holders, timeIn) ?? Math.floor(file.mtimeMs);
  const { model, assumed } = billedModel(state.model, atMs);
  return {
    key: `exec:${session}:${state.turns}:${tokens.join()}`,
    variant: "",
    tool: "codex",
    provider: billedBy(null, model),
    model,
    sessionId: session,
    atMs,
    counters: toCounters(tokens),
    fast: false,
    cwd: null,
    loggedBranch: null,
    loggedCommit: null,
    reportedNanoUsd: null,
    approximate: assumed,
    files: [],
  };
}

function first<T>(holders: readonly Fields[], take: (holder: Fields) => T | null): T | null {
  for (const holder of holders) {
    const found = take(holder);
    if (found !== null) return found;
  }
  return null;
}

function timeIn(holder: Fields): number | null {
  return first(
    [holder["timestamp"], holder["created_at"], holder["createdAt"]].map((value) => ({ value })),
    ({ value }) => (typeof value === "number" && value > 0 ? timeMs(isoOf(value < SECONDS_BELOW ? value * 1000 : value)) : timeMs(value)),
  );
}

function isoOf(ms: number): string | null {
  const at = new Date(ms);
  return Number.isNaN(at.getTime()) ? null : at.toISOString();
}
