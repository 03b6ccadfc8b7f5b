/** Copilot's counters and credits, which session logs and exports give under different names. */
import type { Counters } from "../core/record.ts";
import { count } from "./fields.ts";

/** Foreign values of unknown type. */
export interface CopilotUsage {
  /** Includes what was read from and written to the cache (in recorded spans, cost and counters agree only so). */
  prompt: unknown;
  /** Includes reasoning. */
  output: unknown;
  reasoning: unknown;
  read: unknown;
  written: unknown;
}

/** Null when any is not a count. */
export function copilotCounters(usage: CopilotUsage): Counters | null {
  const read = count(usage.read);
  const written = count(usage.written);
  const counters: Counters = {
    input: Math.max(0, count(usage.prompt) - read - written),
    output: count(usage.output),
    reasoning: count(usage.reasoning),
    cacheRead: read,
    cacheWrite5m: written,
    cacheWrite1h: 0,
    webSearches: 0,
  };
  const sum = counters.input + counters.output + counters.reasoning + read + written;
  return Number.isNaN(sum) ? null : counters;
}

/** GitHub bills credits of one cent; logs count them in billionths (`nano AIU`). */
const NANO_CREDITS_PER_NANO_USD = 100;
const MAX_NANO_CREDITS = 1e17;

/** Nano-dollars, or null where nothing was billed or the value is none. */
export function creditsToNanoUsd(nanoCredits: unknown): number | null {
  if (typeof nanoCredits !== "number" || !(nanoCredits > 0 && nanoCredits <= MAX_NANO_CREDITS)) return null;
  return Math.round(nanoCredits / NANO_CREDITS_PER_NANO_USD) || null;
}
