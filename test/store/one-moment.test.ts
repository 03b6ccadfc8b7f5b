/** What is read with several statements is of one moment, whatever another process stores in between. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { expect, it, onTestFinished } from "vitest";
import { audit } from "../../src/flow/audit.ts";
import { pruneSlice } from "../../src/store/prune.ts";
import { sumAll, sumBy } from "../../src/store/report.ts";
import { ledgerAt } from "../helpers/ledger.ts";

const ALL = { fromS: null, toS: null, repo: null, branch: null, project: null };

/** Ten records of one nano-dollar, read through a connection that another one writes to after each statement. */
function busyLedger(write: (nth: number, other: ReturnType<typeof ledgerAt>) => unknown): Database.Database {
  const dir = mkdtempSync(join(tmpdir(), "boba-moment-"));
  const other = ledgerAt(join(dir, "usage.db"));
  for (let nth = 0; nth < 10; nth++) other.record({ costNanoUsd: 1, ts: 1000 });
  let written = 0;
  let isAtIt = false;
  const db = new Database(join(dir, "usage.db"), {
    verbose: (sql) => {
      if (isAtIt || !String(sql).startsWith("SELECT")) return;
      isAtIt = true;
      write(written++, other);
      isAtIt = false;
    },
  });
  onTestFinished(() => {
    db.close();
    other.close();
    expect(written).toBeGreaterThan(1);
    rmSync(dir, { recursive: true, force: true });
  });
  return db;
}

it("audit finds the books balanced while records come in", () => {
  const db = busyLedger((_, other) => other.record({ costNanoUsd: 1 }));
  const { balanced, records, costNanoUsd } = audit(db);
  // The first statement may see the record that was written just before it ran; nothing after it sees another.
  expect({ balanced, cost: Number(costNanoUsd) }).toEqual({ balanced: true, cost: records });
  expect(records).toBeLessThanOrEqual(11);
});

/** Takes one record out and keeps its sum. */
const prune = (_: number, other: ReturnType<typeof ledgerAt>): unknown =>
  pruneSlice(other.db, { beforeS: 2000, lastSeq: Number.MAX_SAFE_INTEGER }, 1, () => 0);

it("a total counts what is pruned meanwhile once", () => {
  const { requests, costNanoUsd } = sumAll(busyLedger(prune), ALL);
  expect({ requests, costNanoUsd }).toEqual({ requests: 10, costNanoUsd: 10 });
});

it.each([null, 0])("groups count what is pruned meanwhile once, from %s on", (fromS) => {
  const sums = sumBy(busyLedger(prune), "tool", { ...ALL, fromS });
  expect(sums.reduce((sum, { counts }) => sum + counts.requests, 0)).toBe(10);
});
