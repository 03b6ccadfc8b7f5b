/** OpenAI Chat Completions (`POST /v1/chat/completions`), which many others speak too. */
import { fields, type Fields, parseFields } from "../../core/json-fields.ts";
import { errorIn, type Meter, modelName, noCounters, type ReplyError, type ReplyUsage } from "../reply.ts";
import { type Ask, endOf, type Wire } from "../wire.ts";
import { openAiCount, type OpenAiCount } from "./openai-usage.ts";

export const OPENAI_CHAT: Wire = {
  id: "openai-chat",
  base: "https://api.openai.com/v1",
  url: (endpoint) => endOf(endpoint, "v1", "chat/completions"),
  models: (endpoint) => endOf(endpoint, "v1", "models"),
  key: (secret) => ["authorization", `Bearer ${secret}`],
  headers: {},
  body({ model, prompt, system, maxTokens, stream, params }: Ask) {
    const messages = [...(system === null ? [] : [{ role: "system", content: system }]), { role: "user", content: prompt }];
    return {
      ...params,
      model,
      messages,
      stream,
      // Without it a stream says nothing of what it used.
      ...(stream ? { stream_options: { include_usage: true } } : {}),
      ...(maxTokens === null ? {} : { [limitName(params)]: maxTokens }),
    };
  },
  meter: () => new ChatMeter(),
};

/** The newer name where the profile uses it; servers that speak the protocol of OpenAI's know the older one. */
function limitName(params: Ask["params"]): string {
  return "max_completion_tokens" in params ? "max_completion_tokens" : "max_tokens";
}

export class ChatMeter implements Meter {
  #model: string | null = null;
  #found: OpenAiCount | null = null;
  #pieces = 0;
  #isOver = false;
  #error: ReplyError | null = null;
  #fast = false;

  event(data: string): string {
    if (data.trim() === "[DONE]") {
      this.#isOver = true;
      return "";
    }
    return this.#read(parseFields(data), "delta");
  }

  body(json: string): string {
    const answer = this.#read(parseFields(json), "message");
    this.#isOver = this.#found !== null;
    return answer;
  }

  /** Usage that is told is told at the end: whoever has it has all. */
  usage(): ReplyUsage {
    const { counters, conflicting, reportedNanoUsd } = this.#found ?? NOTHING;
    const known = this.#found === null ? { ...noCounters(), output: this.#pieces } : counters;
    const isWhole = this.#isOver && this.#error === null;
    const status = this.#found === null ? "none" : isWhole ? "exact" : "partial";
    return { parts: [{ model: this.#model, counters: known }], status, fast: this.#fast, conflicting, reportedNanoUsd, error: this.#error };
  }

  #read(reply: Fields | null, holder: "delta" | "message"): string {
    this.#error ??= errorIn(reply);
    this.#model ??= modelName(reply?.["model"]);
    this.#fast ||= reply?.["service_tier"] === "priority";
    // Some servers repeat it, growing: the last one holds.
    this.#found = openAiCount(fields(reply?.["usage"])) ?? this.#found;
    const choices: unknown = reply?.["choices"];
    const choice = fields(Array.isArray(choices) ? choices[0] : null);
    if (typeof choice?.["finish_reason"] === "string") this.#isOver = true;
    const content = fields(choice?.[holder])?.["content"];
    if (typeof content !== "string" || content === "") return "";
    this.#pieces++;
    return content;
  }
}

const NOTHING: OpenAiCount = { counters: noCounters(), conflicting: false, reportedNanoUsd: null };
