/**
 * Long prompts: above a number of tokens the whole request costs more, input and caches x2, output x1.5. The price catalogue knows most of it; this
 * is what it leaves out at some providers, and where it begins a token too early.
 */

interface LongContext {
  /** The maker's own name, without a date. */
  model: RegExp;
  /** Strictly above. */
  abovePromptTokens: number;
  /** Unix milliseconds; the rule holds for requests before. */
  untilMs: number;
}

const ALWAYS = Number.POSITIVE_INFINITY;
const ANTHROPIC = 200_000;
const GOOGLE = 200_000;
const OPENAI = 272_000;

/**
 * From the makers' price pages: Anthropic "Long context pricing" (Sonnet 4 and 4.5; Opus and Sonnet 4.6 until their window of a million tokens went to
 * the plain price on 2026-03-13), OpenAI's model pages from gpt-5.4 on ("prompts with more than 272K input tokens"), Google's Gemini API pricing.
 */
const RULES: readonly LongContext[] = [
  { model: /^claude-sonnet-4(?:-0|-5)?$/, abovePromptTokens: ANTHROPIC, untilMs: ALWAYS },
  { model: /^claude-(?:opus|sonnet)-4-6$/, abovePromptTokens: ANTHROPIC, untilMs: Date.UTC(2026, 2, 13) },
  { model: /^gpt-5\.[45](?:-pro)?$/, abovePromptTokens: OPENAI, untilMs: ALWAYS },
  { model: /^gpt-(?:5\.6|6)-(?:luna|sol|terra|astra)$/, abovePromptTokens: OPENAI, untilMs: ALWAYS },
  { model: /^gemini-(?:2\.5|3|3\.1)-pro(?:-preview)?$/, abovePromptTokens: GOOGLE, untilMs: ALWAYS },
];

export const LONG_CONTEXT_RATIO = { input: 2, cacheRead: 2, cacheWrite5m: 2, cacheWrite1h: 2, output: 1.5 } as const;

/** Where the long-context price of a model begins by its maker's rules, or null. `plain` is the maker's own name (`plainName`). */
export function longContextStart(plain: string, atMs: number): number | null {
  return RULES.find(({ model, untilMs }) => model.test(plain) && atMs < untilMs)?.abovePromptTokens ?? null;
}

/** The catalogue writes OpenAI's "more than 272K" as above 271,999 for some models and above 272,000 for others; the page says more than. */
export function tierStart(listed: number): number {
  return listed === OPENAI - 1 ? OPENAI : listed;
}
