/** Lines of Codex logs, as Codex writes them. */
import { SENTINEL } from "./agent.ts";

/** Cache included in `input`, reasoning in `output`. */
export interface Usage {
  input: number;
  cached: number;
  written: number;
  output: number;
  reasoning: number;
}

export interface CodexLine {
  timestamp: string;
  ordinal?: number;
  type: string;
  payload: Record<string, unknown>;
}

export const zeroUsage = (): Usage => ({ input: 0, cached: 0, written: 0, output: 0, reasoning: 0 });

export function line(atMs: number, type: string, payload: Record<string, unknown>): CodexLine {
  return { timestamp: new Date(atMs).toISOString(), type, payload };
}

/** A session's first line, with the 20 KiB of instructions that are in it. */
export function metaLine(atMs: number, id: string, more: Record<string, unknown> = {}): CodexLine {
  return line(atMs, "session_meta", {
    id,
    timestamp: new Date(atMs).toISOString(),
    cwd: "/code/shop",
    originator: "codex_cli_rs",
    cli_version: "0.153.3",
    source: "cli",
    model_provider: "openai",
    base_instructions: { text: `${SENTINEL} *** Begin Patch `.padEnd(20_480, "Never token_count. ") },
    git: { commit_hash: "1".repeat(40), branch: "feat/cart", repository_url: "git@example.com:shop/cart.git" },
    ...more,
  });
}

export function turnLine(atMs: number, model: string, cwd = "/code/shop"): CodexLine {
  return line(atMs, "turn_context", { turn_id: `turn-${atMs}`, cwd, model, approval_policy: "never", user_instructions: SENTINEL });
}

/** The cumulative counters and those of the last response; with neither, what refreshes the rate limits. */
export function countLine(atMs: number, total: Usage | null, last: Usage | null, totalTokens?: number): CodexLine {
  const info =
    total === null && last === null
      ? null
      : {
          total_token_usage: total && fieldsOf(total, totalTokens),
          last_token_usage: last && fieldsOf(last),
          model_context_window: 272_000,
        };
  return line(atMs, "event_msg", { type: "token_count", info, rate_limits: { primary: { used_percent: 12.5 } } });
}

/** A response's own record. */
export function usageLine(atMs: number, thread: string, response: string, usage: Usage): CodexLine {
  return line(atMs, "token_usage_record", {
    session_id: thread,
    thread_id: thread,
    turn_id: "t",
    response_id: response,
    usage: fieldsOf(usage),
  });
}

export function tierLine(atMs: number, tier: string): CodexLine {
  return line(atMs, "event_msg", { type: "thread_settings_applied", thread_settings: { model: "gpt-5.4", service_tier: tier } });
}

export function patchLine(atMs: number, path: string): CodexLine {
  const input = `*** Begin Patch\n*** Update File: ${path}\n@@\n-${SENTINEL}\n+${SENTINEL}\n*** End Patch\n`;
  return line(atMs, "response_item", { type: "custom_tool_call", name: "apply_patch", call_id: `call-${atMs}`, input });
}

export function talkLine(atMs: number, length: number): CodexLine {
  const text = `${SENTINEL} why does "token_count" grow? `.padEnd(length, "Lorem ipsum dolor sit amet. ");
  return line(atMs, "response_item", { type: "message", role: "assistant", content: [{ type: "output_text", text }] });
}

function fieldsOf({ input, cached, written, output, reasoning }: Usage, totalTokens = input + output) {
  return {
    input_tokens: input,
    cached_input_tokens: cached,
    cache_write_input_tokens: written,
    output_tokens: output,
    reasoning_output_tokens: reasoning,
    total_tokens: totalTokens,
  };
}
