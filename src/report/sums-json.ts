/** The fields that every row of `boba.ci/1` and `boba.show/1` has; docs/json-ci.md. */
import type { Skipped, Sums } from "../core/ci.ts";
import { safeJson } from "../core/text.ts";

/** Counters and cost of a row. `cost_nano_usd` is text, because a JSON number is exact only up to 2^53. */
export function sumsJson(sums: Sums): Record<string, number | string | null> {
  return {
    requests: sums.requests,
    input_tokens: sums.input,
    output_tokens: sums.output,
    cache_read_tokens: sums.cacheRead,
    cache_write_tokens: sums.cacheWrite,
    total_tokens: sums.tokens,
    cost_usd: sums.nanoUsd === null ? null : Number(sums.nanoUsd) / 1e9,
    cost_nano_usd: sums.nanoUsd === null ? null : String(sums.nanoUsd),
    unpriced_requests: sums.unpriced,
  };
}

export function skippedJson(skipped: Skipped): Record<string, unknown> {
  const { lines, newer, notes, entries, refs } = skipped;
  return {
    bad_lines: Object.values(lines).reduce((sum, n) => sum + n, 0),
    bad_lines_by_reason: Object.fromEntries(Object.entries(lines).map(([reason, n]) => [reason.replaceAll("-", "_"), n])),
    newer_lines: newer,
    unreadable_notes: notes,
    entries_not_notes: entries,
    bad_refs: refs,
  };
}

/** One object, indented. A log that reads commands out of output (GitHub's `::name::` and `##[name]`) finds none in it. */
export function jsonText(value: unknown): string {
  return safeJson(value).replaceAll("::", ":\\u003a").replaceAll("##[", "##\\u005b");
}
