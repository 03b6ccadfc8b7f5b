/** Which time lies before a range; days and instants worked out by hand from the zones' rules. */
import { expect, test } from "vitest";
import { changePercent, compareRows, rangeBefore } from "../../src/core/compare.ts";
import { type Clock, parseRange } from "../../src/core/range.ts";
import { type Piece, summarise, zeroCounts } from "../../src/core/summary.ts";
import { clockIn } from "../helpers/zone.ts";

/** The range before what was typed, as instants. */
function before(typed: { since?: string; until?: string }, clock: Clock): (string | null)[] {
  const { range, passedToS } = rangeBefore(parseRange(typed, clock), null, clock);
  return [range.fromS, range.toS, passedToS].map((atS) =>
    atS === null ? null : new Date(atS * 1000).toISOString().replace(":00.000Z", "Z"),
  );
}

const TODAY = { since: "today", until: "today" };

test("today is set against yesterday up to the same time of day, through changes of the clocks", () => {
  // Berlin, 26 October 2026: winter time (+1) since the 25th, 3 o'clock summer time; the 25th has 25 hours and begins at 22:00Z.
  expect(before(TODAY, clockIn("Europe/Berlin", "2026-10-26T13:30:00Z"))).toEqual([
    "2026-10-24T22:00Z",
    "2026-10-25T13:30Z",
    "2026-10-26T13:30Z",
  ]);
  // On the 25th itself, at 1:30 local in the morning: the clocks have not changed yet.
  expect(before(TODAY, clockIn("Europe/Berlin", "2026-10-24T23:30:00Z"))).toEqual([
    "2026-10-23T22:00Z",
    "2026-10-23T23:30Z",
    "2026-10-24T23:30Z",
  ]);
  // In the afternoon of the 25th (winter time), the day before was in summer time: 14:30 there is 12:30Z.
  expect(before(TODAY, clockIn("Europe/Berlin", "2026-10-25T13:30:00Z"))).toEqual([
    "2026-10-23T22:00Z",
    "2026-10-24T12:30Z",
    "2026-10-25T13:30Z",
  ]);
  // New York, 8 March 2026: 2 o'clock is skipped (-5 to -4). 10:00 local is 14:00Z; 10:00 the day before was 15:00Z.
  expect(before(TODAY, clockIn("America/New_York", "2026-03-08T14:00:00Z"))).toEqual([
    "2026-03-07T05:00Z",
    "2026-03-07T15:00Z",
    "2026-03-08T14:00Z",
  ]);
});

test("whole days that are over are counted as days, not as hours", () => {
  const berlin = clockIn("Europe/Berlin", "2026-11-23T12:00:00Z");
  // 26 and 27 October (48 hours) after 24 and 25 October (49 hours).
  expect(before({ since: "2026-10-26", until: "2026-10-27" }, berlin)).toEqual(["2026-10-23T22:00Z", "2026-10-25T23:00Z", null]);
  const yesterday = clockIn("America/New_York", "2026-11-02T17:00:00Z");
  // 1 November has 25 hours in New York; the day before it 24, from 4:00Z on.
  expect(before({ since: "yesterday", until: "yesterday" }, yesterday)).toEqual(["2026-10-31T04:00Z", "2026-11-01T04:00Z", null]);
});

test("a range without an end ends now; one that is not of whole days goes by its length", () => {
  const clock = clockIn("UTC", "2026-11-23T12:00:00Z");
  expect(before({ since: "7d" }, clock)).toEqual(["2026-11-09T12:00Z", "2026-11-16T12:00Z", null]);
  expect(before({ since: "2026-11-22" }, clock)).toEqual(["2026-11-20T12:00Z", "2026-11-22T00:00Z", null]);
  // Ten hours, of which three have passed.
  expect(before({ since: "2026-11-23T09:00Z", until: "2026-11-23T19:00Z" }, clock)).toEqual([
    "2026-11-22T23:00Z",
    "2026-11-23T02:00Z",
    "2026-11-23T12:00Z",
  ]);
});

test("a whole month that is not over: as many of its days as have passed", () => {
  const clock = clockIn("UTC", "2026-11-23T12:00:00Z");
  // 30 days; the range before begins 30 days before the 1st, on 2 October.
  expect(before({ since: "2026-11-01", until: "2026-11-30" }, clock)).toEqual([
    "2026-10-02T00:00Z",
    "2026-10-24T12:00Z",
    "2026-11-23T12:00Z",
  ]);
});

test("no start, and groupings by time, have nothing to compare with", () => {
  const clock = clockIn("UTC", "2026-11-23T12:00:00Z");
  expect(() => rangeBefore({ fromS: null, toS: null }, null, clock)).toThrow(expect.objectContaining({ code: "BOBA-USE-53", exit: 2 }));
  expect(() => rangeBefore({ fromS: 0, toS: null }, "week", clock)).toThrow(expect.objectContaining({ code: "BOBA-USE-54", exit: 2 }));
});

test("rows are met by name and repository; what is in one range alone is there too", () => {
  const piece = (key: string, repo: string, costNanoUsd: number): Piece => ({
    id: `${repo}/${key}`,
    labels: { key, repo, branch: key },
    counts: { ...zeroCounts(), requests: 1, costNanoUsd },
  });
  const now = summarise("branch", [piece("main", "a", 30), piece("main", "b", 20), piece("new", "a", 10)]);
  const then = summarise("branch", [piece("main", "b", 40), piece("main", "a", 15), piece("gone", "a", 5)]);
  const rows = compareRows(now, then);
  expect(rows.map(({ key, repo, counts, before: old }) => [key, repo, counts.costNanoUsd, old.costNanoUsd])).toEqual([
    ["main", "a", 30, 15],
    ["main", "b", 20, 40],
    ["new", "a", 10, 0],
    ["gone", "a", 0, 5],
  ]);
  expect(rows.map(({ counts, before: old }) => changePercent(counts, old))).toEqual([100, -50, null, -100]);
});
