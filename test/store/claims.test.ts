/** What one process booked stays as it is when another, which decided before it knew, writes after it. */
import { join } from "node:path";
import { expect, it } from "vitest";
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
    addClaims(ledger.db, repo, [{ commitSha, branch, evidence: "time", eventId: null as never, seqs: [seq] }]);
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
