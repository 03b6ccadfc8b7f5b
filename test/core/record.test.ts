import { expect, test } from "vitest";
import { type Counters, mergeCounters } from "../../src/core/record.ts";

const make = (part: Partial<Counters>): Counters => ({
  input: 0,
  output: 0,
  reasoning: 0,
  cacheRead: 0,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  webSearches: 0,
  ...part,
});

test("merging takes the maximum of each counter and says whether anything grew", () => {
  const into = make({ input: 5, output: 2 });
  expect(mergeCounters(into, make({ input: 4, output: 9, webSearches: 1 }))).toBe(true);
  expect(into).toEqual(make({ input: 5, output: 9, webSearches: 1 }));
  expect(mergeCounters(into, make({ input: 5, output: 9 }))).toBe(false);
});

test("a line that does not know how long a cache write lasts adds nothing to one that does, in either order", () => {
  const flat = make({ cacheWrite5m: 300 });
  const split = make({ cacheWrite5m: 100, cacheWrite1h: 200 });
  for (const [first, second] of [
    [flat, split],
    [split, flat],
  ] as const) {
    const into = { ...first };
    mergeCounters(into, second);
    expect(into).toEqual(split);
  }
});
