/** What is known of one request when its profile is chosen. Null stands for unknown: nothing is ever concluded from it. */

export interface RouteContext {
  /** The last thing the user said, capped by `capText`; never printed. */
  text: string | null;
  /** Characters (UTF-16 units) of everything that is sent, earlier turns included. */
  ctxChars: number | null;
  intent: string | null;
  /** A label of what is being done; never printed, as it may repeat the text. */
  task: string | null;
  branch: string | null;
  project: string | null;
  projectTypes: readonly string[] | null;
  /** The main one of the project's types. */
  projectType: string | null;
  repo: string | null;
  model: string | null;
  tool: string | null;
  stream: boolean | null;
  hasImage: boolean | null;
  /** Minutes since midnight on the user's clock, 0 to 1439. */
  minuteOfDay: number | null;
  /** Null: there is no budget, so nothing can be compared with it. */
  budget: BudgetFacts | null;
}

/** US dollars of the limit with the least left, as far as they are known. */
export interface BudgetFacts {
  remainingUsd: number | null;
  spentUsd: number | null;
  limitUsd: number | null;
}

/** A request of which nothing is known. */
export const UNKNOWN_CONTEXT: RouteContext = {
  text: null,
  ctxChars: null,
  intent: null,
  task: null,
  branch: null,
  project: null,
  projectTypes: null,
  projectType: null,
  repo: null,
  model: null,
  tool: null,
  stream: null,
  hasImage: null,
  minuteOfDay: null,
  budget: null,
};

const MAX_TEXT = 64 * 1024;
const HALF = MAX_TEXT / 2;

/** Bounds what patterns are run on: of a text above 64 Ki characters, its first and last half of that. Capping twice changes nothing. */
export function capText(text: string): string {
  return text.length <= MAX_TEXT ? text : `${text.slice(0, HALF - 1)}\n${text.slice(-HALF)}`;
}
