/**
 * The events of a Copilot CLI session (`events.jsonl`). Shapes as in the CLI's own schema, which github/copilot-sdk publishes
 * (session-events.schema.json). A response is an `assistant.message` (several, where it is long) with its output tokens only; the rest is known
 * when the session is left: `session.shutdown` holds the sums of each model since it was entered.
 */
import type { SourceRecord } from "../core/record.ts";
import { isExported } from "./copilot-exported.ts";
import { copilotFiles } from "./copilot-files.ts";
import { type CopilotPlace, isSession, NOWHERE, placeIn, sessionFromPath } from "./copilot-place.ts";
import { Segment } from "./copilot-segment.ts";
import { copilotCounters, creditsToNanoUsd } from "./copilot-usage.ts";
import { count, type Fields, fields, text, timeMs } from "./fields.ts";
import { BAD_COUNTER, lineFields, NOT_JSON } from "./json-line.ts";
import { readLines } from "./lines.ts";
import type { Position, Sink, SourceFile } from "./source.ts";

const MAX_ID = 512;
const MAX_NAME = 256;
const WORDS = ['"session.', '"assistant.message"'];

export function readSession(file: SourceFile, from: Position | null, sink: Sink, all: readonly SourceFile[]): Iterable<Position> {
  const session = new Session(file.path, sink, all);
  return readLines(file, from, WORDS, (bytes, start, end) => session.read(lineFields(bytes, start, end)), sink, session);
}

class Session {
  readonly #sink: Sink;
  readonly #exports: readonly string[];
  readonly #segment = new Segment();
  #id: string;
  #model: string | null = null;
  #place: CopilotPlace = NOWHERE;
  /** Whether an export tells of the session; looked up when it matters, which is seldom. */
  #isExported: boolean | null = null;

  constructor(path: string, sink: Sink, all: readonly SourceFile[]) {
    this.#sink = sink;
    this.#exports = all.flatMap((file) => (isSession(file.path) ? [] : [file.path]));
    this.#id = sessionFromPath(path);
  }

  save(): string {
    return JSON.stringify([this.#id, this.#model, this.#place, this.#segment.save()]);
  }

  restore(saved: string): void {
    const [id, model, place, segment] = JSON.parse(saved) as [string, string | null, CopilotPlace, unknown];
    this.#id = id;
    this.#model = model;
    this.#place = place;
    this.#segment.restore(segment);
  }

  /** Takes one event; returns why it is bad, or null. */
  read(event: Fields | null): string | null {
    if (event === null) return NOT_JSON;
    const data = fields(event["data"]);
    if (data === null) return null;
    switch (event["type"]) {
      case "session.start":
      case "session.resume":
        // Entered anew: what was not summed up by now never will be.
        this.#segment.clear();
        this.#id = text(data["sessionId"], MAX_NAME) ?? this.#id;
        this.#model = text(data["selectedModel"], MAX_NAME) ?? this.#model;
        this.#place = placeIn(data["context"]) ?? this.#place;
        return null;
      case "session.context_changed":
        this.#place = placeIn(data) ?? this.#place;
        return null;
      case "session.model_change":
        this.#model = text(data["newModel"], MAX_NAME) ?? this.#model;
        return null;
      case "assistant.message":
        return this.#message(event, data);
      case "session.shutdown":
        return this.#shutdown(event, data);
      default:
        return null;
    }
  }

  #message(event: Fields, data: Fields): string | null {
    const atMs = timeMs(event["timestamp"]);
    if (atMs === null) return "no valid time";
    const output = count(data["outputTokens"]);
    if (Number.isNaN(output)) return BAD_COUNTER;
    const shared = text(data["serviceRequestId"], MAX_ID) ?? text(data["apiCallId"], MAX_ID);
    const key = shared ?? text(data["messageId"], MAX_ID) ?? text(event["id"], MAX_ID);
    if (key === null) return "no message id";
    if (shared === null && this.#exports.length > 0)
      return this.#tellsExport() ? null : "no request id: it may be in the OpenTelemetry export as well";
    const model = text(data["model"], MAX_NAME) ?? this.#model ?? "unknown";
    this.#segment.add(model, key, atMs, output);
    this.#record(key, model, atMs, { output }, null, copilotFiles(data["toolRequests"]));
    return null;
  }

  #shutdown(event: Fields, data: Fields): string | null {
    const sums = [];
    for (const [model, metrics] of Object.entries(fields(data["modelMetrics"]) ?? {})) {
      const usage = fields(fields(metrics)?.["usage"]);
      if (usage === null) continue;
      const counters = copilotCounters({
        prompt: usage["inputTokens"],
        output: usage["outputTokens"],
        reasoning: usage["reasoningTokens"],
        read: usage["cacheReadTokens"],
        written: usage["cacheWriteTokens"],
      });
      if (counters === null || text(model, MAX_NAME) === null) return BAD_COUNTER;
      sums.push({ model, counters, nanoUsd: creditsToNanoUsd(fields(metrics)?.["totalNanoAiu"]) });
    }
    const atMs = timeMs(event["timestamp"]);
    const id = text(event["id"], MAX_ID);
    if (sums.length === 0) return null;
    if (atMs === null) return "no valid time";
    if (id === null) return "no event id";
    if (!this.#tellsExport()) {
      for (const { model, counters, nanoUsd } of sums) {
        const { borne, unborne } = this.#segment.share(model, counters, nanoUsd);
        for (const share of borne) this.#record(share.key, model, share.atMs, share.counters, share.nanoUsd);
        for (const [nth, share] of unborne.entries()) this.#record(`${id}:${model}:${nth}`, model, atMs, share.counters, share.nanoUsd);
      }
    }
    this.#segment.clear();
    return null;
  }

  #tellsExport(): boolean {
    return (this.#isExported ??= isExported(this.#id, this.#exports));
  }

  #record(
    key: string,
    model: string,
    atMs: number,
    counters: Partial<SourceRecord["counters"]>,
    nanoUsd: number | null,
    files: readonly string[] = [],
  ): void {
    this.#sink.record({
      key,
      variant: "",
      tool: "copilot",
      provider: "github-copilot",
      model,
      sessionId: this.#id,
      atMs,
      counters: { input: 0, output: 0, reasoning: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, webSearches: 0, ...counters },
      fast: false,
      cwd: this.#place.cwd,
      loggedBranch: this.#place.branch,
      loggedCommit: this.#place.commit,
      reportedNanoUsd: nanoUsd === 0 ? null : nanoUsd,
      // The input is missing, or was shared out.
      approximate: true,
      files,
    });
  }
}
