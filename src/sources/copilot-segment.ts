/**
 * A segment of a Copilot session: from entering it to leaving it, when the CLI logs what each model used in sum. The responses in it were
 * logged with their output tokens at most. The sum is exact, its split is not logged: what the responses did not tell is shared among them
 * evenly, so that it counts when and where it was spent, not when the session was left.
 */
import { COUNTER_NAMES, type Counters } from "../core/record.ts";
import { part, type Share } from "./split.ts";

/** One response: key, Unix milliseconds, the output tokens it told. */
type Bearer = [key: string, atMs: number, output: number];

interface Responses {
  count: number;
  /** Output tokens that the responses told. */
  output: number;
  /** The last response, which may come again: a long one is logged in several messages. */
  last: Bearer;
  /** The first responses, as many as there is room for. */
  bearers: Bearer[];
}

export interface Shares {
  borne: (Share & { key: string; atMs: number })[];
  /** What is left where there are more responses than are remembered, or none; in as many parts as keep each below any long-context price. */
  unborne: Share[];
}

/** Characters of keys: what is kept between runs has a bound. */
const MAX_CHARS = 40_000;
const PART_TOKENS = 100_000;
const MAX_PARTS = 2000;
/** What a key takes besides its own characters. */
const OVERHEAD_CHARS = 20;

export class Segment {
  #models = new Map<string, Responses>();
  #chars = 0;

  clear(): void {
    this.#models.clear();
    this.#chars = 0;
  }

  add(model: string, key: string, atMs: number, output: number): void {
    const known = this.#models.get(model);
    if (known?.last[0] === key) {
      const more = Math.max(0, output - known.last[2]);
      known.output += more;
      known.last[2] += more;
      return;
    }
    const hasRoom = this.#chars < MAX_CHARS;
    // A log that names thousands of models is none of ours.
    if (known === undefined && !hasRoom) return;
    const responses = known ?? { count: 0, output: 0, last: [key, atMs, output], bearers: [] };
    responses.count++;
    responses.output += output;
    responses.last = [key, atMs, output];
    if (hasRoom) responses.bearers.push(responses.last);
    this.#chars += key.length + OVERHEAD_CHARS + (known ? 0 : model.length);
    this.#models.set(model, responses);
  }

  /** Splits what `model` used in the segment. */
  share(model: string, sum: Counters, nanoUsd: number | null): Shares {
    const responses = this.#models.get(model);
    const rest = { ...sum, output: Math.max(0, sum.output - (responses?.output ?? 0)) };
    const count = responses?.count ?? 1;
    const bearers = responses?.bearers ?? [];
    const parts = bearers.map((_, nth) => part(rest, nanoUsd, nth, count));
    const unborne = inParts(remaining(rest, nanoUsd, parts));
    const borne = bearers.map(([key, atMs, output], nth) => {
      const { counters, nanoUsd: usd } = parts[nth] as Share;
      return { key, atMs, counters: { ...counters, output: counters.output + output }, nanoUsd: usd };
    });
    return { borne, unborne };
  }

  save(): unknown {
    return [...this.#models];
  }

  /** `saved` is what `save` returned. */
  restore(saved: unknown): void {
    this.#models = new Map(saved as [string, Responses][]);
    this.#chars = 0;
    for (const [model, responses] of this.#models) {
      this.#chars += model.length;
      for (const [key] of responses.bearers) this.#chars += key.length + OVERHEAD_CHARS;
      const end = responses.bearers.at(-1);
      if (end?.[0] === responses.last[0]) responses.last = end;
    }
  }
}

function remaining(whole: Counters, nanoUsd: number | null, taken: readonly Share[]): Share {
  const left = { ...whole };
  let leftUsd = nanoUsd;
  for (const { counters, nanoUsd: usd } of taken) {
    for (const name of COUNTER_NAMES) left[name] -= counters[name];
    if (leftUsd !== null) leftUsd -= usd ?? 0;
  }
  return { counters: left, nanoUsd: leftUsd };
}

function inParts({ counters, nanoUsd }: Share): Share[] {
  if (COUNTER_NAMES.every((name) => counters[name] === 0)) return [];
  const prompt = counters.input + counters.cacheRead + counters.cacheWrite5m;
  const count = Math.min(MAX_PARTS, Math.max(1, Math.ceil(prompt / PART_TOKENS)));
  return Array.from({ length: count }, (_, nth) => part(counters, nanoUsd, nth, count));
}
