import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import type { App } from "../../src/flow/app.ts";
import { checkBudgets } from "../../src/flow/budget.ts";
import { appAt } from "../helpers/app.ts";
import { ledgerAt } from "../helpers/ledger.ts";
import { sandbox } from "../helpers/sandbox.ts";

const NOW = Date.UTC(2026, 10, 23, 12, 30);
const tomorrow = new Date(NOW + 86_400_000).toLocaleDateString("en-CA");

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** An app whose ledger holds 6 $ of the project shop, 4 $ of them with the profile work, all of this hour. */
function spentSix(app: App): void {
  const ledger = ledgerAt(app.paths.db);
  ledger.record({ ts: NOW / 1000 - 60, costNanoUsd: 4_000_000_000, project: "shop", branch: "main" });
  ledger.db.exec("UPDATE usage_records SET profile = 'work'");
  ledger.record({ ts: NOW / 1000 - 60, costNanoUsd: 2_000_000_000, project: "shop", branch: "feature/x" });
  ledger.close();
}

const shopWith = (text: string | null): string => {
  const at = sandbox().repo("shop");
  if (text !== null) write(join(at, ".boba-project.yaml"), text);
  return at;
};
const check = async (app: App, cwd: string, profile: string | null = null) => {
  const { refused, alerts } = await checkBudgets(app, { profile, cwd, import: true });
  return { refused: refused?.message ?? null, code: refused?.code, hint: refused?.hint, alerts };
};

describe("before a run", () => {
  it("nothing is refused without limits, nor looked at", async () => {
    expect(await check(appAt(NOW), shopWith(null))).toMatchObject({ refused: null, alerts: [] });
  });

  it("a limit that is only told refuses nothing; one that is enforced refuses what has nothing left, and says what to do", async () => {
    const app = appAt(NOW);
    spentSix(app);
    const at = shopWith(null);
    write(app.paths.settings, "budget: { daily_usd: 6 }\n");
    expect(await check(app, at)).toMatchObject({
      refused: null,
      alerts: ["budget alert: 100 % of the daily limit is spent: $6.00 of $6.00"],
    });
    write(app.paths.settings, "budget: { daily_usd: 6, enforce: true }\n");
    expect(await check(app, at)).toMatchObject({
      code: "BOBA-BUD-1",
      refused: "nothing is left of the daily limit: $6.00 of $6.00 is spent",
      hint: `wait until ${tomorrow}, or raise it: boba budget --set daily=<usd>`,
    });
    write(app.paths.settings, "budget: { daily_usd: 6.01, enforce: true }\n");
    expect(await check(app, at)).toMatchObject({ refused: null });
  });

  it.each([
    ["a project's", "budget: { projects: { shop: { hard_cap: { usd: 6, period_days: 7 }, enforce: true } } }", null, true],
    ["another project's", "budget: { projects: { blog: { daily_usd: 0, enforce: true } } }", null, false],
    ["this branch's", "budget: { branches: { main: { daily_usd: 4, enforce: true } } }", null, true],
    ["another branch's", "budget: { branches: { feature/x: { daily_usd: 1, enforce: true } } }", null, false],
    ["this profile's", "", "work", true],
    ["another profile's", "", "home", false],
  ])("%s limit", async (_, text, profile, isRefused) => {
    const app = appAt(NOW);
    spentSix(app);
    write(app.paths.settings, text);
    const budget = "budget: { daily_usd: 4, enforce: true }";
    if (profile !== null)
      write(app.paths.profiles, `profiles: { work: { provider: anthropic, ${budget} }, home: { provider: openai, ${budget} } }`);
    const { refused } = await check(app, shopWith(null), profile);
    expect(refused !== null).toBe(isRefused);
  });

  it("the command to raise a limit is one that a shell reads as it is meant", async () => {
    const app = appAt(NOW);
    const ledger = ledgerAt(app.paths.db);
    ledger.record({ ts: NOW / 1000 - 60, costNanoUsd: 2_000_000_000, project: "$(id) it's", branch: "main" });
    ledger.close();
    write(app.paths.settings, `budget: { projects: { "$(id) it's": { daily_usd: 1, enforce: true } } }`);
    const { hint } = await check(app, shopWith(`project: { name: "$(id) it's" }\n`));
    expect(hint).toBe(`wait until ${tomorrow}, or raise it: boba budget --project '$(id) it'\\''s' --set daily=<usd>`);
  });

  it("a repository limits its project further, and lifts nothing", async () => {
    const app = appAt(NOW);
    spentSix(app);
    write(app.paths.settings, "budget: { projects: { shop: { daily_usd: 6, enforce: true } } }");
    const higher = shopWith("project: { name: shop }\nbudget: { daily_usd: 100 }\n");
    expect((await check(app, higher)).refused).toContain("$6.00 of $6.00");
    write(app.paths.settings, "budget: { projects: { shop: { daily_usd: 50 } } }");
    const lower = shopWith("budget: { daily_usd: 5, enforce: true }\n");
    expect(await check(app, lower)).toMatchObject({
      code: "BOBA-BUD-1",
      hint: `wait until ${tomorrow}, or raise it in .boba-project.yaml`,
    });
  });

  it("with limits of the user's own that make no sense nothing is run", async () => {
    const app = appAt(NOW);
    write(app.paths.settings, "budget: { daily: 5 }\n");
    await expect(check(app, shopWith(null))).rejects.toMatchObject({ code: "BOBA-CFG-4" });
  });

  it("a repository's file that makes no sense is told, and stops nothing", async () => {
    const app = appAt(NOW);
    spentSix(app);
    const found = await check(app, shopWith("budget: { daily_usd: 1, enforce: false }\n"));
    expect(found.refused).toBeNull();
    expect(found.alerts).toEqual([expect.stringMatching(/\.boba-project\.yaml:1:\d+: .*its limits do not hold/)]);
  });
});
