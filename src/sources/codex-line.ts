/** One line of a Codex log. The only place that knows the names of its fields; what a line means for the bill is in `codex-session.ts`. */
import { CALLS, patchedFiles } from "./codex-patch.ts";
import { type Tokens, toTokens } from "./codex-tokens.ts";
import { type Fields, fields, text, timeMs } from "./fields.ts";
import { BAD_COUNTER } from "./json-line.ts";

const MAX_ID = 256;
const MAX_PATH = 4096;

/** Who a log is about. Only the first of a file counts: a fork repeats its parent's. */
export interface MetaLine {
  kind: "meta";
  id: string | null;
  /** The session this one was forked from or started by. */
  parent: string | null;
  /** Whether it may begin with what another session spent. */
  inherits: boolean;
  /** When the session was made; the line may have been written later. */
  bornMs: number | null;
  /** Lines with a smaller ordinal are another session's. */
  ownFrom: number | null;
  provider: string | null;
  cwd: string | null;
  branch: string | null;
  commit: string | null;
}

/** What holds from here on: a turn's place and model, or settings that were changed. Null: not said. */
export interface SettingsLine {
  kind: "settings";
  isTurn: boolean;
  cwd: string | null;
  model: string | null;
  /** The service tier; where none is named, the last one stands. */
  tier: string | null;
}

/** The session's cumulative counters, and those of the last response. */
export interface CountLine {
  kind: "count";
  total: Tokens | null;
  last: Tokens | null;
  model: string | null;
}

/** One response, by its own id (since Codex 0.151). */
export interface UsageLine {
  kind: "usage";
  response: string;
  /** Whose response it is. */
  session: string | null;
  usage: Tokens;
}

/** Files that the response under way edits. */
export interface FilesLine {
  kind: "files";
  files: readonly string[];
}

export type CodexLine = (MetaLine | SettingsLine | CountLine | UsageLine | FilesLine) & { atMs: number | null; ordinal: number | null };

/** A word for `readLines` that every line holds: `kindOf` selects. */
export const ANY_LINE = '"';

/** As Codex writes a line: time, number, kind, and of what the line tells its kind, if it has one there. */
const HEAD = /^\{"timestamp":"[^"\\]*",(?:"ordinal":\d+,)?"type":"([a-z_]+)","payload":\{(?:"type":"([a-z_]+)")?/;
const HEAD_BYTES = 160;
const PATCH = "*** Begin Patch";
/** Ends of the names that matter, where the beginning of a line does not tell. Escaped inside a text, none of them looks like this. */
const NAMES = ['session_meta"', 'turn_context"', 'token_count"', 'token_usage_record"', 'thread_settings_applied"', PATCH];

/**
 * Which kind of line it may be, by its first bytes where those say it: `other` where they do not; null where it is of no interest. Most lines are
 * talk, and not worth parsing.
 */
export function kindOf(bytes: Buffer, start: number, end: number): string | null {
  const has = (name: string) => bytes.subarray(start, end).includes(name, 0, "latin1");
  const [, kind, inner] = HEAD.exec(bytes.toString("latin1", start, Math.min(end, start + HEAD_BYTES))) ?? [];
  switch (kind) {
    case undefined:
      return NAMES.some(has) ? "other" : null;
    case "session_meta":
    case "turn_context":
    case "token_usage_record":
      return kind;
    case "event_msg":
      return inner === undefined || inner === "token_count" || inner === "thread_settings_applied" ? kind : null;
    case "response_item":
      return (inner === undefined || CALLS.has(inner)) && has(PATCH) ? kind : null;
    default:
      return null;
  }
}

/** Null: nothing to us. A string says why a line that should tell something is unreadable. */
export function codexLine(line: Fields): CodexLine | string | null {
  const payload = fields(line["payload"]);
  if (payload === null) return null;
  const found = read(line["type"], payload);
  if (found === null || typeof found === "string") return found;
  const ordinal = line["ordinal"];
  return Object.assign(found, { atMs: timeMs(line["timestamp"]), ordinal: typeof ordinal === "number" ? ordinal : null });
}

function read(type: unknown, payload: Fields): MetaLine | SettingsLine | CountLine | UsageLine | FilesLine | string | null {
  switch (type) {
    case "session_meta":
      return meta(payload);
    case "turn_context":
      return { ...settings(payload), isTurn: true };
    case "token_usage_record":
      return usage(payload);
    case "response_item": {
      const files = patchedFiles(payload);
      return files.length === 0 ? null : { kind: "files", files };
    }
    case "event_msg":
      if (payload["type"] === "token_count") return countLine(payload);
      if (payload["type"] === "thread_settings_applied") return settings(fields(payload["thread_settings"]) ?? {});
      return null;
    default:
      return null;
  }
}

function meta(payload: Fields): MetaLine {
  const git = fields(payload["git"]);
  const subagent = fields(payload["source"])?.["subagent"];
  const spawn = fields(fields(subagent)?.["thread_spawn"]);
  const id = text(payload["id"], MAX_ID) ?? text(payload["session_id"], MAX_ID);
  const parent =
    text(payload["forked_from_id"], MAX_ID) ?? text(spawn?.["parent_thread_id"], MAX_ID) ?? text(payload["parent_thread_id"], MAX_ID);
  const ownFrom = payload["subagent_history_start_ordinal"];
  const isSubagent = (subagent ?? null) !== null || payload["thread_source"] === "subagent";
  return {
    kind: "meta",
    id,
    parent: parent === id ? null : parent,
    inherits: (parent !== null && parent !== id) || isSubagent || fields(payload["history_base"]) !== null,
    bornMs: timeMs(payload["timestamp"]),
    ownFrom: typeof ownFrom === "number" ? ownFrom : null,
    provider: text(payload["model_provider"], MAX_ID),
    cwd: text(payload["cwd"], MAX_PATH),
    branch: text(git?.["branch"], MAX_PATH),
    commit: text(git?.["commit_hash"], MAX_ID),
  };
}

function settings(payload: Fields): SettingsLine {
  return {
    kind: "settings",
    isTurn: false,
    cwd: text(payload["cwd"], MAX_PATH),
    model: modelIn(payload),
    tier: text(payload["service_tier"], MAX_ID),
  };
}

/** `info` is null where only rate limits are told. */
function countLine(payload: Fields): CountLine | string | null {
  const info = fields(payload["info"]);
  if (info === null) return null;
  const total = tokensIn(info["total_token_usage"]);
  const last = tokensIn(info["last_token_usage"]);
  if (total === BAD || (total === null && last === BAD)) return BAD_COUNTER;
  if (total === null && last === null) return null;
  return { kind: "count", total, last: last === BAD ? null : last, model: modelIn(info) ?? modelIn(payload) };
}

function usage(payload: Fields): UsageLine | string | null {
  const response = text(payload["response_id"], MAX_ID);
  const tokens = tokensIn(payload["usage"]);
  if (response === null || tokens === null) return null;
  return tokens === BAD ? BAD_COUNTER : { kind: "usage", response, session: text(payload["thread_id"], MAX_ID), usage: tokens };
}

const BAD = "bad";

function tokensIn(value: unknown): Tokens | typeof BAD | null {
  if (value === undefined || value === null) return null;
  const given = fields(value);
  return given === null ? BAD : (toTokens(given) ?? BAD);
}

/** The model as payloads and `--json` lines name it. */
export function modelIn(holder: Fields): string | null {
  return text(holder["model"], MAX_ID) ?? text(holder["model_name"], MAX_ID) ?? text(fields(holder["metadata"])?.["model"], MAX_ID);
}
