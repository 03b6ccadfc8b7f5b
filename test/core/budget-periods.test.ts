import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { type BudgetPeriod, spanOf } from "../../src/core/budget.ts";
import { offsetsOf } from "../helpers/zones.ts";

const span = (period: BudgetPeriod, zone: string, now: string, days: number | null = null) => {
  const { fromMs, toMs } = spanOf({ period, days }, { nowMs: Date.parse(now), offsetMs: offsetsOf(zone) });
  return [new Date(fromMs).toISOString(), new Date(toMs).toISOString()];
};
const whole = (from: string, to: string) => [`${from}:00.000Z`, `${to}:00.000Z`];

describe("the day, week and month in the user's zone", () => {
  // Changes of the clocks as their laws have them: 29 March and 25 October (EU), 8 March and 1 November (US), 5 April and 4 October, by half an
  // hour (Lord Howe Island).
  it.each<[string, BudgetPeriod, string, string, string, string]>([
    ["a day of 23 hours", "daily", "Europe/Berlin", "2026-03-29T10:00Z", "2026-03-28T23:00", "2026-03-29T22:00"],
    ["a day of 25 hours", "daily", "Europe/Berlin", "2026-10-25T10:00Z", "2026-10-24T22:00", "2026-10-25T23:00"],
    ["a day of 23 hours in New York", "daily", "America/New_York", "2026-03-08T12:00Z", "2026-03-08T05:00", "2026-03-09T04:00"],
    ["a day of 25 hours in New York", "daily", "America/New_York", "2026-11-01T12:00Z", "2026-11-01T04:00", "2026-11-02T05:00"],
    ["a day of 24.5 hours", "daily", "Australia/Lord_Howe", "2026-04-05T03:00Z", "2026-04-04T13:00", "2026-04-05T13:30"],
    ["a day of 23.5 hours", "daily", "Australia/Lord_Howe", "2026-10-04T03:00Z", "2026-10-03T13:30", "2026-10-04T13:00"],
    ["the first instant of a Monday", "weekly", "Europe/Berlin", "2026-11-22T23:00:00.000Z", "2026-11-22T23:00", "2026-11-29T23:00"],
    ["the last instant of a Sunday", "weekly", "Europe/Berlin", "2026-11-22T22:59:59.999Z", "2026-11-15T23:00", "2026-11-22T23:00"],
    ["a week with a change of the clocks", "weekly", "Europe/Berlin", "2026-10-21T12:00Z", "2026-10-18T22:00", "2026-10-25T23:00"],
    ["a week over the end of the year", "weekly", "America/New_York", "2027-01-01T12:00Z", "2026-12-28T05:00", "2027-01-04T05:00"],
    ["a month with a change of the clocks", "monthly", "Europe/Berlin", "2026-03-15T12:00Z", "2026-02-28T23:00", "2026-03-31T22:00"],
    ["the last instant of a month", "monthly", "Australia/Lord_Howe", "2026-10-31T12:59:59.999Z", "2026-09-30T13:30", "2026-10-31T13:00"],
    ["the February of a leap year", "monthly", "UTC", "2028-02-29T23:59:59.999Z", "2028-02-01T00:00", "2028-03-01T00:00"],
    ["December", "monthly", "America/New_York", "2027-01-01T04:59:59.999Z", "2026-12-01T05:00", "2027-01-01T05:00"],
  ])("%s", (_, period, zone, now, from, to) => expect(span(period, zone, now)).toEqual(whole(from, to)));

  it("a rolling cap looks back over days of 24 hours, this millisecond included", () => {
    expect(span("rolling", "Europe/Berlin", "2026-10-26T12:00:00.000Z", 7)).toEqual([
      "2026-10-19T12:00:00.001Z",
      "2026-10-26T12:00:00.001Z",
    ]);
  });
});

test("any moment: the period holds now, its ends are local midnights of the right day, and its last instant has the same period", () => {
  const zones = [
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "America/Santiago",
    "Africa/Casablanca",
    "UTC",
  ];
  const names = new Map(zones.map((zone) => [zone, offsetsOf(zone)]));
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2032, 0, 1) }),
      fc.constantFrom<BudgetPeriod>("daily", "weekly", "monthly"),
      (zone, nowMs, period) => {
        const offsetMs = names.get(zone) as (atMs: number) => number;
        const { fromMs, toMs } = spanOf({ period, days: null }, { nowMs, offsetMs });
        // The obvious model: a name for each local day, of which a week begins on Mondays, and a month where the month's name changes.
        const local = (atMs: number) => new Date(atMs + offsetMs(atMs));
        const dayOf = (atMs: number) => local(atMs).toISOString().slice(0, 10);
        expect(fromMs <= nowMs && nowMs < toMs).toBe(true);
        expect(dayOf(fromMs)).not.toBe(dayOf(fromMs - 1));
        expect(dayOf(toMs)).not.toBe(dayOf(toMs - 1));
        if (period === "daily") expect(dayOf(toMs - 1)).toBe(dayOf(nowMs));
        if (period === "weekly") {
          expect([local(fromMs).getUTCDay(), local(toMs).getUTCDay()]).toEqual([1, 1]);
          expect(Date.parse(dayOf(toMs)) - Date.parse(dayOf(fromMs))).toBe(7 * 86_400_000);
        }
        if (period === "monthly") {
          expect([local(fromMs).getUTCDate(), local(toMs).getUTCDate()]).toEqual([1, 1]);
          expect(dayOf(fromMs).slice(0, 7)).toBe(dayOf(toMs - 1).slice(0, 7));
        }
        expect(spanOf({ period, days: null }, { nowMs: toMs - 1, offsetMs })).toEqual({ fromMs, toMs });
        expect(spanOf({ period, days: null }, { nowMs: toMs, offsetMs }).fromMs).toBe(toMs);
      },
    ),
    { numRuns: 200 },
  );
});
