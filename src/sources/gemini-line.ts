/** One message of a Gemini CLI chat to a record. The shapes are those of its own packages/core/src/services/chatRecordingTypes.ts. */
import { isUsed, type SourceRecord } from "../core/record.ts";
import { type Fields, fields, text, timeMs } from "./fields.ts";
import { googleCount } from "./google-usage.ts";
import { BAD_COUNTER, eachFields } from "./json-line.ts";

const MAX_ID = 256;
const MAX_PATH = 4096;
const MAX_FILES = 200;
const EDITING_TOOLS = new Set(["write_file", "replace"]);
/** What the log calls the outcome of calls that wrote nothing. */
const FUTILE = new Set(["error", "cancelled"]);
/** `tokens` of a message: the API's promptTokenCount, candidatesTokenCount, cachedContentTokenCount and so on under shorter names. */
const NAMES = { prompt: "input", candidates: "output", cached: "cached", thoughts: "thoughts", tool: "tool", total: "total" };

/** What is known of the session that a message belongs to. */
export interface GeminiSession {
  /** The chat's own id: with a message's id it makes the key, also where the file moves. */
  chatId: string;
  /** What the user calls the session: for a subagent, the session that started it. */
  sessionId: string;
  cwd: string | null;
}

/** The record of a message; null when it is no response or its tokens are not known yet; a string says why it is unreadable. */
export function geminiRecord(message: Fields, session: GeminiSession): SourceRecord | string | null {
  const tokens = fields(message["tokens"]);
  if (message["type"] !== "gemini" || tokens === null) return null;
  const found = googleCount(tokens, NAMES);
  if (found === null) return BAD_COUNTER;
  if (!isUsed(found.counters)) return null;
  const id = text(message["id"], MAX_ID);
  if (id === null) return "no message id";
  const model = text(message["model"], MAX_ID);
  if (model === null) return "no model";
  const atMs = timeMs(message["timestamp"]);
  if (atMs === null) return "no valid time";
  return {
    key: `${session.chatId}:${id}`,
    variant: "",
    tool: "gemini",
    provider: "google",
    model,
    sessionId: session.sessionId,
    atMs,
    counters: found.counters,
    fast: false,
    cwd: session.cwd,
    loggedBranch: null,
    loggedCommit: null,
    reportedNanoUsd: null,
    approximate: found.approximate,
    files: editedFiles(message["toolCalls"]),
  };
}

function editedFiles(calls: unknown): readonly string[] {
  const files = new Set<string>();
  eachFields(calls, (call) => {
    if (!EDITING_TOOLS.has(call["name"] as string) || FUTILE.has(call["status"] as string) || files.size >= MAX_FILES) return;
    const path = text(fields(call["args"])?.["file_path"], MAX_PATH);
    if (path !== null) files.add(path);
  });
  return [...files];
}
