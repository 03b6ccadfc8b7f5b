import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { sumBy } from "../../src/store/report.ts";
import { type Ledger, ledgerAt } from "../helpers/ledger.ts";

const ALL = { fromS: null, toS: null, repo: null, branch: null, project: null };

function ledger(): Ledger {
  const dir = mkdtempSync(join(tmpdir(), "boba-store-"));
  const made = ledgerAt(join(dir, "usage.db"));
  onTestFinished(() => {
    made.close();
    rmSync(dir, { recursive: true, force: true });
  });
  return made;
}

it("does not run on over a gap that deleted records leave", () => {
  const { db, repo, record } = ledger();
  const api = repo("api");
  // Stored as: main, main, outside, outside, outside; then the first outside record is deleted.
  for (const costNanoUsd of [1, 2]) record({ repo: api, branch: "main", costNanoUsd });
  for (const costNanoUsd of [4, 8, 16]) record({ costNanoUsd });
  db.exec("DELETE FROM usage_records WHERE cost_nanousd = 4");
  expect(sumBy(db, "place", ALL).map((sum) => [sum.repo, sum.branch, sum.counts.requests, sum.counts.costNanoUsd])).toEqual([
    [api, "main", 2, 3],
    [null, null, 2, 24],
  ]);
});

it.each([1, 100])("adds up 3,000 records whose models change every %i", (length) => {
  const { db, record } = ledger();
  const expected = new Map<string, number>();
  db.transaction(() => {
    for (let at = 0; at < 3000; at++) {
      const model = `m${Math.floor(at / length) % 3}`;
      record({ model, costNanoUsd: at, branch: at % 2 === 0 ? "even" : "odd", ts: 1000 + at });
      if (at % 2 === 0 && at >= 500 && at < 2500) expected.set(model, (expected.get(model) ?? 0) + at);
    }
  })();
  const models = (fromS: number | null) =>
    new Map(sumBy(db, "model", { ...ALL, branch: "even", fromS, toS: 3500 }).map((sum) => [sum.value, sum.counts.costNanoUsd]));
  expect(models(1500)).toEqual(expected);
  // Without a start the first 500 are in as well: the even numbers below 500 add up to 62,250.
  expect([...models(null).values()].reduce((sum, cost) => sum + cost, 0)).toBe(
    [...expected.values()].reduce((sum, cost) => sum + cost, 62_250),
  );
});
