import { expect, test } from "vitest";
import type { BackfilledRepo } from "../../src/core/backfill.ts";
import { zeroCounts } from "../../src/core/summary.ts";
import { backfillText } from "../../src/report/backfill.ts";

const at = (text: string): number => Date.parse(text);

test("only repositories with something older than their reflog that waits are told", () => {
  const repo = (name: string, reflog: string | null, pending: string | null): BackfilledRepo => ({
    name,
    reflogFromMs: reflog === null ? null : at(reflog),
    recordsFromMs: at("2026-08-01T00:00:00Z"),
    pendingFromMs: pending === null ? null : at(pending),
  });
  const none = zeroCounts();
  const text = backfillText({
    sinceS: null,
    newRecords: 0,
    booked: 0,
    buckets: { committed: none, pending: none, abandoned: none, outside: none },
    commits: 0,
    repos: [
      repo("r1", "2026-09-01T10:00:00Z", "2026-08-20T09:00:00Z"),
      repo("r2", "2026-09-01T10:00:00Z", null),
      repo("r3", "2026-09-01T10:00:00Z", "2026-09-01T10:00:00Z"),
      repo("r4", null, "2026-08-21T09:00:00Z"),
      repo("r5", null, null),
      repo("r6", "2026-09-01T10:00:00Z", "2026-09-01T09:59:59.999Z"),
    ],
    waiting: [],
    errors: [],
  });
  expect(text.split("\n").slice(5)).toEqual([
    "r1: its reflog begins 2026-09-01; records from before it (oldest 2026-08-20) wait for a commit",
    "r4: it has no reflog; its records (oldest 2026-08-21) wait for a commit",
    "r6: its reflog begins 2026-09-01T10:00Z; records from before it (oldest 2026-09-01T09:59Z) wait for a commit",
  ]);
});
