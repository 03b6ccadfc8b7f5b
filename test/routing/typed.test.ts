/** Times and numbers as they are typed. */
import { describe, expect, it } from "vitest";
import { minuteOf, numberOf } from "../../src/core/routing/typed.ts";

/** Five and a half hours ahead of UTC. */
const india = () => 5.5 * 3_600_000;

describe("times", () => {
  it.each([
    ["23:30", 1410],
    ["0:05", 5],
    ["06:00:59", 360],
    ["2026-11-23T23:30", 1410],
    ["2026-11-23 23:30", 1410],
    ["2026-11-23T22:30:00Z", 240],
    ["2026-11-23T22:30:00.5+01:00", 180],
    ["1960-01-01T00:00Z", 330],
  ])("%s is minute %i of the day", (typed, minute) => expect(minuteOf(typed, india)).toBe(minute));

  it.each(["24:00", "12:60", "noon", "", "12", "12:30Z", "2026-13-45T12:30Z", "12:30:xx"])("%s is none", (typed) =>
    expect(() => minuteOf(typed, india)).toThrow(expect.objectContaining({ code: "BOBA-ROUTE-2", exit: 2 })),
  );
});

describe("numbers", () => {
  it.each([
    ["60000", "whole", 60_000],
    ["4.20", "dollars", 4.2],
    ["-1", "dollars", -1],
    [undefined, "whole", null],
  ] as const)("%s is %s: %d", (typed, kind, value) => expect(numberOf("--x", typed, kind)).toBe(value));

  it.each([
    ["-1", "whole"],
    ["1.5", "whole"],
    ["1e9", "whole"],
    ["", "whole"],
    ["$5", "dollars"],
    ["NaN", "dollars"],
  ] as const)("%s is not %s", (typed, kind) =>
    expect(() => numberOf("--x", typed, kind)).toThrow(
      expect.objectContaining({ code: "BOBA-ROUTE-3", message: expect.stringContaining("--x") }),
    ),
  );
});
