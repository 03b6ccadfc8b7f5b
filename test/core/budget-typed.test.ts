import { describe, expect, it } from "vitest";
import { parseLimit } from "../../src/core/budget-typed.ts";

describe("limits as they are typed", () => {
  it.each([
    ["daily=10", { period: "daily", usd: 10, days: null }],
    ["weekly=$99.50", { period: "weekly", usd: 99.5, days: null }],
    ["monthly=none", { period: "monthly", usd: null, days: null }],
    ["rolling=200", { period: "rolling", usd: 200, days: 30 }],
    ["rolling=0.5/7d", { period: "rolling", usd: 0.5, days: 7 }],
    ["rolling=none", { period: "rolling", usd: null, days: 30 }],
    [" daily=0 ", { period: "daily", usd: 0, days: null }],
  ])("%s", (typed, limit) => expect(parseLimit(typed)).toEqual(limit));

  it.each([
    "",
    "daily",
    "daily=",
    "daily=-1",
    "daily=1e3",
    "daily=1,5",
    "daily=1000001",
    "daily=5/30d",
    "rolling=5/0d",
    "rolling=5/367d",
    "yearly=5",
    "Daily=5",
    "daily=Infinity",
  ])("refuses %j", (typed) => {
    expect(() => parseLimit(typed)).toThrow(
      expect.objectContaining({ code: "BOBA-BUD-5", exit: 2, hint: expect.stringContaining("daily=10") }),
    );
  });
});
