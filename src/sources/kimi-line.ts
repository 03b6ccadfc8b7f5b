/** One line of a Kimi log (`wire.jsonl`). The shapes are those of its own src/kimi_cli/wire/types.py and file.py. */
import { type Counters, isUsed } from "../core/record.ts";
import { count, type Fields, fields, text, unixMs } from "./fields.ts";
import { BAD_COUNTER } from "./json-line.ts";

const MAX_ID = 256;
const MAX_PATH = 4096;
const EDITING_TOOLS = new Set(["WriteFile", "StrReplaceFile"]);

/** What a line says happened, in the main agent or in one that it started. */
export interface KimiEvent {
  /** Null for the agent whose log it is. */
  agentId: string | null;
  type: unknown;
  payload: Fields;
  /** Unix milliseconds, or null when it is no valid time. */
  atMs: number | null;
}

/** Null when the line is no event. Events of other agents come wrapped in one of their own. */
export function kimiEvent(line: Fields): KimiEvent | null {
  const message = fields(line["message"]);
  const payload = fields(message?.["payload"]);
  if (message === null || payload === null) return null;
  const atMs = unixMs(line["timestamp"], "s");
  if (message["type"] !== "SubagentEvent") return { agentId: null, type: message["type"], payload, atMs };
  const event = fields(payload["event"]);
  const inside = fields(event?.["payload"]);
  if (event === null || inside === null) return null;
  // Earlier versions named only the call that started the agent.
  const agentId = text(payload["agent_id"], MAX_ID) ?? text(payload["parent_tool_call_id"] ?? payload["task_tool_call_id"], MAX_ID) ?? "";
  return { agentId, type: event["type"], payload: inside, atMs };
}

export interface KimiUsage {
  /** The provider's id of the response; not all providers give one. */
  messageId: string | null;
  counters: Counters;
}

/** The usage of a status update; null when it has none; a string says why it is unreadable. */
export function kimiUsage({ type, payload, atMs }: KimiEvent): KimiUsage | string | null {
  const usage = fields(payload["token_usage"]);
  if (type !== "StatusUpdate" || usage === null) return null;
  const counters: Counters = {
    input: count(usage["input_other"]),
    output: count(usage["output"]),
    reasoning: 0,
    cacheRead: count(usage["input_cache_read"]),
    cacheWrite5m: count(usage["input_cache_creation"]),
    cacheWrite1h: 0,
    webSearches: 0,
  };
  if (Number.isNaN(counters.input + counters.output + counters.cacheRead + counters.cacheWrite5m)) return BAD_COUNTER;
  if (!isUsed(counters)) return null;
  return atMs === null ? "no valid time" : { messageId: text(payload["message_id"], MAX_ID), counters };
}

/** The file that a call writes, or null. Its arguments are JSON in a string. */
export function kimiFile({ type, payload }: KimiEvent): string | null {
  const call = type === "ToolCall" ? fields(payload["function"]) : null;
  if (call === null || !EDITING_TOOLS.has(call["name"] as string) || typeof call["arguments"] !== "string") return null;
  try {
    return text(fields(JSON.parse(call["arguments"]))?.["path"], MAX_PATH);
  } catch {
    // A call that was broken off.
    return null;
  }
}
