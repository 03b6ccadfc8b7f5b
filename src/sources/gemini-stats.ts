/** What `gemini --output-format json` and `stream-json` print, saved by the user (in CI, say): sums of a whole run, one a model. */
import { isUsed, type SourceRecord } from "../core/record.ts";
import { count, type Fields, fields, text } from "./fields.ts";
import { googleCount } from "./google-usage.ts";
import { BAD_COUNTER } from "./json-line.ts";

const MAX_ID = 256;
const NAMES = { prompt: "prompt", candidates: "candidates", cached: "cached", thoughts: "thoughts", tool: "tool", total: "total" };
/** Of the sums that `stream-json` gives for a run or a model; there, only the total tells of thoughts. */
const STREAM_NAMES = {
  prompt: "input_tokens",
  candidates: "output_tokens",
  cached: "cached",
  thoughts: "",
  tool: "",
  total: "total_tokens",
};

/** One run: the session's id where it is told, and when it ended (Unix milliseconds). */
export interface GeminiRun {
  sessionId: string | null;
  atMs: number;
}

/**
 * The models of a printed document, `stats` or `result.stats`; null when it is no such document. Early versions of `stream-json` end with sums
 * over all models: they are `model`'s, which its first line names.
 */
export function printedModels(document: Fields, model: string | null): Fields | null {
  const stats = fields(document["stats"]) ?? fields(fields(document["result"])?.["stats"]);
  if (stats === null) return null;
  return fields(stats["models"]) ?? (model === null || stats["total_tokens"] === undefined ? null : { [model]: stats });
}

/** A record for each model of a run; a string says why one is unreadable. */
export function runRecords(models: Fields, run: GeminiRun): (SourceRecord | string)[] {
  return Object.entries(models).flatMap(([name, value]): (SourceRecord | string)[] => {
    const model = text(name, MAX_ID);
    const entry = fields(value);
    if (model === null || entry === null) return [];
    const tokens = fields(entry["tokens"]);
    const api = fields(entry["api"]);
    const found = tokens === null ? googleCount(withThoughts(entry), STREAM_NAMES) : googleCount(tokens, NAMES);
    if (found === null) return [BAD_COUNTER];
    const { counters } = found;
    if (!isUsed(counters)) return [];
    const latencyMs = count(api?.["totalLatencyMs"]);
    return [
      {
        // Printed runs have no id of their own, and older ones no session: counters and the time spent on requests stand for it.
        key: ["run", run.sessionId, model, counters.input, counters.output, counters.cacheRead, latencyMs].join(":"),
        variant: "",
        tool: "gemini",
        provider: "google",
        model,
        sessionId: run.sessionId ?? "headless",
        atMs: run.atMs,
        counters,
        fast: false,
        cwd: null,
        loggedBranch: null,
        loggedCommit: null,
        reportedNanoUsd: null,
        // The price of a long prompt is a matter of single requests.
        approximate: found.approximate || api?.["totalRequests"] !== 1,
        files: [],
      },
    ];
  });
}

/** `output_tokens` are the candidates alone: what the total has beyond them and the prompt was thought (or told by tools). */
function withThoughts(entry: Fields): Fields {
  const input = count(entry["input_tokens"]);
  const more = count(entry["total_tokens"]) - input;
  return more > count(entry["output_tokens"]) ? { ...entry, output_tokens: more } : entry;
}
