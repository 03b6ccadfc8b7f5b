/**
 * An Amp thread to records. Older threads have a ledger of what was billed, with the cache counters in the message that an event paid for; newer ones
 * have the usage in the messages alone. Where there is a ledger, the messages are not added: a message is the replay of the event that paid for it,
 * also if the ledger comes later. Credits are no dollars, and are not kept.
 */
import { fileURLToPath } from "node:url";
import { providerOf } from "../core/providers.ts";
import type { Counters, SourceRecord } from "../core/record.ts";
import { count, type Fields, fields, text, timeMs, unixMs } from "./fields.ts";
import { BAD_COUNTER, eachFields } from "./json-line.ts";

const MAX_ID = 256;
const MAX_PATH = 4096;
const MAX_FILES = 200;
const EDITING_TOOLS = new Set(["edit_file", "create_file"]);

type Base = Pick<SourceRecord, "sessionId" | "cwd" | "loggedBranch" | "loggedCommit">;

interface Message {
  id: string | null;
  usage: Fields;
  model: string | null;
  atMs: number | null;
  files: readonly string[];
}

/** The records of a thread; a string tells of one that cannot be read. */
export function* ampRecords(document: unknown): Generator<SourceRecord | string> {
  const thread = fields(document);
  if (thread === null) return;
  const sessionId = text(thread["id"], MAX_ID);
  if (sessionId === null) return;
  const base: Base = { sessionId, ...placeOf(thread) };
  const messages = messagesOf(thread);
  const byId = new Map(messages.map((message) => [message.id, message]));
  let events = 0;
  for (const event of objects(fields(thread["usageLedger"])?.["events"])) {
    events++;
    const paidFor = byId.get(idOf(event["toMessageId"]));
    yield fromEvent(base, event, paidFor);
  }
  if (events > 0) return;
  for (const message of messages) {
    const found = fromMessage(base, message);
    if (found !== null) yield found;
  }
}

function fromEvent(base: Base, event: Fields, paidFor: Message | undefined): SourceRecord | string {
  const tokens = fields(event["tokens"]) ?? {};
  const usage = paidFor?.usage ?? {};
  const told = count(tokens["input"]) + count(tokens["output"]);
  // A total alone is not split: as input it costs the least.
  const isTotal = told === 0;
  const counters: Counters = {
    ...NOTHING,
    input: isTotal ? count(tokens["total"]) : count(tokens["input"]),
    output: count(tokens["output"]),
    cacheRead: count(usage["cacheReadInputTokens"]),
    cacheWrite5m: count(usage["cacheCreationInputTokens"]),
  };
  const model = text(event["model"], MAX_ID);
  const atMs = timeMs(event["timestamp"]);
  const id = idOf(event["id"]);
  const to = idOf(event["toMessageId"]);
  if (Number.isNaN(sumOf(counters))) return BAD_COUNTER;
  if (model === null) return "no model";
  if (atMs === null) return "no valid time";
  if (id === null && to === null) return "no event id";
  return {
    ...record(base, to === null ? `event:${id}` : `message:${to}`, model, atMs, counters),
    variant: id ?? "",
    approximate: isTotal,
    files: paidFor?.files ?? [],
  };
}

function fromMessage(base: Base, { id, usage, model, atMs, files }: Message): SourceRecord | string | null {
  const cacheRead = count(usage["cacheReadInputTokens"]);
  const cacheWrite5m = count(usage["cacheCreationInputTokens"]);
  const whole = count(usage["totalInputTokens"]);
  const input = whole > 0 ? Math.max(0, whole - cacheRead - cacheWrite5m) : count(usage["inputTokens"]);
  const counters: Counters = { ...NOTHING, input, output: count(usage["outputTokens"]), cacheRead, cacheWrite5m };
  const sum = sumOf(counters);
  if (Number.isNaN(sum) || Number.isNaN(whole)) return BAD_COUNTER;
  if (sum === 0) return null;
  if (model === null) return "no model";
  if (atMs === null) return "no valid time";
  const key = id === null ? `${atMs}:${model}:${input}:${counters.output}:${cacheRead}:${cacheWrite5m}` : `message:${id}`;
  return { ...record(base, key, model, atMs, counters), variant: null, files };
}

function record(base: Base, key: string, model: string, atMs: number, counters: Counters): SourceRecord {
  return {
    ...base,
    key: `${base.sessionId}:${key}`,
    variant: null,
    tool: "amp",
    provider: providerOf(null, model, "amp"),
    model,
    atMs,
    counters,
    fast: false,
    reportedNanoUsd: null,
    approximate: false,
    files: [],
  };
}

/** The assistant's messages that have a usage. */
function messagesOf(thread: Fields): Message[] {
  // Messages without a time of their own came after the one before them.
  let lastMs = unixMs(thread["created"]);
  const found: Message[] = [];
  for (const message of objects(thread["messages"])) {
    const usage = fields(message["usage"]);
    const sentMs = unixMs(fields(message["meta"])?.["sentAt"]);
    const atMs = timeMs(usage?.["timestamp"]) ?? timeMs(message["timestamp"]) ?? sentMs ?? lastMs;
    lastMs = atMs;
    if (message["role"] !== "assistant" || usage === null) continue;
    const model = text(usage["model"], MAX_ID) ?? text(message["model"], MAX_ID);
    found.push({ id: idOf(message["messageId"]), usage, model, atMs, files: editedFiles(message["content"]) });
  }
  return found;
}

function objects(list: unknown): Fields[] {
  const found: Fields[] = [];
  eachFields(list, (item) => found.push(item));
  return found;
}

/** Ids are texts or numbers. */
function idOf(value: unknown): string | null {
  return typeof value === "number" && Number.isInteger(value) ? String(value) : text(value, MAX_ID);
}

function editedFiles(content: unknown): readonly string[] {
  const files = new Set<string>();
  eachFields(content, (block) => {
    if (block["type"] !== "tool_use" || !EDITING_TOOLS.has(block["name"] as string) || files.size >= MAX_FILES) return;
    const path = text(fields(block["input"])?.["path"], MAX_PATH);
    if (path !== null) files.add(path);
  });
  return [...files];
}

/** The first folder that was open when the thread began, and what was checked out there. */
function placeOf(thread: Fields): Omit<Base, "sessionId"> {
  const initial = fields(fields(thread["env"])?.["initial"]);
  const [tree] = objects(initial?.["trees"]);
  const repository = fields(tree?.["repository"]);
  const ref = text(repository?.["ref"], MAX_PATH);
  return {
    cwd: pathOf(tree?.["uri"]),
    loggedBranch: ref === null ? null : ref.replace(/^refs\/heads\//, ""),
    loggedCommit: text(repository?.["sha"], MAX_ID),
  };
}

function pathOf(uri: unknown): string | null {
  const told = text(uri, MAX_PATH);
  if (told === null || !told.startsWith("file:")) return null;
  try {
    return fileURLToPath(told);
  } catch {
    // Of another machine, or no URI at all: then the place is not known.
    return null;
  }
}

const NOTHING: Counters = { input: 0, output: 0, reasoning: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, webSearches: 0 };

function sumOf({ input, output, cacheRead, cacheWrite5m }: Counters): number {
  return input + output + cacheRead + cacheWrite5m;
}
