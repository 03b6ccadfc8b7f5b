/** Which model a Codex log means, and who bills for it. */
import { providerOf } from "../core/providers.ts";

/** What logs call whatever model reviews approvals at the time. */
const AUTO_REVIEW = "codex-auto-review";
/** Where a log names no model at all (Codex before September 2025). */
const GUESS = "gpt-5";

/** What settings and logs call the fast tier, and the plain one. Others (`flex`) are billed as the plain one, and marked as estimates. */
export const FAST_TIERS: ReadonlySet<string> = new Set(["fast", "priority"]);
export const PLAIN_TIERS: ReadonlySet<string> = new Set(["default", "standard", "auto"]);

/** Codex's models by the day they came out, newest first, as models.dev dates them. */
const RELEASED: readonly (readonly [dayMs: number, model: string])[] = [
  [Date.UTC(2026, 3, 23), "gpt-5.5"],
  [Date.UTC(2026, 2, 5), "gpt-5.4"],
  [Date.UTC(2026, 1, 5), "gpt-5.3-codex"],
  [Date.UTC(2025, 11, 11), "gpt-5.2-codex"],
  [Date.UTC(2025, 10, 13), "gpt-5.1-codex"],
  [Date.UTC(2025, 8, 15), "gpt-5-codex"],
];

/** The model to bill for what the log names at a time, and whether that had to be assumed. */
export function billedModel(named: string | null, atMs: number): { model: string; assumed: boolean } {
  if (named === null) return { model: GUESS, assumed: true };
  if (named !== AUTO_REVIEW) return { model: named, assumed: false };
  return { model: RELEASED.find(([dayMs]) => atMs >= dayMs)?.[1] ?? GUESS, assumed: true };
}

/** Providers that Codex or its users call by their usual names. Any other is a name from the user's own settings: whose model it is decides. */
const USUAL =
  /^(?:openai|azure|azure-openai|openrouter|amazon-bedrock|bedrock|ollama(?:-chat)?|lmstudio|oss|groq|mistral|deepseek|xai|google|gemini|anthropic|fireworks|together|togetherai)$/i;

export function billedBy(named: string | null, model: string): string {
  return providerOf(named !== null && USUAL.test(named) ? named : null, model, "openai");
}
