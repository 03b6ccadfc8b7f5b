/** The active profile, and lists with what each costs. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ledgerAt } from "../helpers/ledger.ts";
import { sandbox } from "../helpers/sandbox.ts";
import { writeProfiles } from "./run-boba.ts";

it("chooses a profile and leaves every other byte of the settings as it is", () => {
  const box = sandbox();
  const settings = join(box.bobaHome, "settings.yaml");
  mkdirSync(box.bobaHome, { recursive: true });
  const before = "# mine\nhooks:\n  mode: lazy   # quick\n";
  writeFileSync(settings, before);
  writeProfiles(box, { work: { provider: "anthropic" }, home: { provider: "openai" } });
  expect(box.boba(["use"]).stdout).toBe("no profile is active\n");
  expect(box.boba(["use", "work"]).stdout).toBe("work\n");
  expect(readFileSync(settings, "utf8")).toBe(`${before}profile: work\n`);
  expect(box.boba(["use", "wrok"], { expect: 2 }).stderr).toContain("did you mean: work");
  writeProfiles(box, { home: { provider: "openai" } });
  expect(box.boba(["use"]).stdout).toBe("work (not defined in profiles.yaml)\n");
  expect(box.boba(["use", "--clear"]).stdout).toBe("no profile is active\n");
  expect(readFileSync(settings, "utf8")).toBe(before);
});

it("lists profiles, projects and sessions with their cost over each span", () => {
  const box = sandbox();
  const ledger = ledgerAt(box.db);
  const nowS = Math.floor(Date.now() / 1000);
  // A minute ahead is today, or after the midnight that a test may meet.
  const [day, dollar] = [86_400, 1_000_000_000];
  const repo = ledger.repo("shop");
  ledger.record({ ts: nowS + 60, session: "s1", repo, project: "shop", costNanoUsd: dollar });
  ledger.record({ ts: nowS - 3 * day, session: "s1", repo, project: "shop", costNanoUsd: 2 * dollar });
  ledger.record({ ts: nowS - 20 * day, session: "s2", repo, project: "shop", costNanoUsd: null });
  ledger.record({ ts: nowS - 90 * day, session: "s3", tool: "codex", costNanoUsd: 4 * dollar });
  ledger.db.prepare("UPDATE usage_records SET profile = 'work' WHERE session_id IN ('s1', 's2')").run();
  ledger.db.prepare("UPDATE usage_records SET profile = 'gone' WHERE session_id = 's3'").run();
  ledger.close();
  writeProfiles(box, { work: { provider: "anthropic", model: "m" }, idle: { provider: "openai", headers: { "x-api-key": "secret://k" } } });
  const costs = (what: string, ...more: string[]) => {
    const { rows } = box.json(["ls", what, "--no-import", ...more]);
    return rows.map((row: any) => [row.name, ...Object.values(row.costs).map((cost: any) => `${cost.requests}:${cost.cost_usd}`)]);
  };
  expect(costs("profiles")).toEqual([
    ["work", "1:1", "2:3", "3:3", "3:3"],
    ["gone", "0:0", "0:0", "0:0", "1:4"],
    ["idle", "0:0", "0:0", "0:0", "0:0"],
  ]);
  expect(costs("projects")).toEqual([
    ["shop", "1:1", "2:3", "3:3", "3:3"],
    [null, "0:0", "0:0", "0:0", "1:4"],
  ]);
  expect(costs("sessions", "--since", "30d")).toEqual([
    ["s1", "2:3"],
    ["s2", "1:null"],
  ]);
  const { stdout } = box.boba(["ls", "--no-import"]);
  expect(stdout.split("\n")[1]).toMatch(/^work\s+http\s+anthropic\s+m\s+\$1\.00\s+\$3\.00\s+>= \$3\.00\s+>= \$3\.00\s+\d{4}-/);
  expect(stdout).toMatch(/gone\s+\(not defined\)/);
  expect(stdout).toMatch(/idle\s+http\s+openai\s+-\s+-\s+-\s+-\s+never/);
  expect(box.boba(["ls", "profile"], { expect: 2 }).stderr).toContain("use one of: profiles, projects, sessions");
});
