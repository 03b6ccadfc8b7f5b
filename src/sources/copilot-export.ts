/**
 * The OpenTelemetry export of Copilot, of the CLI and of the extension for VS Code: a line is a span or a log record. One call is told of in up to
 * four kinds of lines, and the best counts: the span of the call, the log of the call, the log of a turn, the span of the whole agent. The worse
 * kinds are written after the better ones that they sum up, so that a look back is enough.
 */
import type { SourceRecord } from "../core/record.ts";
import { type CopilotPlace, placesOf } from "./copilot-place.ts";
import { copilotCounters, creditsToNanoUsd } from "./copilot-usage.ts";
import { type Fields, fields, text, timeMs, unixMs } from "./fields.ts";
import { BAD_COUNTER, lineFields, NOT_JSON } from "./json-line.ts";
import { readLines } from "./lines.ts";
import { providerOf } from "../core/providers.ts";
import type { Position, Sink, SourceFile } from "./source.ts";

const MAX_ID = 512;
const WORD = '"gen_ai.usage.';
/** Ids of traces and sessions that are remembered from run to run: a trace is one prompt, and its lines are close together. */
const MAX_SEEN = 400;
const MAX_SEEN_CHARS = 100;
const SESSION_NAMES = [
  "gen_ai.conversation.id",
  "copilot_chat.session_id",
  "copilot_chat.chat_session_id",
  "session.id",
  "github.copilot.interaction_id",
];

/** From the best kind of line to the worst. */
const CALL_SPAN = 0;
const CALL_LOG = 1;
const TURN_LOG = 2;
const AGENT_SPAN = 3;

export function readExport(file: SourceFile, from: Position | null, sink: Sink, all: readonly SourceFile[]): Iterable<Position> {
  const placeOf = placesOf(all);
  /** The best kind seen of each trace and session. */
  const seen = new Map<string, number>();
  const read = (bytes: Buffer, start: number, end: number): string | null => {
    const line = lineFields(bytes, start, end);
    if (line === null) return NOT_JSON;
    const found = toCall(line);
    if (found === null || typeof found === "string") return found;
    const { kind, traceId, sessionId, record } = found;
    // A call's own log is held against the same trace only: calls of one session are many.
    const scopes = kind <= CALL_LOG ? [traceId] : [traceId, sessionId];
    const isTold = scopes.some((id) => id !== null && (seen.get(id) ?? AGENT_SPAN) < kind);
    for (const id of [traceId, sessionId]) {
      if (id === null || id.length > MAX_SEEN_CHARS) continue;
      const best = Math.min(kind, seen.get(id) ?? kind);
      seen.delete(id);
      seen.set(id, best);
    }
    if (!isTold) sink.record(placed(record, placeOf(record.sessionId)));
    return null;
  };
  return readLines(file, from, WORD, read, sink, {
    restore: (saved) => {
      for (const [id, kind] of JSON.parse(saved) as [string, number][]) seen.set(id, kind);
    },
    save: () => {
      for (const id of seen.keys()) {
        if (seen.size <= MAX_SEEN) break;
        seen.delete(id);
      }
      return JSON.stringify([...seen]);
    },
  });
}

interface Call {
  kind: number;
  traceId: string | null;
  sessionId: string | null;
  record: SourceRecord;
}

function toCall(line: Fields): Call | string | null {
  const attributes = fields(line["attributes"]);
  const kind = attributes === null ? null : kindOf(line, attributes);
  if (attributes === null || kind === null) return null;
  const counters = copilotCounters({
    prompt: attributes["gen_ai.usage.input_tokens"],
    output: attributes["gen_ai.usage.output_tokens"],
    reasoning: attributes["gen_ai.usage.reasoning.output_tokens"] ?? attributes["gen_ai.usage.reasoning_tokens"],
    read: attributes["gen_ai.usage.cache_read.input_tokens"],
    written: attributes["gen_ai.usage.cache_write.input_tokens"] ?? attributes["gen_ai.usage.cache_creation.input_tokens"],
  });
  if (counters === null) return BAD_COUNTER;
  if (counters.input + counters.output + counters.cacheRead + counters.cacheWrite5m === 0) return null;
  const atMs = momentMs(line["endTime"]) ?? momentMs(line["startTime"]) ?? momentMs(line["hrTime"]) ?? timeMs(line["timestamp"]);
  if (atMs === null) return "no valid time";
  const context = fields(line["spanContext"]);
  const traceId = text(line["traceId"], MAX_ID) ?? text(context?.["traceId"], MAX_ID);
  const spanId = text(line["spanId"], MAX_ID) ?? text(context?.["spanId"], MAX_ID);
  const sessionId = SESSION_NAMES.map((name) => text(attributes[name], MAX_ID)).find((id) => id !== null) ?? null;
  const span = traceId === null || spanId === null ? null : `${traceId}:${spanId}`;
  const key =
    kind <= CALL_LOG
      ? (text(attributes["github.copilot.service_request_id"], MAX_ID) ?? text(attributes["gen_ai.response.id"], MAX_ID) ?? span)
      : kind === AGENT_SPAN
        ? span
        : `turn:${traceId ?? sessionId}:${atMs}`;
  if (key === null) return "no response id";
  const response = text(attributes["gen_ai.response.model"], MAX_ID);
  const model = response ?? text(attributes["gen_ai.request.model"], MAX_ID) ?? "unknown";
  const record: SourceRecord = {
    key,
    // The session's own event has the same key, knows the place, and wins.
    variant: null,
    tool: "copilot",
    provider: providerOf(text(attributes["gen_ai.provider.name"], MAX_ID) ?? "copilot", model, "github-copilot"),
    model,
    sessionId: sessionId ?? traceId ?? key,
    atMs,
    counters,
    fast: false,
    cwd: null,
    loggedBranch: null,
    loggedCommit: null,
    reportedNanoUsd: creditsToNanoUsd(attributes["github.copilot.nano_aiu"]),
    approximate: kind > CALL_LOG || model === "unknown",
    files: [],
  };
  return { kind, traceId, sessionId, record };
}

function kindOf(line: Fields, attributes: Fields): number | null {
  const name = text(line["name"], MAX_ID);
  const isSpan = line["type"] === "span" || (line["type"] === undefined && name !== null && line["startTime"] !== undefined);
  if (isSpan) {
    const operation = attributes["gen_ai.operation.name"];
    if (operation === "chat" || name?.startsWith("chat ")) return CALL_SPAN;
    // An agent that another one started: the outer span may hold its sum too.
    const isInner = text(line["parentSpanId"], MAX_ID) !== null;
    return operation === "invoke_agent" && !isInner ? AGENT_SPAN : null;
  }
  const event = attributes["event.name"];
  if (event === "gen_ai.client.inference.operation.details") return CALL_LOG;
  return event === "copilot_chat.agent.turn" ? TURN_LOG : null;
}

function placed(record: SourceRecord, { cwd, branch, commit }: CopilotPlace): SourceRecord {
  return { ...record, cwd, loggedBranch: branch, loggedCommit: commit };
}

/** Unix milliseconds of `[seconds, nanoseconds]` or of an RFC 3339 time. */
function momentMs(value: unknown): number | null {
  if (!Array.isArray(value)) return timeMs(value);
  const [seconds, nanos] = value as unknown[];
  if (typeof seconds !== "number" || typeof nanos !== "number") return null;
  return unixMs(seconds * 1000 + Math.floor(nanos / 1e6));
}
