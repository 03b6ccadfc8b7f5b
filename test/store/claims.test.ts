/** What one process booked stays as it is when another, which decided before it knew, writes after it. */
import { join } from "node:path";
import { expect, it } from "vitest";
import type { Decision } from "../../src/core/attribution.ts";
import { bookings } from "../../src/core/booking.ts";
import { addClaims, setPendingBranch } from "../../src/store/claims.ts";
import { ledgerAt } from "../helpers/ledger.ts";
import { sandbox } from "../helpers/sandbox.ts";

function setUp() {
  const ledger = ledgerAt(join(sandbox().dir, "usage.db"));
  const repo = ledger.repo("api");
  for (const sha of ["a".repeat(40), "b".repeat(40)]) ledger.commit(repo, sha);
  ledger.record({ repo, worktree: 1, branch: "main" });
  const seq = ledger.db.prepare("SELECT seq FROM usage_records").pluck().get() as number;
  const book = (commitSha: string, branch: string) =>
    addClaims(ledger.db, repo, [{ commitSha, branch, evidence: "time", eventId: null as never, runs: [{ from: seq, to: seq }] }]);
  const state = () => ledger.db.prepare("SELECT branch, substr(commit_sha, 1, 1) AS home FROM usage_records").get();
  return { db: ledger.db, seq, book, state };
}

it("a record that waited when another looked keeps the branch it was booked to", () => {
  const { db, seq, book, state } = setUp();
  expect(book("a".repeat(40), "feat")).toBe(1);
  setPendingBranch(db, [{ seq, branch: "main" }]);
  expect(state()).toEqual({ branch: "feat", home: "a" });
});

it("a second commit's claim takes neither the branch nor, where it is older, the home", () => {
  const { db, book, state } = setUp();
  db.prepare("UPDATE commits SET committed_at = iif(sha LIKE 'a%', 2, 1)").run();
  expect([book("a".repeat(40), "feat"), book("b".repeat(40), "main")]).toEqual([1, 1]);
  expect(state()).toEqual({ branch: "feat", home: "a" });
  expect(db.prepare("SELECT group_concat(first) FROM (SELECT first FROM claims ORDER BY commit_id)").pluck().get()).toBe("1,0");
});

it("takes the records that were decided on and none that lies between them", () => {
  const ledger = ledgerAt(join(sandbox().dir, "usage.db"));
  const repo = ledger.repo("api");
  const [a, b] = [{ newSha: "a".repeat(40) }, { newSha: "b".repeat(40) }];
  for (const { newSha } of [a, b]) ledger.commit(repo, newSha);
  for (let nth = 1; nth <= 7; nth++) ledger.record({ repo, worktree: 1 });
  const decide = (seq: number): Decision => {
    const event = [1, 2, 4, 5].includes(seq) ? a : b;
    return { seq, claim: { event: event as never, evidence: "time" }, branch: "main", why: "claimed" };
  };
  const booked = bookings([1, 2, 4, 5, 3, 6, 7].map(decide)).map((booking) => ({ ...booking, eventId: null as never }));
  ledger.db.prepare("DELETE FROM usage_records WHERE seq = 5").run();
  expect(addClaims(ledger.db, repo, booked)).toBe(6);
  const homes = ledger.db.prepare("SELECT group_concat(seq || substr(commit_sha, 1, 1), ' ') FROM usage_records").pluck().get();
  expect(homes).toBe("1a 2a 3b 4a 6b 7b");
  const claims = ledger.db.prepare("SELECT record_seq, commit_id FROM claims ORDER BY record_seq").raw().all();
  expect(claims.join(" ")).toBe("1,1 2,1 3,2 4,1 6,2 7,2");
});
