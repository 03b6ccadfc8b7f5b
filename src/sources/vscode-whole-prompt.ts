/** How Roo Code and Kilo Code came to count the whole prompt as input. */
import type { Dialect } from "./vscode-rows.ts";

/**
 * From a release on, `tokensIn` is the whole prompt with what was read from and written to a cache (Roo's
 * packages/core/src/message-utils/consolidateTokenUsage.ts). Before it, that held for OpenAI's protocol, and Anthropic's had fresh input alone.
 * Rows name no version, so their time decides; less than what was cached is never the whole.
 */
export function wholePromptSince(sinceMs: number): Dialect["input"] {
  return ({ tokensIn, cacheReads, cacheWrites, atMs, protocol }) => {
    const cached = cacheReads + cacheWrites;
    const isFresh = tokensIn < cached || (atMs < sinceMs && protocol !== "openai");
    return { input: isFresh ? tokensIn : tokensIn - cached, cacheWrite: cacheWrites };
  };
}
