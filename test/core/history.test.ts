import { expect, it } from "vitest";
import { historyPairs, withFixups } from "../../src/core/history.ts";
import type { GitEvent } from "../../src/core/timeline.ts";

/** Commits by name, each upon the one before it: `base`, then the old line a b c, or the new one. */
function known(...lines: string[]) {
  const found = new Map<string, { parents: string[]; author: string; authoredAt: number }>();
  for (const line of lines) {
    const names = line.split(" ");
    names.forEach((name, at) => {
      const parents = at === 0 ? [] : [names[at - 1] as string];
      // Who wrote it, and when, is in the first letter: a, a2 and a3 are by the same author of the same date.
      if (!found.has(name)) found.set(name, { parents, author: "Ada", authoredAt: name.codePointAt(0) as number });
    });
  }
  return found;
}

const event = (to: string, oldSha: string, newSha: string): GitEvent => ({
  id: 7,
  worktreeId: 1,
  kind: "history",
  oldSha,
  newSha,
  tsMs: 0,
  exactMs: null,
  branch: "main",
  from: null,
  to,
});
const pairs = (...args: Parameters<typeof historyPairs>) => historyPairs(...args).map(({ oldSha, newSha }) => `${oldSha} ${newSha}`);

it("reword and fixup pair the lines in order", () => {
  const commits = known("base a b c", "base a2 b2 c2");
  for (const verb of ["reword", "fixup"]) expect(pairs([event(verb, "c", "c2")], commits)).toEqual(["a a2", "b b2", "c c2"]);
  expect(historyPairs([event("reword", "c", "c2")], commits)[0]).toMatchObject({ via: "rebase", evidence: "reflog", eventId: 7 });
});

it("split pairs the first commit with both of its parts", () => {
  expect(pairs([event("split", "c", "c2")], known("base a b c", "base a b2 b3 c2"))).toEqual(["b b2", "b b3", "c c2"]);
});

it("nothing where the lines are not as long as the verb makes them, do not meet, or were written by others", () => {
  expect(pairs([event("fixup", "c", "c2")], known("base a b c", "base b2 c2"))).toEqual([]);
  expect(pairs([event("split", "c", "c2")], known("base a b c", "base a2 b2 c2"))).toEqual([]);
  expect(pairs([event("reword", "c", "c2")], known("base a b c", "other a2 b2 c2"))).toEqual([]);
  expect(pairs([event("reword", "c", "c2")], known("base a b c", "base x2 b2 c2"))).toEqual(["b b2", "c c2"]);
  expect(pairs([event("onto", "c", "c2")], known("base a b c", "base a2 b2 c2"))).toEqual([]);
});

it("a fixup is an amend of the commit that it mends, for whoever has work in hand", () => {
  const fixup = event("fixup", "c", "c2");
  const commits = known("base a b c", "base a b2 c2");
  expect(withFixups([fixup], commits)).toEqual([{ ...fixup, kind: "amend", oldSha: "b", newSha: "b2", to: null }, fixup]);
  const reword = event("reword", "c", "c2");
  expect(withFixups([reword], commits)).toEqual([reword]);
  expect(withFixups([fixup], known("base a b c", "base c2"))).toEqual([fixup]);
});
