/**
 * One message of a Codebuff chat to a record. What a response used is in its metadata, or in the history of the run that it holds, of which the
 * last entry is its own: the last of the calls that it took, so that such a record is an estimate. Codebuff bills credits, which are no dollars: they are not kept, and a response that tells nothing else is a gap.
 */
import { providerOf } from "../core/providers.ts";
import type { Counters, SourceRecord } from "../core/record.ts";
import { count, type Fields, fields, text, timeMs, unixMs } from "./fields.ts";
import { BAD_COUNTER, eachFields } from "./json-line.ts";

const MAX_ID = 256;
const MAX_PATH = 4096;
const MAX_FILES = 200;
/** Agents that started agents; deeper than this nobody goes. */
const MAX_DEPTH = 8;
const ANSWERS = new Set(["ai", "agent", "assistant"]);
const EDITING_TOOLS = new Set(["write_file", "str_replace", "edit_file"]);

export interface CodebuffChat {
  /** The time it began, with `-` for `:`. */
  id: string;
  cwd: string | null;
}

/** The record of a message; null when it is no response or not done; a string says why it is unreadable. */
export function codebuffRecord(message: Fields, chat: CodebuffChat): SourceRecord | string | null {
  if (!ANSWERS.has((message["variant"] ?? message["role"]) as string)) return null;
  const metadata = fields(message["metadata"]);
  const told = usageOf(metadata);
  const counters = told === null ? null : toCounters(told.usage);
  if (told !== null && counters === null) return BAD_COUNTER;
  if (counters === null || sumOf(counters) === 0) return count(message["credits"]) > 0 ? "credits, but no tokens" : null;
  const id = text(message["id"], MAX_ID);
  const atMs = timeOf(message["timestamp"]) ?? timeOf(metadata?.["timestamp"]) ?? timeInId(id) ?? timeOfChat(chat.id);
  if (atMs === null) return "no valid time";
  const model = [metadata?.["model"], metadata?.["modelId"], fields(metadata?.["codebuff"])?.["model"], told?.model]
    .map((name) => text(name, MAX_ID))
    .find((name) => name !== null);
  const { input, output, cacheRead, cacheWrite5m } = counters;
  return {
    key: `${chat.id}:${id ?? [atMs, input, output, cacheRead, cacheWrite5m].join(":")}`,
    variant: "",
    tool: "codebuff",
    provider: providerOf(null, model ?? "", "codebuff"),
    model: model ?? "unknown",
    sessionId: chat.id,
    atMs,
    counters,
    fast: false,
    cwd: cwdOf(fields(metadata?.["runState"])) ?? chat.cwd,
    loggedBranch: null,
    loggedCommit: null,
    reportedNanoUsd: null,
    approximate: model === undefined || told?.isLastCall === true,
    files: editedFiles(message["blocks"]),
  };
}

/** Where the run stood, as its state says. */
export function cwdOf(run: Fields | null): string | null {
  const session = fields(run?.["sessionState"]);
  const places = [fields(session?.["projectContext"]), fields(session?.["fileContext"]), session, run];
  return places.map((place) => text(place?.["cwd"], MAX_PATH)).find((cwd) => cwd !== null) ?? null;
}

interface Told {
  usage: Fields;
  model: unknown;
  isLastCall: boolean;
}

function usageOf(metadata: Fields | null): Told | null {
  const direct = fields(metadata?.["usage"]) ?? fields(fields(metadata?.["codebuff"])?.["usage"]);
  if (direct !== null) return { usage: direct, model: null, isLastCall: false };
  const session = fields(fields(metadata?.["runState"])?.["sessionState"]);
  let last: Told | null = null;
  eachFields(fields(session?.["mainAgentState"])?.["messageHistory"], (entry) => {
    const options = fields(entry["providerOptions"]);
    const own = fields(options?.["codebuff"]);
    const usage = fields(options?.["usage"]) ?? fields(own?.["usage"]);
    if (entry["role"] === "assistant" && usage !== null) last = { usage, model: own?.["model"], isLastCall: true };
  });
  return last;
}

/** Names as services give them. The cached part of a prompt is told apart from it (Anthropic), or as a detail of it (OpenAI). */
function toCounters(usage: Fields): Counters | null {
  const first = (...names: string[]) => count(names.map((name) => usage[name]).find((value) => value !== undefined && value !== null));
  const details = fields(usage["promptTokensDetails"]) ?? fields(usage["prompt_tokens_details"]);
  const within = count(details?.["cachedTokens"] ?? details?.["cached_tokens"]);
  const counters: Counters = {
    input: Math.max(0, first("inputTokens", "input_tokens", "promptTokens", "prompt_tokens") - within),
    output: first("outputTokens", "output_tokens", "completionTokens", "completion_tokens"),
    reasoning: 0,
    cacheRead: within > 0 ? within : first("cacheReadInputTokens", "cache_read_input_tokens"),
    cacheWrite5m: first("cacheCreationInputTokens", "cache_creation_input_tokens"),
    cacheWrite1h: 0,
    webSearches: 0,
  };
  return Number.isNaN(sumOf(counters) + within) ? null : counters;
}

function sumOf({ input, output, cacheRead, cacheWrite5m }: Counters): number {
  return input + output + cacheRead + cacheWrite5m;
}

function timeOf(value: unknown): number | null {
  return timeMs(value) ?? unixMs(value);
}

/** Ids are made of a word, the time and chance: `ai-1777629600000-x1y2`. */
function timeInId(id: string | null): number | null {
  const found = id === null ? null : /(?:^|\D)(\d{13})(?:\D|$)/.exec(id);
  return found === null ? null : unixMs(Number(found[1]));
}

function timeOfChat(id: string): number | null {
  return timeMs(id.replace(/T(\d\d)-(\d\d)-(\d\d)/, "T$1:$2:$3"));
}

function editedFiles(blocks: unknown): readonly string[] {
  const files = new Set<string>();
  const visit = (list: unknown, depth: number) =>
    eachFields(list, (block) => {
      if (depth < MAX_DEPTH && block["type"] === "agent") visit(block["blocks"], depth + 1);
      if (block["type"] !== "tool" || !EDITING_TOOLS.has(block["toolName"] as string) || files.size >= MAX_FILES) return;
      const path = text(fields(block["input"])?.["path"], MAX_PATH);
      if (path !== null) files.add(path);
    });
  visit(blocks, 0);
  return [...files];
}
