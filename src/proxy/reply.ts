/** What a provider's reply says of itself: tokens, models, errors. The text of it is passed on and never kept. */
import type { Counters } from "../core/record.ts";
import { fields, type Fields, text } from "../core/json-fields.ts";

/** What one model used for one reply. */
export interface Part {
  /** As the provider names it; null when the reply does not. */
  model: string | null;
  counters: Counters;
}

export interface ReplyUsage {
  /** The first is the reply itself; others are models that the provider asked on its own and bills apart. */
  parts: readonly Part[];
  /** `partial`: cut before its end, so that the counters are a lower bound; `none`: it never said. */
  status: "exact" | "partial" | "none";
  /** The provider's fast mode, which is billed at a multiple. */
  fast: boolean;
  /** What the provider itself says it costs, in nano-dollars. */
  reportedNanoUsd: number | null;
  error: ReplyError | null;
  /** The counters contradict each other (e.g. the end says less than the beginning): the larger ones count. */
  conflicting: boolean;
}

export interface ReplyError {
  /** The provider's own word for it (`rate_limit_error`), or null. */
  kind: string | null;
  message: string;
}

/** Reads one reply, streamed or whole. */
export interface Meter {
  /** The data of one event of a stream; returns the text that it adds to the answer. */
  event(data: string): string;
  /** The whole of a reply that is not streamed; returns the answer's text. */
  body(json: string): string;
  /** What is known so far. */
  usage(): ReplyUsage;
}

const MAX_NAME = 256;
/** Cut for people only once keys have been taken out of it: half a key would not be known for one. */
const MAX_MESSAGE = 16 * 1024;

export function noCounters(): Counters {
  return { input: 0, output: 0, reasoning: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, webSearches: 0 };
}

/** Adds `other` to `into`. */
export function addCounters(into: Counters, other: Counters): void {
  for (const name of Object.keys(into) as (keyof Counters)[]) into[name] += other[name];
}

export function modelName(value: unknown): string | null {
  return text(value, MAX_NAME);
}

/** The error in a reply of any provider (`{"error": {"message", "type" | "status" | "code"}}`, or `{"message"}`); null when it holds none. */
export function errorIn(reply: Fields | null): ReplyError | null {
  const found = reply?.["error"] ?? null;
  if (typeof found === "string") return { kind: null, message: found.slice(0, MAX_MESSAGE) };
  const inner = fields(found) ?? (reply?.["type"] === "error" ? reply : null);
  if (inner === null) return null;
  const kind = [inner["type"], inner["status"], inner["code"]].find((value) => typeof value === "string" && value !== "error");
  const { message } = inner;
  return {
    kind: typeof kind === "string" ? kind.slice(0, 60) : null,
    message: typeof message === "string" ? message.slice(0, MAX_MESSAGE) : "no message",
  };
}
