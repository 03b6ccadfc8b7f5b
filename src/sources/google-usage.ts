/** The counters of Google's API, as Gemini CLI and its descendant Qwen Code log them. */
import type { Counters } from "../core/record.ts";
import { count, type Fields } from "./fields.ts";

/** Which field holds what; `tool` may be missing. */
export interface GoogleNames {
  prompt: string;
  candidates: string;
  cached: string;
  thoughts: string;
  tool: string;
  total: string;
}

export interface GoogleCount {
  counters: Counters;
  /** Only the total was logged: all of it is counted as input. */
  approximate: boolean;
}

/**
 * Null when any is not a count. Google's prompt includes what was read from the cache, and its thoughts come on top of the candidates. Agents
 * that speak to other providers keep the names with other meanings (Qwen Code puts OpenAI's `completion_tokens`, which include the thoughts, into
 * the candidates; its openaiContentGenerator/converter.ts): the logged total tells which, by what the parts must add up to.
 */
export function googleCount(usage: Fields, names: GoogleNames): GoogleCount | null {
  const prompt = count(usage[names.prompt]);
  const candidates = count(usage[names.candidates]);
  const cached = count(usage[names.cached]);
  const thoughts = count(usage[names.thoughts]);
  const tool = count(usage[names.tool]);
  const total = count(usage[names.total]);
  if (Number.isNaN(prompt + candidates + cached + thoughts + tool + total)) return null;
  const isBare = prompt + candidates + cached + thoughts + tool === 0;
  const rest = total - prompt - candidates - tool;
  const differs = total > 0 && rest !== thoughts;
  const thoughtsInside = differs && (rest === 0 || rest === cached);
  const cachedOutside = cached > prompt || (differs && cached > 0 && (rest === cached || rest === cached + thoughts));
  const output = candidates + (thoughtsInside ? 0 : thoughts);
  return {
    counters: {
      input: isBare ? total : prompt + tool - (cachedOutside ? 0 : cached),
      output,
      reasoning: Math.min(thoughts, output),
      cacheRead: cached,
      cacheWrite5m: 0,
      cacheWrite1h: 0,
      webSearches: 0,
    },
    approximate: isBare && total > 0,
  };
}
