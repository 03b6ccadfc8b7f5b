import { describe, expect, it } from "vitest";
import { ledgerAt } from "../helpers/ledger.ts";
import { sandbox } from "../helpers/sandbox.ts";

const seconds = (iso: string) => Date.parse(iso) / 1000;

describe("boba stats", () => {
  it("gives scripts numbers at the top level, also when there is nothing", () => {
    const stats = sandbox().json(["stats", "--today", "--no-import"]);
    expect(stats).toMatchObject({
      schema: "boba.stats/1",
      total_cost_usd: 0,
      total_requests: 0,
      total_tokens: 0,
      sessions: 0,
      unpriced_requests: 0,
    });
  });

  it("counts ranges from now", () => {
    const box = sandbox();
    const ledger = ledgerAt(box.db);
    const now = Math.floor(Date.now() / 1000);
    ledger.record({ ts: now - 5, costNanoUsd: 1_500_000_000, input: 1, output: 2, cacheRead: 3, write5m: 4, write1h: 5, session: "a" });
    ledger.record({ ts: now - 5, costNanoUsd: null, session: "b" });
    ledger.record({ ts: now - 6 * 86_400, costNanoUsd: 20_000_000_000, session: "a" });
    ledger.record({ ts: now - 29 * 86_400, costNanoUsd: 300_000_000_000, session: "c" });
    ledger.record({ ts: now - 31 * 86_400, costNanoUsd: 4_000_000_000_000, session: "d" });
    ledger.close();
    const of = (...args: string[]) => box.json(["stats", "--no-import", ...args]);
    expect(of("--7d")).toMatchObject({
      total_cost_usd: 21.5,
      total_cost_nano_usd: "21500000000",
      total_requests: 3,
      total_tokens: 15,
      input_tokens: 1,
      output_tokens: 2,
      cache_read_tokens: 3,
      cache_write_tokens: 9,
      sessions: 2,
      unpriced_requests: 1,
    });
    expect(of("--30d").total_cost_usd).toBe(321.5);
    expect(of().total_cost_usd).toBe(4321.5);
    expect(of("--by-session").groups.map((row: any) => [row.key, row.cost_usd])).toEqual([
      ["d", 4000],
      ["c", 300],
      ["a", 21.5],
      ["b", null],
    ]);
    expect(box.boba(["stats", "--7d", "--no-import"]).stdout).toMatch(/^ {2}cost {6}>= \$21\.50$/m);
  });

  it("counts local days through a change of the clocks", () => {
    const box = sandbox();
    const ledger = ledgerAt(box.db);
    // 25 October 2026 in Berlin lasts 25 hours: from 22:00Z on the 24th to 23:00Z on the 25th.
    ledger.record({ ts: seconds("2026-10-24T21:59:59Z"), costNanoUsd: 1_000_000_000 });
    ledger.record({ ts: seconds("2026-10-24T22:00:00Z"), costNanoUsd: 2_000_000_000 });
    ledger.record({ ts: seconds("2026-10-25T22:59:59Z"), costNanoUsd: 4_000_000_000 });
    ledger.record({ ts: seconds("2026-10-25T23:00:00Z"), costNanoUsd: 8_000_000_000 });
    // 29 March 2026 lasts 23 hours: from 23:00Z on the 28th to 22:00Z on the 29th.
    ledger.record({ ts: seconds("2026-03-28T23:00:00Z"), costNanoUsd: 16_000_000_000 });
    ledger.record({ ts: seconds("2026-03-29T21:59:59Z"), costNanoUsd: 32_000_000_000 });
    ledger.record({ ts: seconds("2026-03-29T22:00:00Z"), costNanoUsd: 64_000_000_000 });
    ledger.close();
    const berlin = { env: { TZ: "Europe/Berlin" } };
    expect(box.json(["stats", "--by-day", "--no-import"], berlin).groups.map((row: any) => [row.key, row.cost_usd])).toEqual([
      ["2026-03-29", 48],
      ["2026-03-30", 64],
      ["2026-10-24", 1],
      ["2026-10-25", 6],
      ["2026-10-26", 8],
    ]);
    const day = box.json(["stats", "--from", "2026-10-25", "--to", "2026-10-25", "--no-import"], berlin);
    expect(day.total_cost_usd).toBe(6);
    expect(day.range).toEqual({ from: "2026-10-24T22:00:00.000Z", to: "2026-10-25T23:00:00.000Z" });
    // 5:45 h ahead of UTC: the day begins at 18:15Z.
    const nepal = box.json(["stats", "--by-day", "--no-import"], { env: { TZ: "Asia/Kathmandu" } }).groups;
    expect(nepal.map((row: any) => [row.key, row.cost_usd])).toEqual([
      ["2026-03-29", 16],
      ["2026-03-30", 96],
      ["2026-10-25", 3],
      ["2026-10-26", 12],
    ]);
  });

  it.each([
    [["--today", "--7d"], "BOBA-USE-24"],
    [["--today", "--from", "2026-01-01"], "BOBA-USE-24"],
    [["--by-model", "--by-day"], "BOBA-USE-25"],
    [["--format", "csv"], "BOBA-USE-2"],
  ])("refuses %j", (args, code) => {
    expect(sandbox().boba(["stats", "--no-import", ...args], { expect: 2 }).stderr).toContain(`[${code}]`);
  });
});
