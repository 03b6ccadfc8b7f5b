/**
 * The counters of OpenAI's two protocols under their two sets of names. The prompt includes what was read from and written to the cache, the
 * completion includes reasoning (types `CompletionUsage` and `ResponseUsage` of OpenAI's SDK).
 */
import { count, type Fields, fields } from "../../core/json-fields.ts";
import type { Counters } from "../../core/record.ts";

export interface OpenAiCount {
  counters: Counters;
  /** More was read from the cache than the prompt holds. */
  conflicting: boolean;
  /** OpenRouter and its kind say what it costs; nano-dollars. */
  reportedNanoUsd: number | null;
}

const MAX_USD = 1e6;

/** Null when the object holds no counters. */
export function openAiCount(usage: Fields | null): OpenAiCount | null {
  if (usage === null) return null;
  const pick = (...names: string[]) => names.map((name) => usage[name]).find((value) => value !== undefined && value !== null);
  const prompt = count(pick("prompt_tokens", "input_tokens"));
  const completion = count(pick("completion_tokens", "output_tokens"));
  const read = fields(pick("prompt_tokens_details", "input_tokens_details"));
  const made = fields(pick("completion_tokens_details", "output_tokens_details"));
  const cached = count(read?.["cached_tokens"]);
  const written = count(read?.["cache_write_tokens"]);
  const reasoning = count(made?.["reasoning_tokens"]);
  if (Number.isNaN(prompt + completion + cached + written + reasoning)) return null;
  const counters: Counters = {
    input: Math.max(0, prompt - cached - written),
    output: completion,
    reasoning: Math.min(reasoning, completion),
    cacheRead: cached,
    cacheWrite5m: written,
    cacheWrite1h: 0,
    webSearches: 0,
  };
  const usd = usage["cost"];
  const reportedNanoUsd = typeof usd === "number" && usd > 0 && usd <= MAX_USD ? Math.round(usd * 1e9) || null : null;
  return { counters, conflicting: cached + written > prompt, reportedNanoUsd };
}
