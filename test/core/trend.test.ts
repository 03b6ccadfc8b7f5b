/** Days and weeks in a row, and what a month may cost; every figure worked out by hand. */
import { expect, test } from "vitest";
import { SLOT_S, type Sum } from "../../src/core/grouping.ts";
import { projectionFromS, projectionOf } from "../../src/core/projection.ts";
import { zeroCounts } from "../../src/core/summary.ts";
import { trendOf } from "../../src/core/trend.ts";
import { sparkline } from "../../src/report/sparkline.ts";
import { at, clockIn } from "../helpers/zone.ts";

/** A dollar amount at an instant, as the store sums it. */
const spent = (iso: string, dollars: number | null): Sum => ({
  repo: null,
  branch: null,
  commit: null,
  value: Math.floor(at(iso) / SLOT_S),
  counts: { ...zeroCounts(), requests: 1, costNanoUsd: (dollars ?? 0) * 1e9, unpricedRequests: dollars === null ? 1 : 0 },
});

const ALL = { fromS: null, toS: null };
const OPEN = (fromS: number) => ({ fromS, toS: null });

test("every day from the first record to today, also through the days of 23 and 25 hours, empty ones included", () => {
  const clock = clockIn("Europe/Berlin", "2026-10-27T08:00:00Z");
  // Midnight of the 25th is 22:00Z, of the 26th and after 23:00Z.
  const sums = [
    spent("2026-10-24T21:45:00Z", 1),
    spent("2026-10-24T22:00:00Z", 2),
    spent("2026-10-25T22:45:00Z", 4),
    spent("2026-10-26T23:00:00Z", 8),
  ];
  const { periods } = trendOf("daily", sums, ALL, clock);
  expect(periods.map(({ key, counts, toS, fromS, partial }) => [key, counts.costNanoUsd / 1e9, (toS - fromS) / 3600, partial])).toEqual([
    ["2026-10-24", 1, 24, false],
    ["2026-10-25", 6, 25, false],
    ["2026-10-26", 0, 24, false],
    ["2026-10-27", 8, 24, true],
  ]);
  const spring = clockIn("America/New_York", "2026-03-10T03:59:00Z");
  // 8 March has 23 hours in New York: 5:00Z to 4:00Z. At 3:59Z on the 10th it is still the 9th there.
  const days = trendOf(
    "daily",
    [spent("2026-03-08T05:00:00Z", 1), spent("2026-03-09T03:45:00Z", 2)],
    OPEN(at("2026-03-07T05:00:00Z")),
    spring,
  ).periods;
  expect(days.map(({ key, counts, fromS, toS }) => [key, counts.costNanoUsd / 1e9, (toS - fromS) / 3600])).toEqual([
    ["2026-03-07", 0, 24],
    ["2026-03-08", 3, 23],
    ["2026-03-09", 0, 24],
  ]);
});

test("weeks begin on Monday; what a range cuts, and the running week, are marked as parts", () => {
  const clock = clockIn("UTC", "2026-11-25T12:00:00Z");
  const { periods } = trendOf(
    "weekly",
    [spent("2026-11-15T23:45:00Z", 1), spent("2026-11-16T00:00:00Z", 2)],
    OPEN(at("2026-11-12T00:00:00Z")),
    clock,
  );
  expect(periods.map(({ key, counts, partial }) => [key, counts.costNanoUsd / 1e9, partial])).toEqual([
    ["2026-W46", 1, true],
    ["2026-W47", 2, false],
    ["2026-W48", 0, true],
  ]);
});

test("no days without records, none in the future, and not more than can be drawn", () => {
  const clock = clockIn("UTC", "2026-11-25T12:00:00Z");
  expect(trendOf("daily", [], ALL, clock).periods).toEqual([]);
  expect(trendOf("daily", [], { fromS: at("2026-11-24T00:00:00Z"), toS: at("2026-12-24T00:00:00Z") }, clock).periods).toHaveLength(2);
  expect(trendOf("daily", [], OPEN(at("2026-12-24T00:00:00Z")), clock).periods).toEqual([]);
  expect(() => trendOf("daily", [], OPEN(0), clock)).toThrow(expect.objectContaining({ code: "BOBA-USE-55" }));
});

test("bars: the highest is full, nothing is a dot, little is more than nothing, unknown is a question mark", () => {
  expect(sparkline([0, 1, 40, 80, null, 79], true)).toBe("·▁▄█?█");
  expect(sparkline([0, 1, 40, 80, null, 79], false)).toBe("._~#?#");
  expect(sparkline([0, 0], true)).toBe("··");
});

test("with four weeks: each day to come costs what its weekday did", () => {
  // Wednesday, 25 November 2026, 12:00Z; five days are left: Thursday to Monday.
  const clock = clockIn("UTC", "2026-11-25T12:00:00Z");
  expect(projectionFromS(clock)).toBe(at("2026-10-28T00:00:00Z"));
  const day = (n: number) => new Date(Date.UTC(2026, 9, 28 + n, 10)).toISOString();
  const weekday = (n: number) => new Date(day(n)).getUTCDay();
  // 10 $ from Monday to Friday, nothing at the weekend, for 28 days; today 4 $ so far.
  const sums = Array.from({ length: 28 }, (_, n) => spent(day(n), [0, 6].includes(weekday(n)) ? 0 : 10));
  const told = projectionOf([...sums, spent("2026-11-25T09:00:00Z", 4)], at("2026-01-01T00:00:00Z"), clock);
  // November: 17 whole working days (2-6, 9-13, 16-20, 23, 24) and today's 4 $; then 6 $ more today, Thursday, Friday and Monday.
  expect(told).toEqual({
    month: "2026-11",
    method: "weekday-means",
    daysOfData: 28,
    daysLeft: 5,
    spentNanoUsd: 174e9,
    costNanoUsd: 210e9,
    lowNanoUsd: 210e9,
    highNanoUsd: 210e9,
    unpricedRequests: 0,
  });
});

test("with a week or more: the mean of a day, and how far days are from it", () => {
  // Sunday, 8 November 2026: the first record was made a week before. 22 days are left.
  const clock = clockIn("UTC", "2026-11-08T12:00:00Z");
  const sums = [2, 4, 2, 4, 2, 4, 3].map((dollars, n) => spent(`2026-11-0${n + 1}T10:00:00Z`, dollars));
  const told = projectionOf(
    [...sums, spent("2026-11-08T10:00:00Z", 5), spent("2026-11-08T10:00:00Z", null)],
    at("2026-11-01T10:00:00Z"),
    clock,
  );
  // Mean 3, sum of squares 6, so the deviation is 1; today is over its share already. 1.2816 * sqrt(22) = 6.0112.
  expect(told).toMatchObject({
    method: "daily-mean",
    daysOfData: 7,
    daysLeft: 22,
    spentNanoUsd: 26e9,
    costNanoUsd: 92e9,
    unpricedRequests: 1,
  });
  const { lowNanoUsd, highNanoUsd } = told as { lowNanoUsd: number; highNanoUsd: number };
  expect([lowNanoUsd, highNanoUsd].map((nano) => (nano / 1e9).toFixed(3))).toEqual(["85.989", "98.011"]);
  expect(projectionOf(sums.slice(1), at("2026-11-02T10:00:00Z"), clock)).toEqual({ month: "2026-11", method: null, daysOfData: 6 });
  expect(projectionOf([], null, clock)).toEqual({ month: "2026-11", method: null, daysOfData: 0 });
});
