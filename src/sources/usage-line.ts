/** The open format: one JSON object a line, written by any tool. docs/usage-format.md describes it. */
import { isRecordKey, type SourceRecord } from "../core/record.ts";
import { providerOf } from "../core/providers.ts";
import { count, type Fields, fields, text, timeMs } from "./fields.ts";

const MAX_ID = 256;
const MAX_PATH = 4096;
const MAX_FILES = 200;
const TOOL = /^[a-z0-9][a-z0-9._-]{0,63}$/;
const COMMIT = /^[0-9a-f]{7,64}$/;
const MAX_USD = 1_000_000;
const NANO = 1e9;

/** The record in one line; a string says what is wrong with it. Fields that are not named here are ignored. */
export function usageRecord(line: string): SourceRecord | string {
  const found = parse(line);
  if (found === null) return "not a JSON object";
  const tool = text(found["tool"], MAX_ID);
  if (tool === null || !TOOL.test(tool)) return "tool: expected a name in lower case, e.g. my-agent";
  const key = text(found["id"], MAX_ID);
  if (key === null) return "id: expected a text that names this response for ever";
  if (key.startsWith("boba:") && !isRecordKey(key)) return "id: boba: is followed by the 32 hex digits of a record";
  const model = text(found["model"], MAX_ID);
  if (model === null) return "model: expected a name";
  const atMs = timeMs(found["time"]);
  if (atMs === null) return "time: expected e.g. 2026-11-23T14:00:00Z";
  const counters = countersOf(found);
  if (typeof counters === "string") return counters;
  const reportedNanoUsd = dollars(found["reported_usd"]);
  if (reportedNanoUsd === undefined) return "reported_usd: expected US dollars, e.g. 0.0123";
  const commit = text(found["commit"], MAX_ID);
  const files = Array.isArray(found["files"]) ? found["files"].slice(0, MAX_FILES).flatMap((file) => text(file, MAX_PATH) ?? []) : [];
  return {
    key,
    variant: "",
    tool,
    provider: providerOf(text(found["provider"], MAX_ID), model, tool),
    model,
    sessionId: text(found["session"], MAX_ID) ?? key,
    atMs,
    counters,
    fast: found["fast"] === true,
    cwd: text(found["cwd"], MAX_PATH),
    loggedBranch: text(found["branch"], MAX_PATH),
    loggedCommit: commit !== null && COMMIT.test(commit) ? commit : null,
    reportedNanoUsd,
    approximate: found["approximate"] === true,
    files,
  };
}

function parse(line: string): Fields | null {
  try {
    return fields(JSON.parse(line));
  } catch {
    // The caller names the line; the parser's message would quote it.
    return null;
  }
}

const NAMES = {
  input: "input_tokens",
  output: "output_tokens",
  reasoning: "reasoning_tokens",
  cacheRead: "cache_read_tokens",
  cacheWrite5m: "cache_write_5m_tokens",
  cacheWrite1h: "cache_write_1h_tokens",
  webSearches: "web_searches",
} as const satisfies Readonly<Record<keyof SourceRecord["counters"], string>>;

function countersOf(found: Fields): SourceRecord["counters"] | string {
  const counters = { input: 0, output: 0, reasoning: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, webSearches: 0 };
  for (const [name, field] of Object.entries(NAMES) as [keyof typeof NAMES, string][]) {
    counters[name] = count(found[field]);
    if (Number.isNaN(counters[name])) return `${field}: expected a whole number from 0 to 10^12`;
  }
  if (counters.reasoning > counters.output) return "reasoning_tokens: part of output_tokens, so never more";
  return counters;
}

/** Nano-dollars; null for nothing or 0 (a subscription); undefined when it is no amount. */
function dollars(value: unknown): number | null | undefined {
  if (value === undefined || value === null || value === 0) return null;
  return typeof value === "number" && value > 0 && value <= MAX_USD ? Math.round(value * NANO) : undefined;
}
