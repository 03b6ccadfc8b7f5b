/**
 * The counters of Anthropic Messages. Input fields are disjoint: the whole input is uncached + cache creation + cache read (documentation of
 * `Usage` in Anthropic's SDK). In a stream `message_start` has the whole object, `message_delta` a cumulative one without `cache_creation`.
 */
import { count, type Fields, fields } from "../../core/json-fields.ts";
import type { Counters } from "../../core/record.ts";
import { addCounters, modelName, noCounters, type Part } from "../reply.ts";

/** How long what is cached is to live, as the request asked for: it decides where the reply does not say. */
export type CacheLife = "5m" | "1h";

/** The usage objects of one reply, brought together. */
export class AnthropicUsage {
  readonly #life: CacheLife;
  readonly #input = { uncached: 0, read: 0, written: 0 };
  readonly #split = { short: 0, long: 0 };
  #output = 0;
  #reasoning = 0;
  #searches = 0;
  #iterations: readonly unknown[] = [];
  conflicting = false;
  fast = false;

  constructor(life: CacheLife) {
    this.#life = life;
  }

  /** Takes one usage object; what it leaves out stays as it was. */
  take(usage: Fields): void {
    this.#grow("uncached", usage["input_tokens"]);
    this.#grow("read", usage["cache_read_input_tokens"]);
    this.#grow("written", usage["cache_creation_input_tokens"]);
    const split = fields(usage["cache_creation"]);
    if (split !== null) {
      this.#split.short = Math.max(this.#split.short, known(split["ephemeral_5m_input_tokens"]));
      this.#split.long = Math.max(this.#split.long, known(split["ephemeral_1h_input_tokens"]));
    }
    // Cumulative: the last value is the whole.
    if (typeof usage["output_tokens"] === "number") this.#output = known(usage["output_tokens"]);
    this.#reasoning = Math.max(this.#reasoning, known(fields(usage["output_tokens_details"])?.["thinking_tokens"]));
    this.#searches = Math.max(this.#searches, known(fields(usage["server_tool_use"])?.["web_search_requests"]));
    this.fast ||= usage["speed"] === "fast";
    if (Array.isArray(usage["iterations"])) this.#iterations = usage["iterations"];
  }

  /** `atLeastOutput`: tokens that were seen to arrive, for a reply that was cut before it said how many. */
  parts(model: string | null, atLeastOutput: number): Part[] {
    const { uncached, read } = this.#input;
    const written = Math.max(this.#input.written, this.#split.short + this.#split.long);
    // Server tools write more than the beginning foresaw: the rest lives as long as the request asked for.
    const rest = written - this.#split.short - this.#split.long;
    const output = Math.max(this.#output, atLeastOutput);
    const main: Counters = {
      input: uncached,
      output,
      reasoning: Math.min(this.#reasoning, output),
      cacheRead: read,
      cacheWrite5m: this.#split.short + (this.#life === "5m" ? rest : 0),
      cacheWrite1h: this.#split.long + (this.#life === "1h" ? rest : 0),
      webSearches: this.#searches,
    };
    return [{ model, counters: main }, ...this.#apart(main)];
  }

  /** Compactions are billed with the reply but not counted in it; an adviser and a fallback are other models, billed at their own price. */
  #apart(main: Counters): Part[] {
    const apart: Part[] = [];
    let told = 0;
    for (const item of this.#iterations.slice(0, MAX_ITERATIONS)) {
      const entry = fields(item);
      if (entry === null) continue;
      const counters = countersOf(entry, this.#life);
      const model = modelName(entry["model"]);
      if (entry["type"] === "compaction") addCounters(main, counters);
      else if (entry["type"] !== "message" && model !== null) apart.push({ model, counters });
      else told += counters.output;
    }
    const others = apart.reduce((sum, part) => sum + part.counters.output, 0);
    // Where the reply's own sum already holds them, they are taken out of it.
    if (others > 0 && told > 0 && main.output === told + others) {
      for (const { counters } of apart) {
        for (const name of Object.keys(main) as (keyof Counters)[]) main[name] = Math.max(0, main[name] - counters[name]);
      }
    }
    return apart;
  }

  #grow(name: "uncached" | "read" | "written", value: unknown): void {
    if (typeof value !== "number") return;
    const before = this.#input[name];
    const now = known(value);
    // Translators send 0 at the start and the truth at the end, or the other way round: the larger one holds.
    this.conflicting ||= before > 0 && now < before;
    this.#input[name] = Math.max(before, now);
  }
}

const MAX_ITERATIONS = 100;

function countersOf(usage: Fields, life: CacheLife): Counters {
  const one = new AnthropicUsage(life);
  one.take({ ...usage, iterations: undefined });
  return one.parts(null, 0)[0]?.counters ?? noCounters();
}

/** A counter, or 0 for what is none. */
function known(value: unknown): number {
  const found = count(value);
  return Number.isNaN(found) ? 0 : found;
}
