/** Which protocol a profile speaks. */
import type { Wire } from "../wire.ts";
import { ANTHROPIC } from "./anthropic.ts";
import { GEMINI } from "./gemini.ts";
import { OPENAI_CHAT } from "./openai-chat.ts";
import { OPENAI_RESPONSES } from "./openai-responses.ts";
import { own } from "../../core/own.ts";

/** Providers that speak the protocol of OpenAI's Chat Completions, at their own addresses. */
const BASES: Readonly<Record<string, string>> = {
  deepseek: "https://api.deepseek.com/v1",
  fireworks: "https://api.fireworks.ai/inference/v1",
  groq: "https://api.groq.com/openai/v1",
  mistral: "https://api.mistral.ai/v1",
  moonshotai: "https://api.moonshot.ai/v1",
  openrouter: "https://openrouter.ai/api/v1",
  together: "https://api.together.xyz/v1",
  "x-ai": "https://api.x.ai/v1",
};

export interface Spoken {
  wire: Wire;
  endpoint: string;
  /** It is the provider's own address, so that whatever key is the provider's may go there. */
  isOwn: boolean;
}

/**
 * What is spoken at `endpoint` (null: the provider's own address). An address that names a protocol's path decides; then the provider; whoever
 * else has an address speaks the protocol that all others imitate. Null: nothing says where to ask.
 */
export function wireFor(provider: string, endpoint: string | null): Spoken | null {
  const path = endpoint === null ? "" : new URL(endpoint).pathname.replace(/\/+$/, "");
  const wire = byPath(path) ?? byProvider(provider, endpoint);
  const base = own(BASES, provider) ?? (["anthropic", "google", "openai"].includes(provider) ? wire.base : null);
  const address = endpoint ?? base;
  if (address === null) return null;
  return { wire, endpoint: address, isOwn: base !== null && new URL(address).origin === new URL(base).origin };
}

function byPath(path: string): Wire | null {
  if (path.endsWith("/chat/completions")) return OPENAI_CHAT;
  if (path.endsWith("/responses")) return OPENAI_RESPONSES;
  return path.endsWith("/messages") ? ANTHROPIC : null;
}

function byProvider(provider: string, endpoint: string | null): Wire {
  if (provider === "anthropic") return ANTHROPIC;
  if (provider === "google") return GEMINI;
  // OpenAI sells its newest models through Responses alone; what else is called OpenAI is compatible with Chat.
  const isOpenAi = endpoint === null || new URL(endpoint).hostname === "api.openai.com";
  return provider === "openai" && isOpenAi ? OPENAI_RESPONSES : OPENAI_CHAT;
}
