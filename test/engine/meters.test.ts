/** What each protocol's usage comes to, by the rules of their documentation; every sum is worked out by hand. */
import { describe, expect, it } from "vitest";
import type { Counters } from "../../src/core/record.ts";
import { AnthropicMeter } from "../../src/proxy/providers/anthropic.ts";
import { GeminiMeter } from "../../src/proxy/providers/gemini.ts";
import { ChatMeter } from "../../src/proxy/providers/openai-chat.ts";
import { ResponsesMeter } from "../../src/proxy/providers/openai-responses.ts";
import type { Meter } from "../../src/proxy/reply.ts";

const none = { input: 0, output: 0, reasoning: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, webSearches: 0 };
const counters = (some: Partial<Counters>): Counters => ({ ...none, ...some });
const feed = (meter: Meter, ...events: unknown[]) => {
  const text = events.map((event) => meter.event(JSON.stringify(event))).join("");
  return { text, ...meter.usage() };
};
const main = (usage: { parts: readonly { counters: Counters }[] }) => usage.parts[0]?.counters;

describe("Anthropic Messages", () => {
  const start = (usage: unknown) => ({ type: "message_start", message: { model: "claude-x", usage } });
  const delta = (usage: unknown, stop: string | null = "end_turn") => ({ type: "message_delta", delta: { stop_reason: stop }, usage });
  const piece = { type: "content_block_delta", delta: { type: "text_delta", text: "hé" } };
  const split = (short: number, long: number) => ({ ephemeral_5m_input_tokens: short, ephemeral_1h_input_tokens: long });

  it("takes the last output, and the input of the start where the end leaves it out", () => {
    const first = {
      input_tokens: 10,
      cache_read_input_tokens: 5,
      cache_creation_input_tokens: 30,
      cache_creation: split(10, 20),
      output_tokens: 1,
    };
    const result = feed(
      new AnthropicMeter("5m"),
      start(first),
      piece,
      delta({ output_tokens: 3 }, null),
      piece,
      delta({ output_tokens: 9, input_tokens: null }),
    );
    expect(main(result)).toEqual(counters({ input: 10, cacheRead: 5, cacheWrite5m: 10, cacheWrite1h: 20, output: 9 }));
    expect(result).toMatchObject({ text: "héhé", status: "exact", conflicting: false });
  });

  it("takes the larger input where start and end differ, and says so when the end is smaller", () => {
    const grown = feed(
      new AnthropicMeter("5m"),
      start({ input_tokens: 0, output_tokens: 0 }),
      delta({ input_tokens: 70, output_tokens: 2 }),
    );
    expect(main(grown)).toEqual(counters({ input: 70, output: 2 }));
    expect(grown.conflicting).toBe(false);
    const shrunk = feed(
      new AnthropicMeter("5m"),
      start({ input_tokens: 70, output_tokens: 0 }),
      delta({ input_tokens: 1, output_tokens: 2 }),
    );
    expect(main(shrunk)).toEqual(counters({ input: 70, output: 2 }));
    expect(shrunk.conflicting).toBe(true);
  });

  it("books what was written beyond the split to the life that the request asked for", () => {
    const first = { input_tokens: 1, cache_creation_input_tokens: 100, cache_creation: split(100, 0), output_tokens: 1 };
    const last = delta({ cache_creation_input_tokens: 400, output_tokens: 2 });
    expect(main(feed(new AnthropicMeter("5m"), start(first), last))).toEqual(counters({ input: 1, cacheWrite5m: 400, output: 2 }));
    expect(main(feed(new AnthropicMeter("1h"), start(first), last))).toEqual(
      counters({ input: 1, cacheWrite5m: 100, cacheWrite1h: 300, output: 2 }),
    );
  });

  it("adds compactions, and keeps an adviser's tokens apart under its own model", () => {
    const iterations = [
      { type: "compaction", input_tokens: 1000, output_tokens: 50 },
      { type: "message", input_tokens: 10, output_tokens: 20 },
      { type: "advisor_message", model: "claude-y", input_tokens: 300, output_tokens: 7 },
    ];
    const { parts } = feed(
      new AnthropicMeter("5m"),
      start({ input_tokens: 10, output_tokens: 1 }),
      delta({ output_tokens: 20, iterations }),
    );
    expect(parts).toEqual([
      { model: "claude-x", counters: counters({ input: 1010, output: 70 }) },
      { model: "claude-y", counters: counters({ input: 300, output: 7 }) },
    ]);
  });

  it("is a lower bound when it ends before its end: the input exact, a token for each piece that came", () => {
    const cut = feed(new AnthropicMeter("5m"), start({ input_tokens: 25, output_tokens: 1 }), piece, piece, piece);
    expect(main(cut)).toEqual(counters({ input: 25, output: 3 }));
    expect(cut.status).toBe("partial");
    const failed = feed(new AnthropicMeter("5m"), start({ input_tokens: 25, output_tokens: 1 }), {
      type: "error",
      error: { type: "overloaded_error", message: "Overloaded" },
    });
    expect(failed).toMatchObject({ status: "partial", error: { kind: "overloaded_error", message: "Overloaded" } });
  });

  it("reads thinking, searches and fast mode of a whole reply", () => {
    const meter = new AnthropicMeter("5m");
    const usage = {
      input_tokens: 4,
      output_tokens: 9,
      output_tokens_details: { thinking_tokens: 6 },
      server_tool_use: { web_search_requests: 2 },
      speed: "fast",
    };
    const content = [
      { type: "thinking", thinking: "hm" },
      { type: "text", text: "yes" },
    ];
    expect(meter.body(JSON.stringify({ model: "claude-x", content, usage }))).toBe("yes");
    expect(main(meter.usage())).toEqual(counters({ input: 4, output: 9, reasoning: 6, webSearches: 2 }));
    expect(meter.usage()).toMatchObject({ fast: true, status: "exact" });
  });
});

describe("OpenAI", () => {
  const chunk = (content: string, usage: unknown = null) => ({ model: "gpt-x", choices: [{ delta: { content } }], usage });

  it("Chat: the prompt holds what was cached, and usage comes after the last choice", () => {
    const usage = {
      prompt_tokens: 100,
      completion_tokens: 40,
      prompt_tokens_details: { cached_tokens: 30, cache_write_tokens: 20 },
      completion_tokens_details: { reasoning_tokens: 15 },
      cost: 0.0025,
    };
    const meter = new ChatMeter();
    const result = feed(meter, chunk("a"), { choices: [{ delta: {}, finish_reason: "stop" }] }, { choices: [], usage });
    expect(main(result)).toEqual(counters({ input: 50, cacheRead: 30, cacheWrite5m: 20, output: 40, reasoning: 15 }));
    expect(result).toMatchObject({ text: "a", status: "exact", reportedNanoUsd: 2_500_000 });
  });

  it("Chat: without usage nothing is known but that pieces came; more cached than asked is a conflict", () => {
    expect(feed(new ChatMeter(), chunk("a"), chunk("b"))).toMatchObject({
      status: "none",
      parts: [{ model: "gpt-x", counters: counters({ output: 2 }) }],
    });
    const odd = feed(new ChatMeter(), chunk("a", { prompt_tokens: 5, completion_tokens: 1, prompt_tokens_details: { cached_tokens: 9 } }));
    expect(main(odd)).toEqual(counters({ input: 0, cacheRead: 9, output: 1 }));
    expect(odd.conflicting).toBe(true);
  });

  it("Responses: usage of the last event, the tier that served it, and the error of one that failed", () => {
    const usage = {
      input_tokens: 60,
      input_tokens_details: { cached_tokens: 10 },
      output_tokens: 8,
      output_tokens_details: { reasoning_tokens: 3 },
    };
    const created = { type: "response.created", response: { model: "gpt-x", usage: null, service_tier: "auto", error: null } };
    const word = { type: "response.output_text.delta", delta: "hi" };
    const done = feed(new ResponsesMeter(), created, word, {
      type: "response.completed",
      response: { model: "gpt-x-1", usage, service_tier: "priority" },
    });
    expect(done).toMatchObject({ text: "hi", status: "exact", fast: true, parts: [{ model: "gpt-x-1" }] });
    expect(main(done)).toEqual(counters({ input: 50, cacheRead: 10, output: 8, reasoning: 3 }));
    const failed = feed(new ResponsesMeter(), created, {
      type: "response.failed",
      response: { usage, error: { code: "server_error", message: "sorry" } },
    });
    expect(failed).toMatchObject({ status: "exact", error: { kind: "server_error", message: "sorry" } });
  });
});

describe("Gemini", () => {
  it("adds thoughts to the output and tool results to the input; the last running value holds", () => {
    const text = (word: string, usageMetadata: unknown, finishReason?: string) => ({
      candidates: [{ content: { parts: [{ text: "secret thought", thought: true }, { text: word }] }, finishReason }],
      usageMetadata,
      modelVersion: "gemini-x",
    });
    const last = {
      promptTokenCount: 100,
      cachedContentTokenCount: 60,
      toolUsePromptTokenCount: 7,
      candidatesTokenCount: 20,
      thoughtsTokenCount: 5,
    };
    const result = feed(new GeminiMeter(), text("a", { promptTokenCount: 100 }), text("b", last, "STOP"));
    expect(main(result)).toEqual(counters({ input: 47, cacheRead: 60, output: 25, reasoning: 5 }));
    expect(result).toMatchObject({ text: "ab", status: "exact", parts: [{ model: "gemini-x" }] });
    expect(feed(new GeminiMeter(), text("a", { promptTokenCount: 100 }), text("b", { promptTokenCount: 100 }))).toMatchObject({
      status: "partial",
      parts: [{ counters: counters({ input: 100, output: 2 }) }],
    });
    const meter = new GeminiMeter();
    expect(meter.body(JSON.stringify([text("a", { promptTokenCount: 100 }), text("b", last, "STOP")]))).toBe("ab");
    expect(main(meter.usage())).toEqual(main(result));
  });
});
