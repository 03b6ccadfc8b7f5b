/**
 * The updates of a Grok Build session to records. Since the middle of 2026 a turn ends with what its calls used in sum, for each model. What went
 * before tells no more than how large the context is (`_meta.totalTokens`): what it grew by in a turn was new to the model once at least, so it
 * is taken as input, a lower bound of tokens and of cost, and marked as an estimate. A fork copies the updates of the session that it came from,
 * with the ids of their prompts, so these are the keys.
 * A turn of a subagent is in a session of its own. Some versions add it to the turn that started it and some do not, and nothing in the log tells
 * which: it is skipped, and counted as such.
 */
import type { Counters, SourceRecord } from "../core/record.ts";
import { count, type Fields, fields, text, timeMs, unixMs } from "./fields.ts";
import { BAD_COUNTER, eachFields, lineFields, NOT_JSON } from "./json-line.ts";
import type { LineState } from "./lines.ts";
import type { Sink } from "./source.ts";
import { part } from "./split.ts";

const MAX_ID = 256;
const MAX_PATH = 4096;
const MAX_FILES = 200;
/** Characters of paths that are kept until a turn ends. */
const MAX_FILE_CHARS = 30_000;
/** By then, turns told what they used. */
const USAGE_SINCE_MS = Date.UTC(2026, 6, 1);
/** A cost is logged in units of 10^-10 dollars. */
const TICKS_PER_NANO_USD = 10;
const MAX_TICKS = 1e16;
/** Calls are split from here on, so that their sum is not priced as one long prompt. */
const LONG_TOKENS = 100_000;
const MAX_CALLS = 500;
const EDITING_TOOLS = new Set(["search_replace", "write", "write_file", "edit", "edit_file"]);

export interface GrokSummary {
  /** The session's. */
  id: string;
  cwd: string | null;
  branch: string | null;
  commit: string | null;
  model: string | null;
  isSubagent: boolean;
}

/** What has happened in the turn so far. */
interface Turn {
  prompt: string | null;
  /** Size of the context when the turn began, and now. */
  began: number;
  size: number;
  files: string[];
}

export class GrokSession implements LineState {
  readonly #summary: GrokSummary;
  readonly #sink: Sink;
  #turn: Turn = { prompt: null, began: 0, size: 0, files: [] };

  constructor(summary: GrokSummary, sink: Sink) {
    this.#summary = summary;
    this.#sink = sink;
  }

  save(): string {
    return JSON.stringify(this.#turn);
  }

  restore(saved: string): void {
    this.#turn = JSON.parse(saved) as Turn;
  }

  /** Takes one line; returns why it is bad, or null. */
  read(bytes: Buffer, start: number, end: number): string | null {
    const line = lineFields(bytes, start, end);
    if (line === null) return NOT_JSON;
    const params = fields(line["params"]);
    const update = fields(params?.["update"]);
    const meta = fields(params?.["_meta"]);
    if (update === null) return null;
    const atMs = unixMs(meta?.["agentTimestampMs"]) ?? unixMs(line["timestamp"], "s") ?? timeMs(line["timestamp"]);
    this.#grow(text(meta?.["promptId"], MAX_ID), count(meta?.["totalTokens"]), atMs);
    if (update["sessionUpdate"] === "tool_call") this.#edit(update);
    return update["sessionUpdate"] === "turn_completed" ? this.#complete(update, text(meta?.["eventId"], MAX_ID), atMs) : null;
  }

  #grow(prompt: string | null, size: number, atMs: number | null): void {
    if (prompt === null || !(size > 0)) return;
    if (prompt !== this.#turn.prompt) this.#turn = { prompt, began: this.#turn.size, size: this.#turn.size, files: [] };
    // Compacted: what is left was read anew.
    if (size < this.#turn.size / 2) this.#turn.began = 0;
    if (size === this.#turn.size) return;
    this.#turn.size = size;
    if (atMs !== null && atMs < USAGE_SINCE_MS) this.#estimate(prompt, atMs);
  }

  #estimate(prompt: string, atMs: number): void {
    const input = this.#turn.size - this.#turn.began;
    if (input <= 0 || this.#summary.isSubagent) return;
    const model = this.#summary.model ?? "unknown";
    this.#record(`${prompt}:${model}`, null, model, atMs, { ...NOTHING, input }, null, true);
  }

  #complete(update: Fields, eventId: string | null, atMs: number | null): string | null {
    const usage = fields(update["usage"]);
    const prompt = text(update["prompt_id"], MAX_ID) ?? eventId;
    if (prompt === null) return usage === null ? null : "no prompt id";
    if (atMs === null) return "no valid time";
    if (usage === null) {
      if (prompt === this.#turn.prompt) this.#estimate(prompt, atMs);
      return null;
    }
    const byModel = Object.entries(fields(usage["modelUsage"]) ?? {});
    const isAssumed = byModel.length === 0;
    if (isAssumed) byModel.push([this.#summary.model ?? "unknown", usage]);
    for (const [model, used] of byModel) {
      const told = fields(used);
      const counters = told === null ? null : toCounters(told);
      if (told === null || counters === null || text(model, MAX_ID) === null) return BAD_COUNTER;
      const prompted = counters.input + counters.cacheRead + counters.cacheWrite5m;
      if (prompted + counters.output === 0) continue;
      if (this.#summary.isSubagent) return "a turn of a subagent, which the turn that started it may hold";
      const calls = prompted > LONG_TOKENS ? Math.min(MAX_CALLS, Math.max(1, count(told["modelCalls"]) || 1)) : 1;
      for (let nth = 0; nth < calls; nth++) {
        const share = part(counters, ticksToNanoUsd(told["costUsdTicks"]), nth, calls);
        const key = nth === 0 ? `${prompt}:${model}` : `${prompt}:${model}:${nth}`;
        this.#record(key, "", model, atMs, share.counters, share.nanoUsd, isAssumed || calls > 1);
      }
    }
    this.#turn.files = [];
    return null;
  }

  #edit(update: Fields): void {
    const name = text(fields(fields(update["_meta"])?.["x.ai/tool"])?.["name"], MAX_ID) ?? update["title"];
    if (update["kind"] !== "edit" && !EDITING_TOOLS.has(name as string)) return;
    const raw = fields(update["rawInput"]);
    const paths = [text(raw?.["file_path"], MAX_PATH) ?? text(raw?.["path"], MAX_PATH)];
    eachFields(update["locations"], (location) => paths.push(text(location["path"], MAX_PATH)));
    const { files } = this.#turn;
    let chars = files.reduce((sum, path) => sum + path.length, 0);
    for (const path of paths) {
      if (path === null || files.includes(path) || files.length >= MAX_FILES || chars + path.length > MAX_FILE_CHARS) continue;
      files.push(path);
      chars += path.length;
    }
  }

  #record(
    key: string,
    variant: string | null,
    model: string,
    atMs: number,
    counters: Counters,
    nanoUsd: number | null,
    approximate: boolean,
  ): void {
    const record: SourceRecord = {
      key,
      variant,
      tool: "grok",
      provider: "x-ai",
      model,
      sessionId: this.#summary.id,
      atMs,
      counters,
      fast: false,
      cwd: this.#summary.cwd,
      loggedBranch: this.#summary.branch,
      loggedCommit: this.#summary.commit,
      reportedNanoUsd: nanoUsd === 0 ? null : nanoUsd,
      approximate,
      files: [...this.#turn.files],
    };
    this.#sink.record(record);
  }
}

const NOTHING: Counters = { input: 0, output: 0, reasoning: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, webSearches: 0 };

/** Input includes what was read from and written to the cache, output includes reasoning: in recorded turns the two add up to the total. */
function toCounters(used: Fields): Counters | null {
  const cacheRead = count(used["cachedReadTokens"]);
  const cacheWrite5m = count(used["cacheCreationTokens"]);
  const input = Math.max(0, count(used["inputTokens"]) - cacheRead - cacheWrite5m);
  const counters = {
    ...NOTHING,
    input,
    output: count(used["outputTokens"]),
    reasoning: count(used["reasoningTokens"]),
    cacheRead,
    cacheWrite5m,
  };
  return Number.isNaN(input + counters.output + counters.reasoning) ? null : counters;
}

function ticksToNanoUsd(ticks: unknown): number | null {
  if (typeof ticks !== "number" || !(ticks > 0 && ticks <= MAX_TICKS)) return null;
  return Math.round(ticks / TICKS_PER_NANO_USD);
}
