/** What a call cost, in a line and as JSON. */
import type { CallOutcome } from "../core/call.ts";
import { formatCost, formatTokens, toUsd } from "../core/money.ts";
import { printable, safeJson } from "../core/text.ts";

/** `boba: 1.2K tokens, $0.0034 (claude-x through work)`. */
export function callLine(outcome: CallOutcome): string {
  const { counters, costNanoUsd, status, model, profile } = outcome;
  const tokens = counters.input + counters.output + counters.cacheRead + counters.cacheWrite5m + counters.cacheWrite1h;
  const cost = formatCost({ costNanoUsd: costNanoUsd ?? 0, requests: 1, unpricedRequests: costNanoUsd === null ? 1 : 0 }, 4);
  const floor = status === "exact" ? "" : "at least ";
  return `boba: ${floor}${formatTokens(tokens)} tokens, ${floor}${cost} (${printable(model)} through ${printable(profile)})`;
}

/** `boba.call/1`. */
export function callJson(outcome: CallOutcome, text: string): string {
  const { counters, costNanoUsd } = outcome;
  return safeJson({
    schema: "boba.call/1",
    profile: outcome.profile,
    provider: outcome.provider,
    model: outcome.model,
    rule: outcome.ruleId,
    reason: outcome.reason,
    explore: outcome.explore,
    text,
    usage: {
      input_tokens: counters.input,
      output_tokens: counters.output,
      reasoning_tokens: counters.reasoning,
      cache_read_tokens: counters.cacheRead,
      cache_write_5m_tokens: counters.cacheWrite5m,
      cache_write_1h_tokens: counters.cacheWrite1h,
      web_searches: counters.webSearches,
    },
    usage_status: outcome.status,
    cost_usd: costNanoUsd === null ? null : toUsd(costNanoUsd),
    cost_nano_usd: costNanoUsd === null ? null : String(costNanoUsd),
    latency_ms: outcome.latencyMs,
    problem: outcome.problem,
    cancelled: outcome.cancelled,
  });
}
