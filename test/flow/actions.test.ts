import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it, test } from "vitest";
import { applyAction, dismissAction, previewAction, snoozeAction, undoAction } from "../../src/flow/action-apply.ts";
import { listActions } from "../../src/flow/actions.ts";
import type { App } from "../../src/flow/app.ts";
import { appAt } from "../helpers/app.ts";
import { type Ledger, ledgerAt } from "../helpers/ledger.ts";

const NOW = Date.UTC(2026, 10, 23, 12);
const DAY = 86_400;
const USD = 1e9;
const localDay = (atS: number) => new Date(atS * 1000).toLocaleDateString("en-CA");
/** Noon, so many days ago. */
const ago = (days: number) => NOW / 1000 - days * DAY;

const open = async (app: App) => (await listActions(app, { import: false, all: false })).actions;
const filled = (fill: (ledger: Ledger) => void): App => {
  const app = appAt(NOW);
  const ledger = ledgerAt(app.paths.db);
  fill(ledger);
  ledger.close();
  return app;
};

/** 56 requests of half a dollar in 28 sessions, two a day. */
function usual(ledger: Ledger): void {
  for (let at = 0; at < 56; at++)
    ledger.record({ ts: ago((at % 28) + 1), session: `s${at % 28}`, costNanoUsd: USD / 2, model: "none-known" });
}

const some = (requests: number, days: number) =>
  filled((ledger) => {
    for (let at = 0; at < requests; at++)
      ledger.record({ ts: ago(at % days), session: `s${at}`, costNanoUsd: USD / 50, model: "none-known" });
  });

test("below 50 requests with a price on 7 days nothing is suggested, at that something is", async () => {
  const tooLittle = async (app: App) => (await listActions(app, { import: false, all: true })).tooLittle;
  expect(await tooLittle(some(49, 8))).toEqual({ requests: 49, days: 8 });
  expect(await tooLittle(some(60, 6))).toEqual({ requests: 60, days: 6 });
  const enough = some(50, 7);
  expect(await tooLittle(enough)).toBeNull();
  expect(await open(enough)).toMatchObject([{ type: "budget-trend", evidence: { requests: 50, facts: { monthly_usd: 5 } } }]);
});

describe("from a ledger", () => {
  it("a session and its day that stand out", async () => {
    const app = filled((ledger) => {
      usual(ledger);
      // All others cost 1 $: unusual above 3 $ for a session, 2 $ for a day (which has 1 $ of its own besides).
      ledger.record({ ts: ago(3), session: "runaway", costNanoUsd: 20 * USD, model: "none-known" });
    });
    const found = await open(app);
    expect(found.map(({ type, savingNanoUsd }) => [type, savingNanoUsd])).toEqual([
      ["day-anomaly", 19 * USD],
      ["runaway-session", 17 * USD],
      ["budget-trend", 20 * USD],
      ["budget-trend", null],
    ]);
    expect(found[0]?.evidence).toMatchObject({ requests: 3, sessions: ["runaway", "s2"], facts: { day: localDay(ago(3)) } });
    expect(found[1]?.evidence).toMatchObject({ sessions: ["runaway"] });
    // The last seven days cost 27 $, the weeks before 7 $ each.
    expect(found[2]?.title).toBe("The last seven days cost $27.00; a usual week of the month before cost $7.00");
  });

  it("abandoned work, by its branch, in the repository's own name", async () => {
    const app = filled((ledger) => {
      usual(ledger);
      const shop = ledger.repo("shop");
      const kept = ledger.commit(shop, "a".repeat(40));
      const gone = ledger.commit(shop, "b".repeat(40), { reachable: false });
      for (let at = 0; at < 5; at++)
        ledger.record({ ts: ago(at), session: "s1", repo: shop, branch: `b${at}`, commit: kept, costNanoUsd: USD / 10 });
      for (let at = 0; at < 5; at++)
        ledger.record({ ts: ago(at), session: `t${at}`, repo: shop, branch: "try", commit: gone, costNanoUsd: USD / 2 });
    });
    expect((await open(app)).find(({ type }) => type === "abandoned-branch")).toMatchObject({
      evidence: { requests: 5, costNanoUsd: 2.5 * USD, commits: ["b".repeat(40)], facts: { repo: "shop", branch: "try" } },
      savingNanoUsd: 2.4 * USD,
    });
  });

  it("records older than 30 days, and those of a clock that is ahead, are in none of it", async () => {
    const app = filled((ledger) => {
      for (let at = 0; at < 60; at++) ledger.record({ ts: ago(31 + (at % 10)), costNanoUsd: USD });
      for (let at = 0; at < 60; at++) ledger.record({ ts: ago(-1 - (at % 10)), costNanoUsd: USD });
    });
    expect(await listActions(app, { import: false, all: true })).toMatchObject({ actions: [], tooLittle: { requests: 0, days: 0 } });
  });
});

test("a dismissed suggestion stays away; a snoozed one returns when its time is up", async () => {
  const app = filled(usual);
  const [only, ...others] = await open(app);
  expect([only?.type, others]).toEqual(["budget-trend", []]);
  const id = only?.id ?? "";
  expect(await snoozeAction(app, id, 2)).toBe(NOW + 2 * DAY * 1000);
  const later = (ms: number): App => ({ ...app, now: () => NOW + ms });
  expect(await open(later(2 * DAY * 1000 - 1))).toEqual([]);
  expect((await open(later(2 * DAY * 1000))).map((action) => [action.id, action.status])).toEqual([[id, "open"]]);
  await dismissAction(app, id);
  expect(await open(later(5 * DAY * 1000))).toEqual([]);
});

test("a change is not written, nor taken back, over what somebody else wrote meanwhile", async () => {
  const app = filled(usual);
  const id = (await open(app))[0]?.id ?? "";
  const preview = await previewAction(app, id);
  mkdirSync(app.paths.home, { recursive: true });
  writeFileSync(app.paths.settings, "# mine\n");
  expect(() => applyAction(app, preview)).toThrow(expect.objectContaining({ code: "BOBA-BUD-8" }));
  expect([readFileSync(app.paths.settings, "utf8"), (await open(app)).length]).toEqual(["# mine\n", 1]);
  applyAction(app, await previewAction(app, id));
  writeFileSync(app.paths.settings, "# mine\nbudget: { monthly_usd: 40 }\n");
  expect(() => undoAction(app, id)).toThrow(expect.objectContaining({ code: "BOBA-BUD-8" }));
  expect(readFileSync(app.paths.settings, "utf8")).toBe("# mine\nbudget: { monthly_usd: 40 }\n");
  expect(() => undoAction(app, "0000")).toThrow(expect.objectContaining({ code: "BOBA-BUD-11" }));
});
