/** One line of a Claude Code log to a record. Only here and in `claude-scan.ts`, which must say the same, are the names of its fields known. */
import type { Counters, SourceRecord } from "../core/record.ts";
import { count, type Fields, fields, text, timeMs } from "./fields.ts";

/** Ends the names of `input_tokens` and `output_tokens`, which every usage has. Long enough for a search that leaps. */
export const WORD = 'put_tokens"';

export const MAX_ID = 256;
export const MAX_PATH = 4096;
export const MAX_FILES = 200;
export const EDITING_TOOLS: ReadonlySet<string> = new Set(["Edit", "Write", "MultiEdit", "NotebookEdit"]);
/** What Claude Code calls the texts it makes up itself (errors, limits): nobody bills for them. */
export const SYNTHETIC = "<synthetic>";

/** What a path says of the session: the grandparent for a subagent's file, which belongs to the session that started it. */
export interface PathSession {
  id: string;
  /** The path knows better than the line. */
  certain: boolean;
}

/**
 * The record in `bytes[start, end)`; null when the line holds none; a string says why a line that should hold one is unreadable.
 * The text is decoded as Latin-1, which is several times faster to parse; if a string that is kept is not plain ASCII, the line is decoded again
 * as the UTF-8 that it is.
 */
export function claudeRecord(bytes: Buffer, start: number, end: number, session: PathSession): SourceRecord | string | null {
  const fast = parse(bytes.toString("latin1", start, end));
  if (fast === null) return "not JSON";
  const found = toRecord(fast, session);
  if (found === null || typeof found === "string" || isAscii(found)) return found;
  const exact = parse(bytes.toString("utf8", start, end));
  return exact === null ? "not JSON" : toRecord(exact, session);
}

function parse(line: string): Fields | null {
  try {
    return fields(JSON.parse(line));
  } catch {
    // Reported by the caller, without the parser's message: it quotes the line.
    return null;
  }
}

function isAscii({ key, variant, model, sessionId, cwd, loggedBranch, files }: SourceRecord): boolean {
  return ![key, variant, model, sessionId, cwd, loggedBranch, ...files].some((kept) => kept !== null && BEYOND_ASCII.test(kept));
}

const BEYOND_ASCII = /[\x80-\uffff]/;

function toRecord(line: Fields, session: PathSession): SourceRecord | string | null {
  // A subagent's response is also told to its parent's log, wrapped in a progress line.
  const told = line["type"] === "progress" ? fields(line["data"]) : null;
  if (told !== null && told["type"] !== "agent_progress") return null;
  const inner = told === null ? line : fields(told["message"]);
  if (inner === null || (told === null && line["type"] !== "assistant")) return null;
  const message = fields(inner["message"]);
  const usage = fields(message?.["usage"]);
  if (message === null || usage === null) return null;
  const model = text(message["model"], MAX_ID);
  if (model === SYNTHETIC) return null;
  if (model === null) return "no model";
  const requestId = text(inner["requestId"], MAX_ID);
  const key = text(message["id"], MAX_ID) ?? requestId ?? text(inner["uuid"], MAX_ID);
  if (key === null) return "no message id";
  const atMs = timeMs(inner["timestamp"]) ?? timeMs(line["timestamp"]);
  if (atMs === null) return "no valid time";
  const counters = toCounters(usage);
  if (counters === null) return "a counter is not a whole number between 0 and 10^12";
  const sessionId = session.certain ? session.id : (text(line["sessionId"], MAX_ID) ?? session.id);
  const replay = line["isSidechain"] === true || inner["isSidechain"] === true;
  return {
    key,
    variant: replay ? null : (requestId ?? ""),
    tool: "claude-code",
    provider: "anthropic",
    model,
    sessionId,
    atMs,
    counters,
    fast: usage["speed"] === "fast",
    cwd: text(line["cwd"], MAX_PATH),
    loggedBranch: text(line["gitBranch"], MAX_PATH),
    loggedCommit: null,
    reportedNanoUsd: null,
    approximate: false,
    files: editedFiles(message["content"]),
  };
}

/** Null when any is not a count. `iterations` repeats the usage and is not read. */
function toCounters(usage: Fields): Counters | null {
  const split = fields(usage["cache_creation"]);
  const flat = count(usage["cache_creation_input_tokens"]);
  const write5m = count(split?.["ephemeral_5m_input_tokens"]);
  const write1h = count(split?.["ephemeral_1h_input_tokens"]);
  const counters: Counters = {
    input: count(usage["input_tokens"]),
    output: count(usage["output_tokens"]),
    reasoning: 0,
    cacheRead: count(usage["cache_read_input_tokens"]),
    // What the split does not account for was written for five minutes.
    cacheWrite5m: write5m + Math.max(0, flat - write5m - write1h),
    cacheWrite1h: write1h,
    webSearches: count(fields(usage["server_tool_use"])?.["web_search_requests"]),
  };
  const sum =
    counters.input + counters.output + counters.cacheRead + counters.cacheWrite5m + counters.cacheWrite1h + counters.webSearches + flat;
  return Number.isNaN(sum) ? null : counters;
}

export const NO_FILES: readonly string[] = [];

function editedFiles(content: unknown): readonly string[] {
  if (!Array.isArray(content)) return NO_FILES;
  let files: Set<string> | null = null;
  for (const item of content) {
    const block = fields(item);
    if (block === null || block["type"] !== "tool_use" || !EDITING_TOOLS.has(block["name"] as string)) continue;
    const input = fields(block["input"]);
    const path = text(input?.["file_path"], MAX_PATH) ?? text(input?.["notebook_path"], MAX_PATH);
    if (path !== null && (files ??= new Set()).size < MAX_FILES) files.add(path);
  }
  return files === null ? NO_FILES : [...files];
}
