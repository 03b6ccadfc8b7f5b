/** How each agent is told which key, address and model to use: through its environment alone. Pure. */
import { own } from "./own.ts";

/** The agents that `boba run` knows, by the program's name. */
export interface KnownTool {
  /** The id of the source that reads its logs. */
  source: string;
  /** Whose profiles suit it; null: anyone's. */
  provider: string | null;
}

const KNOWN_TOOLS: Readonly<Record<string, KnownTool>> = {
  claude: { source: "claude-code", provider: "anthropic" },
  codex: { source: "codex", provider: "openai" },
  gemini: { source: "gemini", provider: "google" },
  opencode: { source: "opencode", provider: null },
};

/** What is known of a program, by the last part of its path; null for any other. */
export function knownTool(program: string): KnownTool | null {
  const name = program.split(/[\\/]/).at(-1) ?? "";
  return own(KNOWN_TOOLS, name) ?? null;
}

export interface ToolAccess {
  provider: string;
  key: string | null;
  /** Whether the key is sent as `Authorization: Bearer`, not in the provider's own header. */
  isBearer: boolean;
  /** Null: the provider's own address. */
  endpoint: string | null;
  model: string | null;
  /** Headers besides the one with the key. */
  headers: Readonly<Record<string, string>>;
}

/** A value of undefined takes the variable away: an inherited one would win over what is set. */
export type EnvChange = Readonly<Record<string, string | undefined>>;

/** The names of each provider's variables, as its own tools and SDKs read them. */
const NAMES: Readonly<Record<string, { key: string; base: string | null; model: string | null }>> = {
  anthropic: { key: "ANTHROPIC_API_KEY", base: "ANTHROPIC_BASE_URL", model: "ANTHROPIC_MODEL" },
  openai: { key: "OPENAI_API_KEY", base: "OPENAI_BASE_URL", model: null },
  google: { key: "GEMINI_API_KEY", base: "GOOGLE_GEMINI_BASE_URL", model: "GEMINI_MODEL" },
};

function namesOf(provider: string): { key: string; base: string | null; model: string | null } {
  return own(NAMES, provider) ?? { key: `${provider.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_")}_API_KEY`, base: null, model: null };
}

/** The variables that hold a key of this provider: of no other variable may the value be sent to it. */
export function keyVariables(provider: string): readonly string[] {
  if (provider === "anthropic") return ["ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN"];
  return provider === "google" ? ["GEMINI_API_KEY", "GOOGLE_API_KEY"] : [namesOf(provider).key];
}

/** What is to be set (and taken away) for the program `tool`. `inherited`: what it would get anyway. */
export function toolEnv(tool: string, access: ToolAccess, inherited: NodeJS.ProcessEnv): EnvChange {
  const { provider, key, endpoint, model } = access;
  const names = namesOf(provider);
  const change: Record<string, string | undefined> = {};
  if (key !== null) change[names.key] = key;
  if (endpoint !== null && names.base !== null) change[names.base] = endpoint;
  if (model !== null && names.model !== null) change[names.model] = model;
  if (provider === "anthropic") Object.assign(change, anthropic(access));
  // Gemini CLI would rather take this one.
  if (provider === "google" && key !== null) change["GOOGLE_API_KEY"] = undefined;
  if (tool === "opencode") Object.assign(change, opencode(access, inherited));
  return change;
}

/** Claude Code sends a key as `x-api-key` or a token as a bearer; with both set it asks which. */
function anthropic({ key, isBearer, headers }: ToolAccess): EnvChange {
  const more = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return {
    ...(key === null ? {} : isBearer ? { ANTHROPIC_API_KEY: undefined, ANTHROPIC_AUTH_TOKEN: key } : { ANTHROPIC_AUTH_TOKEN: undefined }),
    ...(more.length === 0 ? {} : { ANTHROPIC_CUSTOM_HEADERS: more.join("\n") }),
  };
}

/** opencode takes model and address from its configuration, which may come in a variable (opencode.ai/docs/config). One that is there stays. */
function opencode({ provider, endpoint, model }: ToolAccess, inherited: NodeJS.ProcessEnv): EnvChange {
  if (inherited["OPENCODE_CONFIG_CONTENT"] !== undefined || (endpoint === null && model === null)) return {};
  const config = {
    ...(model === null ? {} : { model: model.includes("/") ? model : `${provider}/${model}` }),
    ...(endpoint === null ? {} : { provider: { [provider]: { options: { baseURL: endpoint } } } }),
  };
  return { OPENCODE_CONFIG_CONTENT: JSON.stringify(config) };
}
