import { expect, test } from "vitest";
import { nearest, suggest } from "../../src/core/nearest.ts";

const KNOWN = ["id", "if", "use", "fallback", "explain"];

test.each([
  ["fallbak", "fallback"],
  ["fallabck", "fallback"],
  ["FallBack", "fallback"],
  ["explan", "explain"],
  ["usse", "use"],
  ["fallbackxx", "fallback"],
  ["fallbackxxx", null],
  ["when", null],
  ["", null],
  ["a".repeat(100_000), null],
])("%j -> %j", (word, wanted) => {
  expect(nearest(word.slice(0, 100), KNOWN)).toBe(wanted);
});

test("two letters swapped are one error, so that the nearer word wins", () => {
  expect(nearest("ues", ["us", "use", "yes"])).toBe("us");
  expect(nearest("modle", ["mode", "model"])).toBe("mode");
  expect(nearest("fi", ["if", "id"])).toBe("if");
});

test("without a near word, what there is", () => {
  expect(suggest("when", KNOWN)).toBe("there are: id, if, use, fallback, explain");
  expect(suggest("x", [])).toBe("there is none");
  expect(suggest("something", ["work"])).toBe("there is: work");
  expect(
    suggest(
      "zzzzzz",
      Array.from({ length: 14 }, (_, at) => `name${at}`),
    ),
  ).toMatch(/name11, \.\.\.$/);
});
