import { expect, it } from "vitest";
import { sourcesOf } from "../../src/core/rewrites.ts";

const pairs = (...texts: string[]) => texts.map((text) => ({ oldSha: text[0] as string, newSha: text[1] as string }));

it("a commit stands for all that became it, through chains, and never for itself", () => {
  // a -> b -> d, c -> d; d was undone: back to a. x is nobody's.
  const found = sourcesOf(pairs("ab", "bd", "cd", "da"), ["d", "b", "a", "x"]);
  const listed = [...found].map(([sha, olds]) => [sha, [...olds].sort().join("")]);
  expect(listed).toEqual([
    ["d", "abc"],
    ["b", "acd"],
    ["a", "bcd"],
  ]);
});
