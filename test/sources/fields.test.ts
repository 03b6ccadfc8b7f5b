import { expect, test } from "vitest";
import { nanoUsd, unixMs } from "../../src/sources/fields.ts";
import { inner, listed } from "../../src/sources/roots.ts";

test.each([
  [0.01234, 12_340_000],
  [1e-9, 1],
  [1e6, 1e15],
  [0, null],
  [1e-12, null],
  [-1, null],
  [1e7, null],
  [Number.NaN, null],
  ["0.5", null],
  [undefined, null],
])("%s $ are %s nano-dollars", (value, expected) => expect(nanoUsd(value)).toBe(expected));

test.each([
  [1_778_925_600_123, "ms", 1_778_925_600_123],
  [1_778_925_600.123, "s", 1_778_925_600_123],
  [1_778_925_600, "ms", null],
  [1_778_925_600_123, "s", null],
  [Number.POSITIVE_INFINITY, "ms", null],
  ["1778925600123", "ms", null],
] as const)("the time %s in %s", (value, unit, expected) => expect(unixMs(value, unit)).toBe(expected));

test("lists in variables", () => {
  expect(listed(undefined)).toEqual([]);
  expect(listed(" , ")).toEqual([]);
  expect(listed("/a, /b c ,")).toEqual(["/a", "/b c"]);
});

test("a folder, or the one inside it", () => {
  expect(inner("/a/b", "tmp")).toBe("/a/b/tmp");
  expect(inner("/a/tmp", "tmp")).toBe("/a/tmp");
  expect(inner("/a/tmp/", "tmp")).toBe("/a/tmp/");
  expect(inner("/tmp/a", "tmp")).toBe("/tmp/a/tmp");
});
