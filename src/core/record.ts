/** The words of the ledger: what one model response is, before and after it is stored. */

/** Counters of one response, in tokens (searches in calls). Input excludes whatever was read from or written to a cache. */
export interface Counters {
  input: number;
  /** Reasoning included. */
  output: number;
  /** The part of `output` that was reasoning. */
  reasoning: number;
  cacheRead: number;
  cacheWrite5m: number;
  cacheWrite1h: number;
  webSearches: number;
}

export const COUNTER_NAMES = [
  "input",
  "output",
  "reasoning",
  "cacheRead",
  "cacheWrite5m",
  "cacheWrite1h",
  "webSearches",
] as const satisfies readonly (keyof Counters)[];

/** One model response as a source read it. Content never appears here: every field is named by its parser. */
export interface SourceRecord {
  /** The source's own stable key of the response (e.g. its message id): survives copies of a log. */
  key: string;
  /**
   * Tells apart billable responses that share a key (e.g. the request id). Null marks a replay: it is the same response as
   * whatever has that key, and whatever is not a replay wins over it.
   */
  variant: string | null;
  /** Id of the source, e.g. `claude-code`. */
  tool: string;
  /** As the price catalogue names it: `anthropic`, `openai`, ... */
  provider: string;
  model: string;
  sessionId: string;
  /** Unix milliseconds. */
  atMs: number;
  counters: Counters;
  /** The provider's fast mode, which is billed at a multiple. */
  fast: boolean;
  /** Where the agent stood, as logged; null when the log does not say. */
  cwd: string | null;
  /** What the log claims; used only where git cannot answer. */
  loggedBranch: string | null;
  /** The commit that the log says was checked out, usually when the session began; null when it does not say. */
  loggedCommit: string | null;
  /** What the agent itself says the response cost, in nano-dollars; null when it says nothing or, as on subscriptions, 0. */
  reportedNanoUsd: number | null;
  /** The counters or the model are not all known (e.g. a log without input tokens): the cost is marked as an estimate. */
  approximate: boolean;
  /** Files this response edited, as logged (absolute, or relative to `cwd`). Local only, never noted or sent. */
  files: readonly string[];
  /** Only of requests that boba itself sent or passed on. */
  via?: Via;
}

/** How a request went through boba. */
export interface Via {
  profile: string | null;
  /** The rule that chose the profile; null when none did. */
  ruleId: string | null;
  /** The profile was tried to learn of it, not chosen. */
  explore: boolean;
  /** From the request to the end of the reply; null when not measured. */
  latencyMs: number | null;
}

const RECORD_KEY = /^boba:[0-9a-f]{32}$/;

/** Whether a key is a record's id already, as an export writes it: a record that comes back is the same record. */
export const isRecordKey = (key: string): boolean => RECORD_KEY.test(key);

/**
 * Streaming writes one response as several lines whose counters only grow: the maximum of each is the truth. Cache writes are one counter in
 * two parts, and a line that does not know the parts puts it all in the first: the larger sum wins, on a tie the one with more in the second.
 */
export function mergeCounters(into: Counters, other: Counters): boolean {
  let grew = false;
  const more = other.cacheWrite5m + other.cacheWrite1h - (into.cacheWrite5m + into.cacheWrite1h);
  if (more > 0 || (more === 0 && other.cacheWrite1h > into.cacheWrite1h)) {
    into.cacheWrite5m = other.cacheWrite5m;
    into.cacheWrite1h = other.cacheWrite1h;
    grew = true;
  }
  // Written out: this runs once a line, and names looked up at run time cost ten times as much.
  if (other.input > into.input) {
    into.input = other.input;
    grew = true;
  }
  if (other.output > into.output) {
    into.output = other.output;
    grew = true;
  }
  if (other.reasoning > into.reasoning) {
    into.reasoning = other.reasoning;
    grew = true;
  }
  if (other.cacheRead > into.cacheRead) {
    into.cacheRead = other.cacheRead;
    grew = true;
  }
  if (other.webSearches > into.webSearches) {
    into.webSearches = other.webSearches;
    grew = true;
  }
  return grew;
}

/** Whether anything was used: agents also log the usage of requests that failed. */
export function isUsed(counters: Counters): boolean {
  return counters.input + counters.output + counters.cacheRead + counters.cacheWrite5m + counters.cacheWrite1h > 0;
}
