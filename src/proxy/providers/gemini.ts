/** Google's Gemini API (`generateContent`, `streamGenerateContent?alt=sse`). */
import { count, fields, type Fields, parseFields } from "../../core/json-fields.ts";
import type { Counters } from "../../core/record.ts";
import { errorIn, type Meter, modelName, noCounters, type ReplyError, type ReplyUsage } from "../reply.ts";
import { type Ask, endOf, type Wire } from "../wire.ts";
import { own } from "../../core/own.ts";

export const GEMINI: Wire = {
  id: "gemini",
  base: "https://generativelanguage.googleapis.com",
  url(endpoint, { model, stream }) {
    const name = encodeURIComponent(model.replace(/^models\//, ""));
    const verb = stream ? "streamGenerateContent" : "generateContent";
    return endOf(endpoint, "v1beta", `models/${name}:${verb}`, stream ? { alt: "sse" } : {});
  },
  models: (endpoint) => endOf(endpoint, "v1beta", "models", { pageSize: "1" }),
  key: (secret) => ["x-goog-api-key", secret],
  headers: {},
  body({ prompt, system, maxTokens, params }: Ask) {
    const config = Object.fromEntries(Object.entries(params).map(([name, value]) => [own(NAMES, name) ?? name, value]));
    if (maxTokens !== null) config["maxOutputTokens"] = maxTokens;
    return {
      contents: [{ role: "user", parts: [{ text: prompt }] }],
      ...(system === null ? {} : { systemInstruction: { parts: [{ text: system }] } }),
      ...(Object.keys(config).length === 0 ? {} : { generationConfig: config }),
    };
  },
  meter: () => new GeminiMeter(),
};

/** The names that profiles use for every provider. */
const NAMES: Readonly<Record<string, string>> = { max_tokens: "maxOutputTokens", top_p: "topP", top_k: "topK" };

export class GeminiMeter implements Meter {
  #model: string | null = null;
  #counters: Counters | null = null;
  #pieces = 0;
  #isOver = false;
  #error: ReplyError | null = null;

  event(data: string): string {
    return this.#read(parseFields(data));
  }

  /** Also takes the array that a stream without `alt=sse` is. */
  body(json: string): string {
    const replies = json.trimStart().startsWith("[") ? listOf(json) : [parseFields(json)];
    const answer = replies.map((reply) => this.#read(reply)).join("");
    this.#isOver ||= this.#counters !== null && this.#error === null;
    return answer;
  }

  usage(): ReplyUsage {
    const isWhole = this.#isOver && this.#error === null;
    const known = this.#counters ?? noCounters();
    const counters = isWhole ? known : { ...known, output: Math.max(known.output, this.#pieces) };
    const status = this.#counters === null ? "none" : isWhole ? "exact" : "partial";
    const parts = [{ model: this.#model, counters }];
    return { parts, status, fast: false, conflicting: false, reportedNanoUsd: null, error: this.#error };
  }

  #read(reply: Fields | null): string {
    this.#error ??= errorIn(reply);
    this.#model = modelName(reply?.["modelVersion"]) ?? this.#model;
    // A running value: the last one holds, and what it leaves out is 0.
    this.#counters = countersOf(fields(reply?.["usageMetadata"])) ?? this.#counters;
    const candidates: unknown = reply?.["candidates"];
    const candidate = fields(Array.isArray(candidates) ? candidates[0] : null);
    this.#isOver ||= typeof candidate?.["finishReason"] === "string" || fields(reply?.["promptFeedback"])?.["blockReason"] !== undefined;
    const parts: unknown = fields(candidate?.["content"])?.["parts"];
    const answer = Array.isArray(parts) ? parts.map(textOf).join("") : "";
    if (answer !== "") this.#pieces++;
    return answer;
  }
}

/** The prompt includes what was read from the cache; thoughts come on top of the candidates, tool results on top of the prompt. */
function countersOf(usage: Fields | null): Counters | null {
  if (usage === null) return null;
  const [prompt, cached, candidates, thoughts, tool] = [
    "promptTokenCount",
    "cachedContentTokenCount",
    "candidatesTokenCount",
    "thoughtsTokenCount",
    "toolUsePromptTokenCount",
  ].map((name) => count(usage[name])) as [number, number, number, number, number];
  if (Number.isNaN(prompt + cached + candidates + thoughts + tool)) return null;
  return {
    ...noCounters(),
    input: Math.max(0, prompt - cached) + tool,
    cacheRead: cached,
    output: candidates + thoughts,
    reasoning: thoughts,
  };
}

function textOf(part: unknown): string {
  const found = fields(part);
  return found?.["thought"] !== true && typeof found?.["text"] === "string" ? found["text"] : "";
}

function listOf(json: string): (Fields | null)[] {
  try {
    const list: unknown = JSON.parse(json);
    return Array.isArray(list) ? list.map(fields) : [];
  } catch {
    return []; // cut before its end: nothing in it is certain
  }
}
