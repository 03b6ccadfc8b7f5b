/** Codex's token counters: cumulative ones, differences of them, and what is billed of a difference. */
import type { Counters } from "../core/record.ts";
import { count, type Fields } from "./fields.ts";

/** Input (cache included), read from a cache, written to a cache, output (reasoning included), reasoning. */
export type Tokens = readonly [input: number, cached: number, written: number, output: number, reasoning: number];

export const NO_TOKENS: Tokens = [0, 0, 0, 0, 0];

/** Null when any is not a count. After Codex's own names, what other writers of `--json` output call them. */
export function toTokens(usage: Fields): Tokens | null {
  const input = count(usage["input_tokens"] ?? usage["prompt_tokens"] ?? usage["input"]);
  const cached = count(usage["cached_input_tokens"] ?? usage["cached_tokens"] ?? usage["cache_read_input_tokens"]);
  const written = count(usage["cache_write_input_tokens"] ?? usage["cache_creation_input_tokens"]);
  const output = count(usage["output_tokens"] ?? usage["completion_tokens"] ?? usage["output"]);
  const reasoning = count(usage["reasoning_output_tokens"] ?? usage["reasoning_tokens"]);
  return Number.isNaN(input + cached + written + output + reasoning) ? null : [input, cached, written, output, reasoning];
}

export function plus(a: Tokens, b: Tokens): Tokens {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2], a[3] + b[3], a[4] + b[4]];
}

/** `a` without `b`, each counter at least 0. */
export function minus(a: Tokens, b: Tokens): Tokens {
  const less = (nth: 0 | 1 | 2 | 3 | 4) => Math.max(0, a[nth] - b[nth]);
  return [less(0), less(1), less(2), less(3), less(4)];
}

/** Whether no counter of `a` exceeds that of `b`. */
export function isWithin(a: Tokens, b: Tokens): boolean {
  return a.every((value, nth) => value <= (b[nth] as number));
}

export function isSame(a: Tokens, b: Tokens): boolean {
  return a.every((value, nth) => value === b[nth]);
}

/** Whether there is something to bill. */
export function isBilled(tokens: Tokens): boolean {
  return tokens[0] > 0 || tokens[1] > 0 || tokens[3] > 0;
}

/** Codex counts what was read from or written to a cache as input too. */
export function toCounters([input, cached, written, output, reasoning]: Tokens): Counters {
  const cacheRead = Math.min(cached, input);
  const cacheWrite5m = Math.min(written, input - cacheRead);
  return {
    input: input - cacheRead - cacheWrite5m,
    output,
    reasoning: Math.min(reasoning, output),
    cacheRead,
    cacheWrite5m,
    cacheWrite1h: 0,
    webSearches: 0,
  };
}
