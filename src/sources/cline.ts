/** Cline, for VS Code and on its own (which keeps the same folders below ~/.cline/data). */
import type { Source } from "./source.ts";
import { vscodeTasks } from "./vscode-tasks.ts";

/**
 * Cline keeps fresh input and cache apart, as its own sums of them do (src/shared/getApiMetrics.ts); but these of its providers hand on the
 * `prompt_tokens` of an OpenAI-like service, which hold what was read from a cache (src/core/api/providers/*.ts).
 */
const WHOLE_PROMPT = new Set(["openai", "litellm", "doubao", "fireworks", "hicap", "lmstudio", "qwen", "xai", "zai"]);

export const cline: Source = vscodeTasks({
  id: "cline",
  name: "Cline",
  extension: "saoudrizwan.claude-dev",
  alsoAt: [".cline/data"],
  // "OpenAI Compatible"
  anyService: "openai",
  input({ tokensIn, cacheReads, cacheWrites, provider }) {
    if (provider === null || !WHOLE_PROMPT.has(provider)) return { input: tokensIn, cacheWrite: cacheWrites };
    // What the first calls a cache write is the `prompt_cache_miss_tokens` of DeepSeek: plain input.
    const cacheWrite = provider === "openai" ? 0 : cacheWrites;
    return { input: Math.max(0, tokensIn - cacheReads - cacheWrite), cacheWrite };
  },
});
