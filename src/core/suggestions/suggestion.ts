/** Suggestions: what could be spent less on, worked out from records. Pure. */
import { hash } from "node:crypto";

export const SUGGESTION_TYPES = [
  "cheaper-model",
  "cache-misses",
  "runaway-session",
  "abandoned-branch",
  "budget-trend",
  "day-anomaly",
] as const;
export type SuggestionType = (typeof SUGGESTION_TYPES)[number];

/** What a suggestion rests on: sums, and where to look. Never content. */
export interface Evidence {
  requests: number;
  costNanoUsd: number;
  /** Ids of a few sessions, dearest first where they differ. */
  sessions: readonly string[];
  commits: readonly string[];
  /** More figures by name: amounts in US dollars end in `_usd`. */
  facts: Readonly<Record<string, number | string>>;
}

/** A change of one value in one of the user's own files. */
export interface Edit {
  file: "routes.yaml" | "settings.yaml";
  /** For people. */
  what: string;
  path: readonly string[];
  value: unknown;
  /** The value goes to the end of the list at `path`, instead of replacing what is there. */
  append: boolean;
}

export interface Suggestion {
  /** 8 hex digits: the same type and subject have the same id, whenever and wherever they are found. */
  id: string;
  type: SuggestionType;
  title: string;
  evidence: Evidence;
  /** What the records would have cost less; null where that cannot be said. */
  savingNanoUsd: number | null;
  /** 0 to 1, see `weight`. */
  confidence: number;
  /** Null where no file of boba's could change it. */
  apply: Edit | null;
}

export function suggestion(type: SuggestionType, subject: string, rest: Omit<Suggestion, "id" | "type">): Suggestion {
  return { id: hash("sha256", `${type}\0${subject}`).slice(0, 8), type, ...rest };
}

/** How many days back records are looked at. */
export const WINDOW_DAYS = 30;
/** With less than this in the window, nothing is suggested. */
export const LEAST = { requests: 50, days: 7 } as const;
/** Less is not worth anybody's time. */
export const LEAST_SAVING_NANO_USD = 1_000_000_000;
/** How many examples are named. */
export const EXAMPLES = 3;

/**
 * Confidence that grows with what was seen: one half at `half` cases, towards 1 with more; times how sure the conclusion itself is. Rounded down
 * to two decimals.
 */
export function weight(cases: number, half: number, sureness = 1): number {
  return Math.floor((cases / (cases + half)) * sureness * 100 + 1e-9) / 100;
}

/** Largest expected saving first; what has none last; ties by id. */
export function bySaving(a: Suggestion, b: Suggestion): number {
  const worth = ({ savingNanoUsd, confidence }: Suggestion) => (savingNanoUsd === null ? -1 : savingNanoUsd * confidence);
  return worth(b) - worth(a) || (a.id < b.id ? -1 : 1);
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

/** Makes the median absolute deviation comparable with a standard deviation, where values are spread as usual. */
const MAD_SCALE = 1.4826;

/** The median, and the value from which on one is unusual: `k` robust deviations above it, and never less than `factor` times it. */
export function unusualAbove(values: readonly number[], k: number, factor: number): { median: number; threshold: number } {
  const middle = median(values);
  const deviation = MAD_SCALE * median(values.map((value) => Math.abs(value - middle)));
  return { median: middle, threshold: Math.max(middle + k * deviation, middle * factor) };
}
