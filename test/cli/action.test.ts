import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ledgerAt } from "../helpers/ledger.ts";
import { type Sandbox, sandbox } from "../helpers/sandbox.ts";

const DAY = 86_400;

/** 10 and 50 $ a million tokens for `big`, a tenth for `small`. */
const PRICES = "models:\n  big: { input_per_mtok: 10, output_per_mtok: 50 }\n  small: { input_per_mtok: 1, output_per_mtok: 5 }\n";

/** 60 short requests to `big` at 0.02 $ each, over eight days: 1.20 $, and 0.12 $ with `small`. */
function seed(box: Sandbox): void {
  box.write(box.bobaHome, "pricing.yaml", PRICES);
  const ledger = ledgerAt(box.db);
  const now = Math.floor(Date.now() / 1000) - 60;
  for (let at = 0; at < 60; at++) {
    ledger.record({ ts: now - (at % 8) * DAY, session: `s${at}`, model: "big", input: 1000, output: 200, costNanoUsd: 20_000_000 });
  }
  ledger.close();
}

const ROUTES = "# mine\nrules:\n  - id: night # late\n    if: time_of_day == 'night'\n    use: cheap\n\n# the end\n";

function withProfiles(box: Sandbox): string {
  box.write(box.bobaHome, "profiles.yaml", "profiles:\n  cheap: { provider: anthropic, model: small }\n");
  const routes = join(box.bobaHome, "routes.yaml");
  writeFileSync(routes, ROUTES, { mode: 0o640 });
  return routes;
}

const list = (box: Sandbox, ...more: string[]) => box.json(["action", "list", "--no-import", ...more]);
const idOf = (box: Sandbox, type: string): string => list(box, "--all").actions.find((action: any) => action.type === type).id;

test("a cheaper model that there is a profile for: worked out from the records, applied as a rule, and taken back to the byte", () => {
  const box = sandbox();
  seed(box);
  const routes = withProfiles(box);
  const id = idOf(box, "cheaper-model");
  expect(list(box).actions[0]).toEqual({
    id,
    type: "cheaper-model",
    title: "60 short requests to big would have cost $0.12 instead of $1.20 with small",
    evidence: expect.objectContaining({
      requests: 60,
      cost_usd: 1.2,
      other_cost_usd: 0.12,
      model: "big",
      other_model: "small",
      commits: [],
    }),
    saving_usd: 1.08,
    confidence: 0.38,
    apply: { file: "routes.yaml", what: "adds a rule: requests to big below 16000 characters go to the profile cheap" },
    status: "open",
    until: null,
  });
  const preview = box.boba(["action", "preview", id]).stdout;
  expect(preview).toContain("\n+  - id: short-big\n+    if: model == 'big' && ctx_chars < 16000\n+    use: cheap\n");
  expect(box.boba(["action", "apply", id], { expect: 2 }).stderr).toContain("BOBA-BUD-12");
  expect(readFileSync(routes, "utf8")).toBe(ROUTES);
  box.boba(["action", "apply", id.slice(0, 5), "--yes"]);
  expect(readFileSync(routes, "utf8")).toBe(
    "# mine\nrules:\n  - id: night # late\n    if: time_of_day == 'night'\n    use: cheap\n  - id: short-big\n    if: model == 'big' && ctx_chars < 16000\n    use: cheap\n    explain: short requests cost less with small\n\n# the end\n",
  );
  expect(list(box).actions.map((action: any) => action.id)).not.toContain(id);
  expect(list(box, "--all").actions.find((action: any) => action.id === id).status).toBe("applied");
  expect(box.boba(["action", "apply", "--undo", id]).stdout).toContain("is as it was");
  expect(readFileSync(routes, "utf8")).toBe(ROUTES);
  expect(statSync(routes).mode & 0o777).toBe(0o640);
  expect(list(box).actions[0].id).toBe(id);
});

test("a file that is made by applying is gone by taking it back", () => {
  const box = sandbox();
  seed(box);
  const id = idOf(box, "budget-trend");
  const settings = join(box.bobaHome, "settings.yaml");
  expect(box.boba(["action", "apply", id, "--yes"]).stdout).toContain("\n@@ -0,0 +1,2 @@\n+budget:\n+  monthly_usd: 5\n");
  expect(readFileSync(settings, "utf8")).toBe("budget:\n  monthly_usd: 5\n");
  expect(box.json(["budget", "--no-import"]).budgets).toMatchObject([{ period: "monthly", limit_usd: 5 }]);
  box.boba(["action", "apply", "--undo", id]);
  expect(statSync(settings, { throwIfNoEntry: false })).toBeUndefined();
  expect(box.boba(["action", "show", id]).stdout).toContain("No limit is set; the last 30 days cost $1.20");
  expect(box.boba(["action", "show", "zzz"], { expect: 2 }).stderr).toContain("BOBA-BUD-9");
});
