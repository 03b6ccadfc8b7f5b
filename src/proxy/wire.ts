/** What boba needs to know of a protocol that providers speak. Which one a profile means is told in `providers/index.ts`. */
import type { Meter } from "./reply.ts";

/** One request for one answer. */
export interface Ask {
  model: string;
  prompt: string;
  system: string | null;
  /** No more than so many tokens in the answer; null: what the profile or the provider says. */
  maxTokens: number | null;
  stream: boolean;
  /** The profile's own, passed on as written. */
  params: Readonly<Record<string, number | string | boolean>>;
}

export interface Wire {
  id: "anthropic" | "openai-chat" | "openai-responses" | "gemini";
  /** The provider's own address. */
  base: string;
  /** Where an answer is asked for, below a profile's endpoint (which may also name the whole path). */
  url(endpoint: string, ask: Pick<Ask, "model" | "stream">): string;
  /** Where the list of models is, which costs nothing to ask for. */
  models(endpoint: string): string;
  /** The header that carries a key. */
  key(secret: string): readonly [name: string, value: string];
  headers: Readonly<Record<string, string>>;
  body(ask: Ask): unknown;
  meter(): Meter;
}

const VERSION = /^v\d+(?:(?:alpha|beta)\d*)?$/;

/**
 * The address of `last` below an endpoint: that very path, a base that ends with a version (`/v1`), or a bare host, to which `version` is added.
 * A query (`?api-version=...`) stays.
 */
export function endOf(endpoint: string, version: string, last: string, query: Readonly<Record<string, string>> = {}): string {
  const url = new URL(endpoint);
  const parts = url.pathname.split("/").filter((part) => part !== "");
  const ends = ENDS.find((end) => `/${parts.join("/")}`.endsWith(`/${end}`));
  const base = ends === undefined ? parts : parts.slice(0, parts.length - ends.split("/").length);
  // A path of the user's own without a version (e.g. of a gateway) may well have none.
  const isVersioned = base.some((part) => VERSION.test(part)) || (ends !== undefined && base.length > 0);
  url.pathname = `/${[...base, ...(isVersioned ? [] : [version]), last].join("/")}`;
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url.href;
}

/** What an endpoint may end with when it names the whole path. */
const ENDS = ["chat/completions", "responses", "messages", "models"] as const;
