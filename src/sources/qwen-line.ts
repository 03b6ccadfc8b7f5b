/** One line of a Qwen Code chat. The shapes are those of its own packages/core/src/services/chatRecordingService.ts (`ChatRecord`). */
import { isUsed, type SourceRecord } from "../core/record.ts";
import { providerOf } from "../core/providers.ts";
import { type Fields, fields, text, timeMs } from "./fields.ts";
import { googleCount } from "./google-usage.ts";
import { BAD_COUNTER, eachFields } from "./json-line.ts";

const MAX_ID = 256;
const MAX_PATH = 4096;
const MAX_FILES = 200;
/** `replace` is what `edit` was called before. */
const EDITING_TOOLS = new Set(["write_file", "edit", "replace", "notebook_edit"]);
const NAMES = {
  prompt: "promptTokenCount",
  candidates: "candidatesTokenCount",
  cached: "cachedContentTokenCount",
  thoughts: "thoughtsTokenCount",
  tool: "toolUsePromptTokenCount",
  total: "totalTokenCount",
};

/**
 * The record of a line; null when it is no response; a string says why it is unreadable. `otherwise` are the session, for a line that names
 * none, and the model: lines of subagents name none.
 */
export function qwenRecord(line: Fields, otherwise: { sessionId: string; model: () => string | null }): SourceRecord | string | null {
  const usage = fields(line["usageMetadata"]);
  if (line["type"] !== "assistant" || usage === null) return null;
  const found = googleCount(usage, NAMES);
  if (found === null) return BAD_COUNTER;
  if (!isUsed(found.counters)) return null;
  const key = text(line["uuid"], MAX_ID);
  if (key === null) return "no message id";
  const model = text(line["model"], MAX_ID) ?? otherwise.model();
  if (model === null) return "no model";
  const atMs = timeMs(line["timestamp"]);
  if (atMs === null) return "no valid time";
  return {
    // Not the session's id too: a branched session repeats all lines under its own, and notes on each where it comes from.
    key,
    variant: fields(line["forkedFrom"]) === null ? "" : null,
    tool: "qwen",
    provider: providerOf(null, model, "alibaba"),
    model,
    sessionId: text(line["sessionId"], MAX_ID) ?? otherwise.sessionId,
    atMs,
    counters: found.counters,
    fast: false,
    cwd: text(line["cwd"], MAX_PATH),
    loggedBranch: text(line["gitBranch"], MAX_PATH),
    loggedCommit: null,
    reportedNanoUsd: null,
    approximate: found.approximate,
    files: qwenFiles(line),
  };
}

/** Files that the tool calls of a line write. Subagents log their calls on lines of their own, after the response that made them. */
export function qwenFiles(line: Fields): readonly string[] {
  const files = new Set<string>();
  if (line["type"] !== "assistant") return [];
  eachFields(fields(line["message"])?.["parts"], (part) => {
    const call = fields(part["functionCall"]);
    if (call === null || !EDITING_TOOLS.has(call["name"] as string) || files.size >= MAX_FILES) return;
    const args = fields(call["args"]);
    const path = text(args?.["file_path"], MAX_PATH) ?? text(args?.["notebook_path"], MAX_PATH);
    if (path !== null) files.add(path);
  });
  return [...files];
}
