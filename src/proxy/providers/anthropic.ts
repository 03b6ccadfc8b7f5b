/** Anthropic Messages (`POST /v1/messages`): what is asked, and how the reply is read. */
import { fields, type Fields, parseFields } from "../../core/json-fields.ts";
import { errorIn, type Meter, modelName, noCounters, type ReplyError, type ReplyUsage } from "../reply.ts";
import { type Ask, endOf, type Wire } from "../wire.ts";
import { AnthropicUsage, type CacheLife } from "./anthropic-usage.ts";

const VERSION = "2023-06-01";
/** Anthropic wants a bound with every request. */
const DEFAULT_MAX_TOKENS = 4096;

export const ANTHROPIC: Wire = {
  id: "anthropic",
  base: "https://api.anthropic.com",
  url: (endpoint) => endOf(endpoint, "v1", "messages"),
  models: (endpoint) => endOf(endpoint, "v1", "models", { limit: "1" }),
  key: (secret) => ["x-api-key", secret],
  headers: { "anthropic-version": VERSION },
  body({ model, prompt, system, maxTokens, stream, params }: Ask) {
    return {
      max_tokens: DEFAULT_MAX_TOKENS,
      ...params,
      model,
      stream,
      ...(maxTokens === null ? {} : { max_tokens: maxTokens }),
      ...(system === null ? {} : { system }),
      messages: [{ role: "user", content: prompt }],
    };
  },
  meter: () => new AnthropicMeter("5m"),
};

export class AnthropicMeter implements Meter {
  readonly #usage: AnthropicUsage;
  #model: string | null = null;
  #isTold = false;
  #isOver = false;
  /** Every piece of text holds a token at least. */
  #pieces = 0;
  #error: ReplyError | null = null;

  constructor(life: CacheLife) {
    this.#usage = new AnthropicUsage(life);
  }

  event(data: string): string {
    const event = parseFields(data);
    switch (event?.["type"]) {
      case "message_start": {
        const message = fields(event["message"]);
        this.#model = modelName(message?.["model"]);
        this.#take(message);
        return "";
      }
      case "content_block_delta": {
        const delta = fields(event["delta"]);
        this.#pieces++;
        return delta?.["type"] === "text_delta" && typeof delta["text"] === "string" ? delta["text"] : "";
      }
      case "message_delta":
        this.#take(event);
        this.#isOver ||= typeof fields(event["delta"])?.["stop_reason"] === "string";
        return "";
      case "message_stop":
        this.#isOver = true;
        return "";
      default:
        this.#error ??= errorIn(event);
        return "";
    }
  }

  body(json: string): string {
    const reply = parseFields(json);
    this.#error = errorIn(reply);
    this.#model = modelName(reply?.["model"]);
    this.#take(reply);
    this.#isOver = this.#isTold;
    const content: unknown = reply?.["content"];
    return Array.isArray(content) ? content.map(textOf).join("") : "";
  }

  usage(): ReplyUsage {
    const isWhole = this.#isOver && this.#error === null;
    const parts = this.#isTold ? this.#usage.parts(this.#model, isWhole ? 0 : this.#pieces) : [unknown(this.#model, this.#pieces)];
    const { fast, conflicting } = this.#usage;
    const status = !this.#isTold ? "none" : isWhole ? "exact" : "partial";
    return { parts, status, fast, conflicting, reportedNanoUsd: null, error: this.#error };
  }

  #take(holder: Fields | null): void {
    const usage = fields(holder?.["usage"]);
    if (usage === null) return;
    this.#isTold = true;
    this.#usage.take(usage);
  }
}

const unknown = (model: string | null, output: number) => ({ model, counters: { ...noCounters(), output } });

function textOf(block: unknown): string {
  const found = fields(block);
  return found?.["type"] === "text" && typeof found["text"] === "string" ? found["text"] : "";
}
