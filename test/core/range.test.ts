import { describe, expect, it } from "vitest";
import { localMidnightMs, localPeriod, parseRange } from "../../src/core/range.ts";

/** Central European time in 2026, from the directive: summer time from 29 March 01:00 UTC to 25 October 01:00 UTC. */
const berlin = (atMs: number) => (atMs >= Date.UTC(2026, 2, 29, 1) && atMs < Date.UTC(2026, 9, 25, 1) ? 2 * 3_600_000 : 3_600_000);
const clock = { nowMs: Date.UTC(2026, 10, 23, 10, 30), offsetMs: berlin };
const iso = (seconds: number | null) => (seconds === null ? null : new Date(seconds * 1000).toISOString());
const parse = (since?: string, until?: string) => {
  const { fromS, toS } = parseRange({ since, until }, clock);
  return [iso(fromS), iso(toS)];
};

describe("ranges", () => {
  it.each<[string | undefined, string | undefined, string | null, string | null]>([
    [undefined, undefined, null, null],
    ["today", "today", "2026-11-22T23:00:00.000Z", "2026-11-23T23:00:00.000Z"],
    ["yesterday", "yesterday", "2026-11-21T23:00:00.000Z", "2026-11-22T23:00:00.000Z"],
    ["2026-03-29", "2026-03-29", "2026-03-28T23:00:00.000Z", "2026-03-29T22:00:00.000Z"],
    ["2026-10-25", "2026-10-25", "2026-10-24T22:00:00.000Z", "2026-10-25T23:00:00.000Z"],
    ["24h", undefined, "2026-11-22T10:30:00.000Z", null],
    ["7d", undefined, "2026-11-16T10:30:00.000Z", null],
    ["2w", "7d", "2026-11-09T10:30:00.000Z", "2026-11-16T10:30:00.000Z"],
    ["2026-07-01T12:00", undefined, "2026-07-01T10:00:00.000Z", null],
    ["2026-07-01T12:00:30Z", undefined, "2026-07-01T12:00:30.000Z", null],
    ["2026-07-01 12:00+0530", undefined, "2026-07-01T06:30:00.000Z", null],
  ])("%s to %s", (since, until, from, to) => expect(parse(since, until)).toEqual([from, to]));

  it.each(["", "soon", "2026-02-30", "2026-13-01", "7", "d7", "-7d", "999999999d", "2026-07-01T25:00Z", "2026-7-1"])(
    "refuses %j",
    (bad) => {
      expect(() => parse(bad)).toThrow(expect.objectContaining({ code: "BOBA-USE-20", exit: 2, hint: expect.stringContaining("7d") }));
    },
  );

  it("refuses an end before its start", () => {
    expect(() => parse("today", "yesterday")).toThrow(expect.objectContaining({ code: "BOBA-USE-21", exit: 2 }));
  });

  it("begins a day that has no midnight with its first instant", () => {
    // Clocks go from 24:00 on 4 October to 01:00 on 5 October, at 03:00 UTC (as Brazil did: UTC-3 to UTC-2).
    const jump = Date.UTC(2026, 9, 5, 3);
    const offsetMs = (atMs: number) => (atMs >= jump ? -2 : -3) * 3_600_000;
    expect(localMidnightMs("2026-10-05", 0, { offsetMs })).toBe(jump);
  });

  it("names periods in local time", () => {
    expect(localPeriod(Date.UTC(2026, 9, 24, 22), "day", clock)).toBe("2026-10-25");
    expect(localPeriod(Date.UTC(2026, 9, 25, 22, 59), "day", clock)).toBe("2026-10-25");
    expect(localPeriod(Date.UTC(2026, 9, 25, 23), "day", clock)).toBe("2026-10-26");
    expect(localPeriod(Date.UTC(2026, 9, 31, 23), "month", clock)).toBe("2026-11");
  });

  it.each([
    ["2026-11-23", "2026-W48"],
    ["2026-11-29", "2026-W48"],
    ["2027-01-03", "2026-W53"],
    ["2027-01-04", "2027-W01"],
    ["2024-12-30", "2025-W01"],
  ])("puts %s into ISO week %s", (day, week) => {
    expect(localPeriod(Date.parse(`${day}T12:00:00Z`), "week", { offsetMs: () => 0 })).toBe(week);
  });
});
