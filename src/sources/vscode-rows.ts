/**
 * The rows of a task (`ui_messages.json`) to records: one `api_req_started` a request, whose `text` is JSON that is filled in when the answer is
 * there. `deleted_api_reqs` repeats what was counted before the user went back in a task.
 */
import { providerOf } from "../core/providers.ts";
import type { Counters, SourceRecord } from "../core/record.ts";
import { count, type Fields, fields, nanoUsd, text, unixMs } from "./fields.ts";
import { BAD_COUNTER, eachFields } from "./json-line.ts";
import type { TaskSides } from "./vscode-sides.ts";

/** What an extension does in its own way. */
export interface Dialect {
  /** Id of the source. */
  id: string;
  /** The provider that stands for any service of its kind: who bills is then told by the model alone. */
  anyService?: string;
  /** From `tokensIn` to the tokens that were neither read from a cache nor written to one. */
  input(request: TaskRequest): { input: number; cacheWrite: number };
}

export interface TaskRequest {
  tokensIn: number;
  cacheReads: number;
  cacheWrites: number;
  atMs: number;
  provider: string | null;
  /** `anthropic` or `openai`; older rows have none. */
  protocol: string | null;
}

const MAX_ID = 256;
const MAX_PATH = 4096;
const MAX_FILES = 200;
const REQUESTS = new Set(["api_req_started", "subagent_usage"]);
const EDITS = new Set(["editedExistingFile", "newFileCreated", "fileDeleted", "appliedDiff", "searchAndReplace", "insertContent"]);

/** The records of a task; a string tells of a request that cannot be read. */
export function* taskRecords(rows: unknown, taskId: string, sides: TaskSides, dialect: Dialect): Generator<SourceRecord | string> {
  let current: SourceRecord | null = null;
  for (const row of objects(rows)) {
    if (row["type"] === "say" && REQUESTS.has(row["say"] as string)) {
      if (current !== null) yield current;
      const found = toRecord(row, taskId, sides, dialect);
      if (typeof found === "string") yield found;
      current = typeof found === "string" ? null : found;
    } else if (current !== null && (row["say"] === "tool" || row["ask"] === "tool") && row["partial"] !== true) {
      const paths = editedPaths(row["text"]);
      if (paths.length > 0) current.files = [...new Set([...current.files, ...paths])].slice(0, MAX_FILES);
    }
  }
  if (current !== null) yield current;
}

function toRecord(row: Fields, taskId: string, sides: TaskSides, dialect: Dialect): SourceRecord | string | null {
  const told = parsed(row["text"]);
  if (told === null) return "the text of a request is not JSON";
  const atMs = unixMs(row["ts"]);
  const tokensIn = count(told["tokensIn"]);
  const output = count(told["tokensOut"]);
  const cacheReads = count(told["cacheReads"]);
  const cacheWrites = count(told["cacheWrites"]);
  const sum = tokensIn + output + cacheReads + cacheWrites;
  if (Number.isNaN(sum)) return BAD_COUNTER;
  // Asked and not answered yet, or never.
  if (sum === 0) return null;
  if (atMs === null) return "no valid time";
  const info = fields(row["modelInfo"]);
  const named = text(info?.["modelId"], MAX_ID);
  const beside = named === null ? sides.modelAt(atMs) : null;
  const provider = text(info?.["providerId"], MAX_ID) ?? beside?.provider ?? null;
  const model = named ?? beside?.model ?? "unknown";
  const protocol = text(told["apiProtocol"], MAX_ID);
  const { input, cacheWrite } = dialect.input({ tokensIn, cacheReads, cacheWrites, atMs, provider, protocol });
  const counters: Counters = {
    input,
    output,
    reasoning: 0,
    cacheRead: cacheReads,
    cacheWrite5m: cacheWrite,
    cacheWrite1h: 0,
    webSearches: 0,
  };
  return {
    // Tasks are folders named by their ids, and the time of a row is its id within one.
    key: `${taskId}:${atMs}`,
    variant: "",
    tool: dialect.id,
    provider: providerOf(provider === dialect.anyService ? null : provider, model, provider ?? "unknown"),
    model,
    sessionId: taskId,
    atMs,
    counters,
    fast: false,
    cwd: sides.cwd,
    loggedBranch: null,
    loggedCommit: null,
    reportedNanoUsd: nanoUsd(told["cost"]),
    approximate: named === null && beside?.isCertain !== true,
    files: [],
  };
}

/** Paths are relative to the task's folder. What was written is not kept. */
function editedPaths(said: unknown): string[] {
  const tool = parsed(said);
  if (tool === null || !EDITS.has(tool["tool"] as string)) return [];
  const paths: (string | null)[] = [text(tool["path"], MAX_PATH)];
  eachFields(tool["batchDiffs"], (part) => paths.push(text(part["path"], MAX_PATH)));
  return paths.filter((path) => path !== null);
}

function parsed(said: unknown): Fields | null {
  if (typeof said !== "string") return null;
  try {
    return fields(JSON.parse(said));
  } catch {
    // Reported by the caller where it matters; the parser's message would quote it.
    return null;
  }
}

function objects(list: unknown): Fields[] {
  const found: Fields[] = [];
  eachFields(list, (item) => found.push(item));
  return found;
}
