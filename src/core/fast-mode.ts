/** What a provider's fast mode multiplies a bill by. Not in the price catalogue: from the providers' price pages. */
import { makerOf, plainName } from "./model-names.ts";
import { own } from "./own.ts";

const TENTHS: Readonly<Record<string, number>> = {
  "claude-opus-4-6": 60,
  "claude-opus-4-7": 60,
  "claude-opus-4-8": 20,
  "gpt-5.5": 25,
  "gpt-5.4": 20,
  "gpt-5.3-codex": 20,
};
/** OpenAI sells every model of the coding agent that has a fast tier at twice the price unless it says otherwise. */
const OPENAI_DEFAULT = 20;

/** Tenths (25 = x2.5) for a model under any of its names; null when none is known. */
export function fastTenths(model: string): number | null {
  return own(TENTHS, plainName(model)) ?? (makerOf(model) === "openai" ? OPENAI_DEFAULT : null);
}
