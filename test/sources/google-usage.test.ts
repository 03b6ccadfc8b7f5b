import { expect, test } from "vitest";
import { googleCount } from "../../src/sources/google-usage.ts";

const NAMES = { prompt: "prompt", candidates: "candidates", cached: "cached", thoughts: "thoughts", tool: "tool", total: "total" };

test.each([
  ["cached is part of the prompt", { prompt: 100, candidates: 10, cached: 60, total: 110 }, [40, 10, 0, 60]],
  ["thoughts come on top", { prompt: 100, candidates: 10, cached: 60, thoughts: 5, total: 115 }, [40, 15, 5, 60]],
  ["thoughts are among the candidates", { prompt: 100, candidates: 10, thoughts: 5, total: 110 }, [100, 10, 5, 0]],
  ["cached comes on top", { prompt: 100, candidates: 10, cached: 60, total: 170 }, [100, 10, 0, 60]],
  ["cached and thoughts come on top", { prompt: 100, candidates: 10, cached: 60, thoughts: 5, total: 175 }, [100, 15, 5, 60]],
  ["cached comes on top, thoughts do not", { prompt: 100, candidates: 10, cached: 60, thoughts: 5, total: 170 }, [100, 10, 5, 60]],
  ["more was cached than the prompt holds", { prompt: 100, candidates: 10, cached: 160 }, [100, 10, 0, 160]],
  ["as much was cached as was thought", { prompt: 100, candidates: 10, cached: 5, thoughts: 5, total: 115 }, [95, 15, 5, 5]],
  ["tools add to the prompt", { prompt: 100, candidates: 10, tool: 7, total: 117 }, [107, 10, 0, 0]],
  ["no total: Google's meaning", { prompt: 100, candidates: 10, cached: 60, thoughts: 5 }, [40, 15, 5, 60]],
])("%s", (_, usage, [input, output, reasoning, cacheRead]) => {
  expect(googleCount(usage, NAMES)).toMatchObject({ counters: { input, output, reasoning, cacheRead }, approximate: false });
});

test("only a total: all of it is taken for input, and the record is an estimate", () => {
  expect(googleCount({ total: 90 }, NAMES)).toMatchObject({ counters: { input: 90, output: 0 }, approximate: true });
});

test.each([{ prompt: -1 }, { prompt: 1, candidates: 0.5 }, { prompt: 1, total: "2" }, { cached: 1e13 }])("%o is no count", (usage) => {
  expect(googleCount(usage, NAMES)).toBeNull();
});
