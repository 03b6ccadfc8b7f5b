/** `boba stats` with all that it tells only when asked, of a ledger whose figures are worked out by hand. */
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ledgerAt } from "../helpers/ledger.ts";
import { type Sandbox, sandboxIn } from "../helpers/sandbox.ts";
import { at } from "../helpers/zone.ts";

const usd = (dollars: number) => dollars * 1e9;
let box: Sandbox;

beforeAll(() => {
  box = sandboxIn(realpathSync(mkdtempSync(join(tmpdir(), "boba-test-"))));
  const ledger = ledgerAt(box.db);
  const repo = ledger.repo("shop");
  // Berlin, October 2026: the 24th, the 25th (25 hours) and the 27th; nothing on the 26th.
  ledger.record({ ts: at("2026-10-23T22:00:00Z"), costNanoUsd: usd(4), model: "opus", latencyMs: 900, repo });
  ledger.record({ ts: at("2026-10-25T22:59:59Z"), costNanoUsd: usd(1), model: "opus", estimate: "mapped", repo });
  ledger.record({ ts: at("2026-10-25T22:59:59Z"), costNanoUsd: usd(3), model: "haiku", estimate: "heuristic", latencyMs: 100 });
  for (let n = 1; n <= 10; n++)
    ledger.record({ ts: at("2026-10-26T23:00:00Z") + n, costNanoUsd: usd(2), model: "sonnet", latencyMs: n * 10 });
  ledger.record({ ts: at("2026-10-27T10:00:00Z"), costNanoUsd: usd(6), model: "opus" });
  ledger.record({ ts: at("2026-10-27T10:00:00Z"), costNanoUsd: null, model: "odd" });
  ledger.close();
});
afterAll(() => rmSync(box.dir, { recursive: true, force: true }));

const env = { TZ: "Europe/Berlin", LANG: "C.UTF-8", LC_ALL: "" };
const json = (...args: string[]) => box.json(["stats", "--no-import", ...args], { env });
const text = (...args: string[]) => box.boba(["stats", "--no-import", ...args], { env }).stdout;
const BOTH = ["--from", "2026-10-26", "--to", "2026-10-27"];

describe("--compare", () => {
  it("sets whole days against as many before, by group too", () => {
    const stats = json(...BOTH, "--compare", "--by-model");
    expect(stats.total_cost_usd).toBe(26);
    expect(stats.groups.map((row: any) => [row.key, row.cost_usd])).toEqual([
      ["sonnet", 20],
      ["opus", 6],
      ["odd", null],
    ]);
    expect(stats.compare).toMatchObject({
      range: { from: "2026-10-23T22:00:00.000Z", to: "2026-10-25T23:00:00.000Z" },
      compared_to: null,
      before: { cost_usd: 8, requests: 3 },
      change_usd: 18,
      change_nano_usd: "18000000000",
      change_percent: 225,
    });
    expect(stats.compare.groups.map((row: any) => [row.key, row.current.requests, row.change_usd, row.change_percent])).toEqual([
      ["sonnet", 10, 20, null],
      ["opus", 1, 1, 20],
      ["odd", 1, 0, null],
      ["haiku", 0, -3, -100],
    ]);
    const lines = text(...BOTH, "--compare", "--by-model").split("\n");
    expect(lines).toContain("Before: 2026-10-24 to 2026-10-25");
    expect(lines).toContain("  $8.00 -> >= $26.00: +$18.00 (+225.0%)");
    expect(lines).toContain("Requests without a price are in neither cost.");
    expect(lines.filter((line) => /^(haiku|opus|total)/.test(line)).map((line) => line.split(/ {2,}/))).toEqual([
      ["opus", "1", "2", "$6.00", "$5.00", "+$1.00", "+20.0%"],
      ["haiku", "0", "1", "-", "$3.00", "-$3.00", "-100.0%"],
      ["total", "12", "3", ">= $26.00", "$8.00", "+$18.00", "+225.0%"],
    ]);
  });

  it("compares what has passed of a range, and says so", () => {
    const stats = json("--today", "--compare");
    expect(Math.abs(Date.parse(stats.compare.compared_to) - Date.now())).toBeLessThan(60_000);
    expect(stats.compare).toMatchObject({ change_usd: 0, change_percent: null });
    expect(text("--today", "--compare")).toMatch(/^Before: .*\n?.*only so much has passed/m);
    expect(box.boba(["stats", "--compare"], { expect: 2 }).stderr).toContain("[BOBA-USE-53]\n  add --today");
    expect(box.boba(["stats", "--7d", "--compare", "--by-day"], { expect: 2 }).stderr).toContain("[BOBA-USE-54]\n  use --trend");
  });
});

describe("--trend", () => {
  const range = ["--from", "2026-10-23", "--to", "2026-10-27"];

  it("has a bar for each day, empty ones too, in what letters the terminal has", () => {
    const { trend, total_cost_usd } = json(...range, "--trend", "daily");
    expect(total_cost_usd).toBe(34);
    expect(trend.step).toBe("daily");
    expect(trend.periods.map((day: any) => [day.key, day.cost_usd, day.requests])).toEqual([
      ["2026-10-23", 0, 0],
      ["2026-10-24", 4, 1],
      ["2026-10-25", 4, 2],
      ["2026-10-26", 0, 0],
      ["2026-10-27", 26, 12],
    ]);
    expect(trend.periods[2]).toMatchObject({ from: "2026-10-24T22:00:00.000Z", to: "2026-10-25T23:00:00.000Z", partial: false });
    const bars = (more: object) => box.boba(["stats", "--no-import", ...range, "--trend", "daily"], { env: { ...env, ...more } }).stdout;
    expect(bars({})).toContain(
      "Trend, daily: 2026-10-23 to 2026-10-27\n  ·▂▂·█\n  highest >= $26.00 (2026-10-27), mean >= $6.80 a day, 2 days without a record\n",
    );
    expect(bars({ LANG: "C" })).toContain("\n  .,,.#\n");
    expect(bars({ TERM: "dumb" })).toContain("\n  .,,.#\n");
    expect(bars({ LC_ALL: "en_US.ISO-8859-1" })).toContain("\n  .,,.#\n");
  });

  it("by week, and refuses other steps", () => {
    // Monday is the 26th.
    expect(json(...range, "--trend", "weekly").trend.periods.map((week: any) => [week.key, week.cost_usd, week.partial])).toEqual([
      ["2026-W43", 8, true],
      ["2026-W44", 26, true],
    ]);
    expect(box.boba(["stats", "--trend", "hourly"], { expect: 2 }).stderr).toContain("[BOBA-USE-2]");
  });
});

it("latencies by the nearest rank, of the requests that have one", () => {
  // 10, 20, ... 100 on the 27th; two requests without.
  const stats = json("--from", "2026-10-27", "--to", "2026-10-27", "--latency");
  expect(stats.latency_ms).toEqual({ requests: 12, known_requests: 10, p50: 50, p90: 90, p99: 100 });
  // Also 100 and 900: the 6th, 11th and 12th of twelve.
  expect(json("--latency").latency_ms).toEqual({ requests: 15, known_requests: 12, p50: 60, p90: 100, p99: 900 });
  expect(text("--latency")).toContain("Latency: p50 60 ms, p90 100 ms, p99 900 ms; known of 12 of 15 requests (80%)\n");
  expect(text("--from", "2026-10-26", "--to", "2026-10-26", "--latency")).toContain("Latency: not known of any of 0 requests.\n");
});

it("how sure the prices are, in shares that claim no more than there is", () => {
  const { by, groups, coverage } = json("--by-estimate");
  expect(by).toBe("estimate");
  expect(groups.map((row: any) => [row.key, row.requests, row.cost_usd])).toEqual([
    ["exact", 12, 30],
    ["heuristic", 1, 3],
    ["mapped", 1, 1],
    ["unpriced", 1, null],
  ]);
  // Of 15 requests and 34 $: 12/15, 30/34 = 88.2; 1/15 = 6.7, 1/34 = 2.9, 3/34 = 8.8.
  expect(coverage).toEqual({
    exact: { requests: 12, requests_percent: 80, cost_percent: 88 },
    mapped: { requests: 1, requests_percent: 6, cost_percent: 2 },
    heuristic: { requests: 1, requests_percent: 6, cost_percent: 8 },
    unpriced: { requests: 1, requests_percent: 6, cost_percent: null },
  });
  expect(text("--by-estimate")).toContain("priced: exact 80%, mapped 6%, heuristic 6%, unpriced 6% of requests, rounded down\n");
  expect(box.boba(["report", "--by", "estimate", "--shared"], { expect: 2 }).stderr).toContain("BOBA-USE-30");
});

it("a projection names its method, or says what is missing for one", () => {
  const old = json("--projection").projection;
  expect(old).toMatchObject({
    method: "weekday-means",
    days_of_data: 28,
    spent_usd: expect.any(Number),
    unpriced_requests: expect.any(Number),
  });
  expect(text("--projection")).toMatch(/^Projection for \d{4}-\d\d: \$.*\n.*weekday/m);
  const young = sandboxIn(realpathSync(mkdtempSync(join(box.dir, "young-"))));
  const ledger = ledgerAt(young.db);
  ledger.record({ ts: Math.floor(Date.now() / 1000), costNanoUsd: usd(1) });
  ledger.close();
  expect(young.json(["stats", "--no-import", "--projection"]).projection).toMatchObject({ method: null, days_of_data: 0, cost_usd: null });
  expect(young.boba(["stats", "--no-import", "--projection"]).stdout).toMatch(/none, only 0 whole days known; it takes 7\./);
});

it("nothing of it is there unless it was asked for", () => {
  const keys = Object.keys(json("--by-model"));
  expect(keys.filter((key) => ["compare", "trend", "latency_ms", "projection", "coverage"].includes(key))).toEqual([]);
});
