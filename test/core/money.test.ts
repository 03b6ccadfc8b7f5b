import { describe, expect, it } from "vitest";
import { counted, decimalsFor, formatCost, formatShare, formatTokens, formatUsd, groupDigits } from "../../src/core/money.ts";

describe("money", () => {
  it.each([
    [0, "$0.00"],
    [4_200_000_000, "$4.20"],
    [4_999_999, "<$0.01"],
    [5_000_000, "$0.01"],
    [1_234_567_895_000_000, "$1,234,567.90"],
  ])("writes %i nano-dollars as %s", (nano, text) => expect(formatUsd(nano)).toBe(text));

  it("writes a floor where some requests are unpriced, and n/a where all are", () => {
    expect(formatCost({ costNanoUsd: 4_200_000_000, requests: 3, unpricedRequests: 1 })).toBe(">= $4.20");
    // It is at least that much: never rounded up.
    expect(formatCost({ costNanoUsd: 4_206_000_000, requests: 3, unpricedRequests: 1 })).toBe(">= $4.20");
    expect(formatCost({ costNanoUsd: 3_000_000, requests: 3, unpricedRequests: 1 })).toBe(">= $0.00");
    expect(formatCost({ costNanoUsd: 0, requests: 3, unpricedRequests: 3 })).toBe("n/a");
    expect(formatCost({ costNanoUsd: 0, requests: 0, unpricedRequests: 0 })).toBe("$0.00");
    expect(formatCost({ costNanoUsd: 4_200_000_000, requests: 3, unpricedRequests: 0 })).toBe("$4.20");
  });

  it("takes as many decimals as the rows need to add up in print", () => {
    // 0.015 + 0.015: in cents 2 + 2 against 3; in tenths of a cent 15 + 15 = 30.
    expect(decimalsFor([{ rows: [15_000_000, 15_000_000], total: 30_000_000 }])).toBe(3);
    expect(decimalsFor([{ rows: [1_000_000_000, 2_500_000_000], total: 3_500_000_000 }])).toBe(2);
    // Ten rows of 0.00006: 10 x 0.000 against 0.001, then 10 x 0.0001 against 0.0006. No number of decimals helps.
    expect(decimalsFor([{ rows: Array<number>(10).fill(60_000), total: 600_000 }])).toBe(2);
  });

  it.each([
    [999, "999"],
    [1000, "1.0K"],
    [12_449, "12.4K"],
    [999_949, "999.9K"],
    [999_950, "1.0M"],
    [3_140_000_000, "3.1B"],
  ])("writes %i tokens as %s", (tokens, text) => expect(formatTokens(tokens)).toBe(text));

  it("rounds shares down", () => {
    expect(formatShare(999, 1000)).toBe("99%");
    expect(formatShare(29, 100)).toBe("29%");
    expect(formatShare(1, 0)).toBe("-");
  });

  it("groups digits", () => {
    expect([1, 999, 1000, 1234567].map(groupDigits)).toEqual(["1", "999", "1,000", "1,234,567"]);
    expect([0, 1, 2, 12345].map((count) => counted(count, "file"))).toEqual(["0 files", "1 file", "2 files", "12,345 files"]);
  });
});
