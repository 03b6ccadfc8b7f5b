/** Sessions that sent the same prompt again and again at the full price, where reading it from the provider's cache costs a part of it. Pure. */
import { formatTokens, formatUsd } from "../money.ts";
import type { Pricer } from "../price.ts";
import { promptOf, type SeenRecord } from "./cheaper-model.ts";
import { EXAMPLES, LEAST_SAVING_NANO_USD, type Suggestion, suggestion, weight } from "./suggestion.ts";

/** What a cache keeps at the least: https://docs.claude.com/en/docs/build-with-claude/prompt-caching (5 minutes; other providers keep longer). */
const CACHE_MS = 5 * 60_000;
const LEAST_REQUESTS = 5;
const LEAST_MISSED_TOKENS = 100_000;
/** Of what could have been read from the cache, this part was not. */
const LEAST_MISSED_SHARE = 0.5;
const LEAST_SESSIONS = 3;
/** A prompt whose beginning changed cannot be read from a cache, and the ledger does not hold prompts. */
const SURENESS = 0.8;

interface Session {
  id: string;
  requests: number;
  costNanoUsd: number;
  repeated: number;
  missed: number;
  savingNanoUsd: number;
}

/** Takes the records of each session one after the other, in order of time. */
export class CacheMisses {
  private readonly found = new Map<string, Session[]>();
  private readonly price: Pricer;
  private last: { record: SeenRecord; session: Session } | null = null;

  constructor(price: Pricer) {
    this.price = price;
  }

  add(record: SeenRecord): void {
    const { last } = this;
    const same =
      last !== null && last.record.session === record.session && last.record.tool === record.tool && last.record.model === record.model;
    if (!same) this.endSession();
    const fresh = { id: record.session, requests: 0, costNanoUsd: 0, repeated: 0, missed: 0, savingNanoUsd: 0 };
    const session: Session = same ? last.session : fresh;
    session.requests++;
    session.costNanoUsd += record.costNanoUsd ?? 0;
    const repeated = same && record.tsMs - last.record.tsMs <= CACHE_MS ? Math.min(promptOf(last.record), promptOf(record)) : 0;
    const missed = Math.max(0, Math.min(repeated - record.cacheRead, record.input));
    session.repeated += repeated;
    session.missed += missed;
    session.savingNanoUsd += this.savingOf(record, missed);
    this.last = { record, session };
  }

  /** What reading `missed` tokens from the cache would have saved, less what it costs to put the rest of the input there. */
  private savingOf(record: SeenRecord, missed: number): number {
    if (record.costNanoUsd === null || record.input === 0) return 0;
    const rest = record.input - missed;
    const counters = { ...record, input: 0, cacheRead: record.cacheRead + missed, cacheWrite5m: record.cacheWrite5m + rest };
    const price = (then: SeenRecord) => this.price(record.provider, record.model, record.tsMs, then, record.fast).costNanoUsd;
    // Where writing to the cache has no price of its own, it costs what the input does.
    const then = price(counters) ?? price({ ...counters, input: rest, cacheWrite5m: record.cacheWrite5m });
    // Priced by an older, higher list, it must not look as if the cache were to blame.
    return then === null ? 0 : Math.min(record.costNanoUsd, price(record) ?? record.costNanoUsd) - then;
  }

  private endSession(): void {
    if (this.last === null) return;
    const { record, session } = this.last;
    const { requests, missed, repeated, savingNanoUsd } = session;
    this.last = null;
    if (requests < LEAST_REQUESTS || missed < LEAST_MISSED_TOKENS || missed < repeated * LEAST_MISSED_SHARE || savingNanoUsd <= 0) return;
    const key = `${record.tool}\0${record.model}`;
    this.found.set(key, [...(this.found.get(key) ?? []), session]);
  }

  suggestions(): Suggestion[] {
    this.endSession();
    return [...this.found].flatMap(([key, sessions]) => {
      const sum = (pick: (session: Session) => number) => sessions.reduce((total, session) => total + pick(session), 0);
      const saving = sum(({ savingNanoUsd }) => savingNanoUsd);
      if (sessions.length < LEAST_SESSIONS || saving < LEAST_SAVING_NANO_USD) return [];
      const [tool = "", model = ""] = key.split("\0");
      const missed = sum((session) => session.missed);
      return suggestion("cache-misses", key, {
        title: `${sessions.length} sessions of ${tool} sent ${formatTokens(missed)} tokens to ${model} again at the full price; from the cache they would cost ${formatUsd(saving)} less`,
        evidence: {
          requests: sum(({ requests }) => requests),
          costNanoUsd: sum(({ costNanoUsd }) => costNanoUsd),
          sessions: sessions
            .toSorted((a, b) => b.savingNanoUsd - a.savingNanoUsd)
            .slice(0, EXAMPLES)
            .map(({ id }) => id),
          commits: [],
          facts: { tool, model, sessions_found: sessions.length, missed_tokens: missed, repeated_tokens: sum(({ repeated }) => repeated) },
        },
        savingNanoUsd: saving,
        confidence: weight(sessions.length, LEAST_SESSIONS, SURENESS),
        apply: null,
      });
    });
  }
}
