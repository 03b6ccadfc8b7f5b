import { expect, it } from "vitest";
import { attribute, type TimelineEvent } from "../../src/core/attribution.ts";

it("a worktree that was always detached costs memory by its events, not by their square", () => {
  // With a slot for every pair of events, 30,000 of them would be 7 GB: more than any process may have.
  const count = 30_000;
  const sha = (n: number) => n.toString(16).padStart(40, "0");
  const events = Array.from({ length: count }, (_, n): TimelineEvent => ({
    id: n + 1,
    worktreeId: 1,
    kind: "commit",
    oldSha: sha(n),
    newSha: sha(n + 1),
    tsMs: (n + 1) * 10_000,
    exactMs: null,
    branch: null,
    from: null,
    to: null,
    files: null,
    made: true,
    replay: false,
    rebaseId: null,
    unattended: false,
    answersFromMs: 0,
  }));
  const records = [5_000, 155_000, 299_995_000].map((atMs, n) => ({ seq: n + 1, worktreeId: 1, atMs, loggedBranch: null, edit: null }));
  expect(attribute(events, records).map(({ claim }) => claim?.event.id)).toEqual([1, 16, 30_000]);
});
