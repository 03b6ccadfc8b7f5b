import { expect, test } from "vitest";
import { differences, expendable, type LedgerSums, type Manifest, toManifest } from "../../src/core/backup.ts";
import { localPeriod } from "../../src/core/range.ts";

const SUMS: LedgerSums = { rows: { usage_records: 2 }, costNanoUsd: "5", fromMs: 1, toMs: 2 };
const manifest = (day: string, verified = false): Manifest => ({
  schema: "boba.backup/1",
  file: `usage-${day}.db.gz`,
  createdAtMs: Date.parse(`${day}T02:00:00Z`),
  kind: "backup",
  bobaVersion: "0.1.0",
  ledgerSchema: 3,
  facts: SUMS,
  plainBytes: 1,
  packedBytes: 1,
  plainSha256: "a".repeat(64),
  packedSha256: "b".repeat(64),
  isEncrypted: false,
  config: [],
  verifiedAtMs: verified ? 1 : null,
  drilledAtMs: null,
});
const utc = (atMs: number, unit: "day" | "week" | "month") => localPeriod(atMs, unit, { offsetMs: () => 0 });
const days = (backups: readonly Manifest[]) => backups.map(({ createdAtMs }) => new Date(createdAtMs).toISOString().slice(0, 10));

test("the newest of each of the last days, weeks and months stay", () => {
  // Every day of 90 up to Monday 2026-11-23: kept are 7 days (17 to 23), the last of 4 weeks (15 and 8 November besides), the last of the months.
  const all = Array.from({ length: 90 }, (_, back) =>
    manifest(new Date(Date.UTC(2026, 10, 23) - back * 86_400_000).toISOString().slice(0, 10)),
  );
  const gone = new Set(days(expendable(all, { daily: 7, weekly: 4, monthly: 12 }, utc)));
  expect(days(all).filter((day) => !gone.has(day))).toEqual([
    ...["23", "22", "21", "20", "19", "18", "17", "15", "08"].map((day) => `2026-11-${day}`),
    "2026-10-31",
    "2026-09-30",
    "2026-08-31",
  ]);
});

test("the newest verified one stays however old it is, and so does the newest of all", () => {
  const backups = [manifest("2024-01-01", true), manifest("2024-01-02"), manifest("2026-11-22"), manifest("2026-11-23")];
  expect(days(expendable(backups, { daily: 1, weekly: 1, monthly: 1 }, utc))).toEqual(["2026-11-22", "2024-01-02"]);
  expect(expendable([manifest("2024-01-01")], { daily: 1, weekly: 1, monthly: 1 }, utc)).toEqual([]);
});

test("what differs is named", () => {
  expect(differences(SUMS, SUMS)).toEqual([]);
  expect(differences(SUMS, { rows: { usage_records: 1, claims: 3 }, costNanoUsd: "4", fromMs: 1, toMs: 3 })).toEqual([
    "claims: 3 rows instead of 0",
    "usage_records: 1 rows instead of 2",
    "cost: 4 nano-dollars instead of 5",
    "the first or the last record is another",
  ]);
});

test("a manifest that others wrote is taken only when each field is what it should be", () => {
  const good = manifest("2026-11-23");
  expect(toManifest(JSON.parse(JSON.stringify(good)))).toEqual(good);
  const spoilt: Record<string, unknown>[] = [
    { schema: "boba.backup/2" },
    { file: "../../etc/passwd" },
    { file: 7 },
    { createdAtMs: -1 },
    { packedSha256: "b" },
    { facts: null },
    { facts: { ...SUMS, costNanoUsd: "1e9" } },
    { facts: { ...SUMS, rows: { a: "1" } } },
    { config: ["../secrets.yaml"] },
    { config: null },
  ];
  for (const change of spoilt) expect(toManifest({ ...good, ...change }), JSON.stringify(change)).toBeNull();
  expect([null, [], "x", 1].map(toManifest)).toEqual([null, null, null, null]);
});
