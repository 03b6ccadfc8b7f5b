import { describe, expect, it } from "vitest";
import type { Pricer } from "../../src/core/price.ts";
import { CacheMisses } from "../../src/core/suggestions/cache-misses.ts";
import { type Candidate, CheaperModels, type SeenRecord } from "../../src/core/suggestions/cheaper-model.ts";

/** 10 $ a million input tokens, 50 $ output, 1 $ cache reads, 12.5 $ cache writes; `small` costs a tenth. `new` has no price. */
const price: Pricer = (_, model, __, counters) => {
  const rate = model === "small" ? 1 : 10;
  const cost = counters.input * 1000 + counters.output * 5000 + counters.cacheRead * 100 + counters.cacheWrite5m * 1250;
  return model === "new"
    ? { costNanoUsd: null, source: null, level: "exact" }
    : { costNanoUsd: cost * rate, source: "test", level: "exact" };
};

function record(more: Partial<SeenRecord>): SeenRecord {
  const counters = { input: 0, output: 0, reasoning: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, webSearches: 0 };
  const made = { ...counters, tsMs: 0, session: "s", tool: "t", provider: "p", model: "big", fast: false, costNanoUsd: 0, ...more };
  return { ...made, costNanoUsd: more.costNanoUsd === null ? null : price(made.provider, made.model, 0, made, false).costNanoUsd };
}

const times = <T>(count: number, make: (at: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at));

describe("a cheaper model for short requests", () => {
  const small: Candidate = { provider: "p", model: "small", profile: "cheap" };
  const found = (records: SeenRecord[], candidates: Candidate[] = [small]) => {
    const models = new CheaperModels(candidates, price);
    for (const one of records) models.add(one);
    return models.suggestions();
  };
  // 1,000 in and 200 out are 0.02 $ each with big, 0.002 $ with small.
  const short = (at: number, more: Partial<SeenRecord> = {}) => record({ session: `s${at % 2}`, input: 1000, output: 200, ...more });

  it("60 of them: 1.20 $ would have been 0.12 $", () => {
    const long = times(20, () => short(9, { input: 4001 }));
    const wordy = times(20, () => short(9, { output: 1001 }));
    const unpriced = times(20, () => short(9, { costNanoUsd: null }));
    expect(found([...times(60, short), ...long, ...wordy, ...unpriced])).toMatchObject([
      {
        type: "cheaper-model",
        title: "60 short requests to big would have cost $0.12 instead of $1.20 with small",
        savingNanoUsd: 1_080_000_000,
        // 60 / (60 + 50) x 0.7
        confidence: 0.38,
        evidence: {
          requests: 60,
          costNanoUsd: 1_200_000_000,
          sessions: ["s0", "s1"],
          facts: { other_cost_usd: 0.12, model: "big", other_model: "small" },
        },
        apply: { file: "routes.yaml", append: true, value: { id: "short-big", if: "model == 'big' && ctx_chars < 16000", use: "cheap" } },
      },
    ]);
  });

  it("none for too few, for too small a saving, for another provider's model, for a model without a price", () => {
    expect(found(times(49, (at) => short(at, { input: 4000 })))).toEqual([]);
    expect(found(times(55, short))).toEqual([]);
    expect(found(times(60, short), [{ ...small, provider: "q" }])).toEqual([]);
    expect(found(times(60, short), [{ ...small, model: "new" }])).toEqual([]);
  });

  it("a record that cost more by an older list counts with what it costs by this one", () => {
    const big = { provider: "p", model: "big", profile: null };
    const dear = times(60, (at) => ({ ...short(at, { model: "small", input: 4000, output: 1000 }), costNanoUsd: 1_000_000_000 }));
    expect(found(dear, [big])).toEqual([]);
    const older = times(60, (at) => ({ ...short(at), costNanoUsd: 1_000_000_000 }));
    expect(found(older)).toMatchObject([{ savingNanoUsd: 1_080_000_000 }]);
  });

  it("of several the one that saves most; without a profile there is no rule to write", () => {
    const other = { provider: "p", model: "other", profile: "x" };
    expect(found(times(60, short), [other, { ...small, profile: null }])).toMatchObject([{ savingNanoUsd: 1_080_000_000, apply: null }]);
  });

  it("a model's name from a log does not become a condition", () => {
    const model = "x' || true || 'x";
    expect(found(times(60, (at) => short(at, { model })))).toMatchObject([{ apply: null, evidence: { facts: { model } } }]);
  });
});

describe("cache misses", () => {
  const found = (records: SeenRecord[]) => {
    const misses = new CacheMisses(price);
    for (const one of records) misses.add(one);
    return misses.suggestions();
  };
  const session = (name: string, more: (at: number) => Partial<SeenRecord> = () => ({})) =>
    times(5, (at) => record({ session: name, tsMs: at * 60_000, input: 50_000, ...more(at) }));

  it("three sessions that sent 50,000 tokens five times each", () => {
    // The first request would have cost 12.5 $ instead of 10 $ a million (0.125 $ more), four others 1 $ (0.45 $ less each): 1.675 $ a session.
    expect(found(["a", "b", "c"].flatMap((name) => session(name)))).toMatchObject([
      {
        type: "cache-misses",
        savingNanoUsd: 5_025_000_000,
        confidence: 0.4,
        evidence: {
          requests: 15,
          costNanoUsd: 7_500_000_000,
          sessions: ["a", "b", "c"],
          facts: { missed_tokens: 600_000, repeated_tokens: 600_000 },
        },
        apply: null,
      },
    ]);
  });

  it.each<[string, (at: number) => Partial<SeenRecord>]>([
    ["read from the cache", () => ({ input: 1000, cacheRead: 49_000 })],
    ["more than five minutes apart", (at) => ({ tsMs: at * 300_001 })],
    ["each of another model", (at) => ({ model: `m${at}` })],
    ["without a price", () => ({ costNanoUsd: null })],
    ["written to the cache each time", () => ({ input: 0, cacheWrite5m: 50_000 })],
  ])("none for prompts that are %s", (_, more) => {
    expect(found(["a", "b", "c"].flatMap((name) => session(name, more)))).toEqual([]);
  });

  it("none for two sessions, nor for short ones", () => {
    expect(found(["a", "b"].flatMap((name) => session(name)))).toEqual([]);
    expect(found(["a", "b", "c"].flatMap((name) => session(name).slice(1)))).toEqual([]);
  });
});
