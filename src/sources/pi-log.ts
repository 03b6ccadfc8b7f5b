/** The session logs of pi and of OpenClaw, which is built on it: packages/coding-agent/src/core/session-manager.ts and packages/ai/src/types.ts. */
import { type Counters, isUsed, type SourceRecord } from "../core/record.ts";
import { providerOf } from "../core/providers.ts";
import { count, type Fields, fields, nanoUsd, text, timeMs, unixMs } from "./fields.ts";
import { BAD_COUNTER, eachFields, lineFields, NOT_JSON } from "./json-line.ts";
import { type LineState, readLines } from "./lines.ts";
import type { Position, Sink, SourceFile } from "./source.ts";

const MAX_ID = 256;
const MAX_PATH = 4096;
const MAX_FILES = 200;
const EDITING_TOOLS = new Set(["edit", "write"]);
/** A response; the first line, which tells the session; the lines that tell the model of responses that name none. */
const WORDS = ['"usage"', '"session"', '"model_change"', '"model-snapshot"'];

/** What the lines so far said. */
interface Said {
  sessionId: string | null;
  cwd: string | null;
  /** When the session began, Unix milliseconds. Entries that are older were copied from the session it was forked from. */
  sinceMs: number;
  /** Whether copied entries are of the same working directory: a session can be forked into another one. */
  stayed: boolean;
  provider: string | null;
  model: string | null;
}

/** Reads one log. `tool` is the source's id, `sessionId` what the file's name says. */
export function readPiLog(tool: string, sessionId: string, file: SourceFile, from: Position | null, sink: Sink): Generator<Position> {
  let said: Said = { sessionId: null, cwd: null, sinceMs: 0, stayed: true, provider: null, model: null };
  const state: LineState = { restore: (saved) => (said = JSON.parse(saved) as Said), save: () => JSON.stringify(said) };
  return readLines(
    file,
    from,
    WORDS,
    (bytes, start, end) => {
      const line = lineFields(bytes, start, end);
      if (line === null) return NOT_JSON;
      said = heard(said, line, file.path);
      const found = piRecord(line, said, tool, sessionId);
      if (typeof found === "string") return found;
      if (found !== null) sink.record(found);
      return null;
    },
    sink,
    state,
  );
}

function heard(said: Said, line: Fields, path: string): Said {
  if (line["type"] === "session") {
    // Sessions lie in folders that are named by their working directories.
    const parent = text(line["parentSession"], MAX_PATH);
    return {
      ...said,
      sessionId: text(line["id"], MAX_ID),
      cwd: text(line["cwd"], MAX_PATH),
      sinceMs: timeMs(line["timestamp"]) ?? 0,
      stayed: parent === null || folderOf(parent) === folderOf(path),
    };
  }
  const change = line["type"] === "model_change" ? line : line["customType"] === "model-snapshot" ? fields(line["data"]) : null;
  const model = text(change?.["modelId"], MAX_ID);
  return model === null ? said : { ...said, model, provider: text(change?.["provider"], MAX_ID) };
}

function folderOf(path: string): string | undefined {
  return path.split(/[\\/]/).at(-2);
}

function piRecord(line: Fields, said: Said, tool: string, sessionId: string): SourceRecord | string | null {
  const message = line["type"] === "message" ? fields(line["message"]) : null;
  const usage = fields(message?.["usage"]);
  if (message === null || message["role"] !== "assistant" || usage === null) return null;
  const counters = toCounters(usage);
  if (counters === null) return BAD_COUNTER;
  // Requests that failed, and messages that the agent wrote by itself.
  if (!isUsed(counters)) return null;
  const own = text(message["model"], MAX_ID);
  const model = own ?? said.model;
  if (model === null) return "no model";
  const loggedMs = timeMs(line["timestamp"]);
  const askedMs = unixMs(message["timestamp"]) ?? timeMs(message["timestamp"]);
  const atMs = loggedMs ?? askedMs;
  if (atMs === null) return "no valid time";
  const copied = atMs < said.sinceMs;
  const placed = !copied || said.stayed;
  const named = text(message["provider"], MAX_ID) ?? (own === null ? said.provider : null);
  return {
    // Entries have ids, but of 32 bits, and they change: older logs got theirs when they were opened by a newer version, and OpenClaw appends
    // entries anew when it shortens tool results. Copies in forked sessions keep the message as it is.
    key: [askedMs ?? atMs, model, counters.input, counters.output, counters.cacheRead, counters.cacheWrite5m + counters.cacheWrite1h].join(
      ":",
    ),
    variant: copied ? null : "",
    tool,
    provider: providerOf(named, model, "unknown"),
    model,
    sessionId: said.sessionId ?? sessionId,
    atMs,
    counters,
    fast: false,
    cwd: placed ? said.cwd : null,
    loggedBranch: null,
    loggedCommit: null,
    reportedNanoUsd: nanoUsd(fields(usage["cost"])?.["total"]),
    approximate: false,
    files: placed ? editedFiles(message["content"]) : [],
  };
}

/** `cacheWrite1h` is a part of `cacheWrite`, `reasoning` of `output`; `input` excludes the cache. Null when any is not a count. */
function toCounters(usage: Fields): Counters | null {
  const written = count(usage["cacheWrite"]);
  const cacheWrite1h = Math.min(count(usage["cacheWrite1h"]), written);
  const output = count(usage["output"]);
  const counters: Counters = {
    input: count(usage["input"]),
    output,
    reasoning: Math.min(count(usage["reasoning"]), output),
    cacheRead: count(usage["cacheRead"]),
    cacheWrite5m: written - cacheWrite1h,
    cacheWrite1h,
    webSearches: 0,
  };
  return Number.isNaN(Object.values(counters).reduce((sum, value) => sum + value, 0)) ? null : counters;
}

function editedFiles(content: unknown): readonly string[] {
  const files = new Set<string>();
  eachFields(content, (block) => {
    if (block["type"] !== "toolCall" || !EDITING_TOOLS.has(block["name"] as string) || files.size >= MAX_FILES) return;
    const given = fields(block["arguments"]);
    const path = text(given?.["path"], MAX_PATH) ?? text(given?.["file_path"], MAX_PATH);
    if (path !== null) files.add(path);
  });
  return [...files];
}
