/** OpenAI Responses (`POST /v1/responses`). Usage comes with the last event alone. */
import { fields, type Fields, parseFields } from "../../core/json-fields.ts";
import { errorIn, type Meter, modelName, noCounters, type ReplyError, type ReplyUsage } from "../reply.ts";
import { type Ask, endOf, type Wire } from "../wire.ts";
import { openAiCount, type OpenAiCount } from "./openai-usage.ts";

export const OPENAI_RESPONSES: Wire = {
  id: "openai-responses",
  base: "https://api.openai.com/v1",
  url: (endpoint) => endOf(endpoint, "v1", "responses"),
  models: (endpoint) => endOf(endpoint, "v1", "models"),
  key: (secret) => ["authorization", `Bearer ${secret}`],
  headers: {},
  body({ model, prompt, system, maxTokens, stream, params }: Ask) {
    // The name that profiles use for every provider.
    const { max_tokens: limit, ...rest } = params;
    const most = maxTokens ?? limit ?? null;
    return {
      ...rest,
      model,
      input: prompt,
      stream,
      ...(system === null ? {} : { instructions: system }),
      ...(most === null ? {} : { max_output_tokens: most }),
    };
  },
  meter: () => new ResponsesMeter(),
};

const LAST = new Set(["response.completed", "response.incomplete", "response.failed"]);

export class ResponsesMeter implements Meter {
  #model: string | null = null;
  #found: OpenAiCount | null = null;
  #pieces = 0;
  #fast = false;
  #error: ReplyError | null = null;

  event(data: string): string {
    const event = parseFields(data);
    const type = event?.["type"];
    if (type === "response.output_text.delta") {
      this.#pieces++;
      return typeof event?.["delta"] === "string" ? event["delta"] : "";
    }
    if (type === "response.created" || (typeof type === "string" && LAST.has(type))) this.#take(fields(event?.["response"]));
    else this.#error ??= errorIn(event);
    return "";
  }

  body(json: string): string {
    const reply = parseFields(json);
    this.#take(reply);
    const output: unknown = reply?.["output"];
    return Array.isArray(output) ? output.flatMap(textsOf).join("") : "";
  }

  usage(): ReplyUsage {
    const found = this.#found;
    const counters = found?.counters ?? { ...noCounters(), output: this.#pieces };
    const status = found === null ? "none" : "exact";
    const { conflicting = false, reportedNanoUsd = null } = found ?? {};
    return { parts: [{ model: this.#model, counters }], status, fast: this.#fast, conflicting, reportedNanoUsd, error: this.#error };
  }

  #take(reply: Fields | null): void {
    this.#model = modelName(reply?.["model"]) ?? this.#model;
    // The tier that served it, not the one that was asked for.
    this.#fast = reply?.["service_tier"] === "priority";
    this.#error ??= errorIn(reply);
    this.#found = openAiCount(fields(reply?.["usage"])) ?? this.#found;
  }
}

function textsOf(item: unknown): string[] {
  const content: unknown = fields(item)?.["content"];
  if (!Array.isArray(content)) return [];
  return content.flatMap((part: unknown) => {
    const found = fields(part);
    return found?.["type"] === "output_text" && typeof found["text"] === "string" ? [found["text"]] : [];
  });
}
