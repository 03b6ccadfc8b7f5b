import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, test } from "vitest";
import { respond, SENTINEL } from "../helpers/agent.ts";
import { ledgerAt } from "../helpers/ledger.ts";
import { BOBA, type Sandbox, sandbox } from "../helpers/sandbox.ts";
import { commit, talk, tick } from "../helpers/work.ts";

const settingsOf = (box: Sandbox) => join(box.bobaHome, "settings.yaml");
function settings(box: Sandbox, text: string): void {
  mkdirSync(box.bobaHome, { recursive: true, mode: 0o700 });
  writeFileSync(settingsOf(box), text);
}

/** Settings whose alert command writes what it is told into a file, a line each time. */
function withCommand(box: Sandbox, budget: string): string {
  const told = join(box.dir, "told.txt");
  const keys = "['SCOPE','TARGET','PERIOD','LEVEL','SPENT_USD','LIMIT_USD'].map(k => process.env['BOBA_ALERT_' + k])";
  const program = `require('node:fs').appendFileSync(${JSON.stringify(told)}, JSON.stringify(${keys}) + '\\n')`;
  settings(box, `alerts:\n  command: ${JSON.stringify([process.execPath, "-e", program])}\n${budget}`);
  return told;
}

async function linesOf(path: string, count: number): Promise<string[]> {
  for (let tries = 0; tries < 400; tries++) {
    const lines = existsSync(path) ? readFileSync(path, "utf8").split("\n").slice(0, -1) : [];
    if (lines.length >= count) return lines;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`${path} has fewer than ${count} lines`);
}

describe("setting limits", () => {
  it("keeps comments and everything else, and says what is left", () => {
    const box = sandbox();
    settings(
      box,
      `# mine\ntickets:\n  pattern: "[A-Z]+-[0-9]+" # a very long comment that goes on and on, so that it is longer than any line should be\n\nbudget:\n  daily_usd: 3 # small\n  projects: # by project\n    shop:\n      monthly_usd: 20 # much\n      enforce: false\n`,
    );
    const { stdout, stderr } = box.boba(["budget", "--set", "daily=10.5", "--set", "rolling=200/7d", "--no-import"]);
    expect(stderr).toBe(`written to ${settingsOf(box)}\n`);
    expect(stdout).toMatch(/^everything +daily +\$0\.00 +\$10\.50 +0% .* ok$/m);
    box.boba(["budget", "--project", "shop", "--set", "monthly=none", "--set", "weekly=5", "--enforce", "--no-import"]);
    box.boba(["budget", "--branch", "feature/a.b", "--set", "daily=1", "--no-import"]);
    expect(readFileSync(settingsOf(box), "utf8")).toBe(
      `# mine\ntickets:\n  pattern: "[A-Z]+-[0-9]+" # a very long comment that goes on and on, so that it is longer than any line should be\n\nbudget:\n  daily_usd: 10.5 # small\n  projects: # by project\n    shop:\n      enforce: true\n      weekly_usd: 5\n  hard_cap:\n    usd: 200\n    period_days: 7\n  branches:\n    feature/a.b:\n      daily_usd: 1\n`,
    );
    expect(
      box
        .json(["budget", "status", "--no-import"])
        .budgets.map((one: any) => [one.scope, one.target, one.period, one.limit_usd, one.enforced]),
    ).toEqual([
      ["global", null, "daily", 10.5, false],
      ["global", null, "rolling", 200, false],
      ["project", "shop", "weekly", 5, true],
      ["branch", "feature/a.b", "daily", 1, false],
    ]);
    expect(box.json(["budget", "--project", "shop", "--no-import"]).budgets).toHaveLength(1);
  });

  it("a profile's stand in profiles.yaml, which may be a list", () => {
    const box = sandbox();
    const profiles = join(box.bobaHome, "profiles.yaml");
    box.write(
      box.bobaHome,
      "profiles.yaml",
      "profiles:\n  # for work\n  - key: work\n    provider: anthropic\n    model: claude-sonnet-4-5\n",
    );
    box.boba(["budget", "--profile", "work", "--set", "monthly=30", "--no-import"]);
    expect(readFileSync(profiles, "utf8")).toBe(
      "profiles:\n  # for work\n  - key: work\n    provider: anthropic\n    model: claude-sonnet-4-5\n    budget:\n      monthly_usd: 30\n",
    );
    expect(box.json(["budget", "--profile", "work", "--no-import"]).budgets).toMatchObject([
      { scope: "profile", target: "work", limit_usd: 30 },
    ]);
    expect(box.boba(["budget", "--profile", "home", "--set", "daily=1"], { expect: 2 }).stderr).toContain("BOBA-BUD-4");
  });

  it("without a file makes one; without limits says how to set one; a limit that is none is refused", () => {
    const box = sandbox();
    expect(box.boba(["budget", "--no-import"]).stdout).toContain("boba budget --set monthly=50");
    expect(box.boba(["budget", "--set", "daily=1e3"], { expect: 2 }).stderr).toContain("BOBA-BUD-5");
    expect(existsSync(settingsOf(box))).toBe(false);
    box.boba(["budget", "--set", "weekly=$7", "--no-import"]);
    expect(readFileSync(settingsOf(box), "utf8")).toBe("budget:\n  weekly_usd: 7\n");
  });

  it("leaves a file that is not valid, or would not be, as it is", () => {
    const box = sandbox();
    settings(box, "budget: 5\n");
    expect(box.boba(["budget", "--set", "daily=1"], { expect: 2 }).stderr).toContain("settings.yaml:1");
    expect(readFileSync(settingsOf(box), "utf8")).toBe("budget: 5\n");
  });
});

test("six processes that all find a limit reached: one line on a terminal, one run of the command, one line in the log", async () => {
  const box = sandbox();
  // Sonnet: 15 $ a million output tokens. 600,000 of them are 9 $ of 10 $.
  respond(box, { cwd: "/w", output: 600_000 });
  const told = withCommand(box, "budget: { hard_cap: { usd: 10, period_days: 30 } }\n");
  const runs = await Promise.all(
    Array.from({ length: 6 }, async () => {
      const child = spawn(process.execPath, [BOBA, "budget", "--format", "json"], { env: box.env, cwd: box.dir });
      const text = { out: "", err: "" };
      child.stdout.on("data", (chunk: Buffer) => (text.out += chunk.toString()));
      child.stderr.on("data", (chunk: Buffer) => (text.err += chunk.toString()));
      await once(child, "close");
      return text;
    }),
  );
  const status = JSON.parse(runs[0]?.out ?? "");
  expect(status).toMatchObject({
    schema: "boba.budget/1",
    budgets: [{ spent_usd: 9, used_ratio: 0.9, state: "alert", forecast_usd: null }],
  });
  expect(runs.map(({ err }) => err).join("")).toBe("budget alert: 80 % of the cap of 30 days is spent: $9.00 of $10.00\n");
  expect(await linesOf(told, 1)).toEqual(['["global","","rolling","80","9.00","10.00"]']);
  tick();
  respond(box, { cwd: "/w", output: 100_000 });
  expect(box.boba(["stats"]).stderr).toBe("budget alert: 100 % of the cap of 30 days is spent: $10.50 of $10.00\n");
  expect(await linesOf(told, 2)).toEqual(['["global","","rolling","80","9.00","10.00"]', '["global","","rolling","100","10.50","10.00"]']);
  expect(box.boba(["stats"]).stderr).toBe("");
  const log = readFileSync(join(box.bobaHome, "logs", "boba.log"), "utf8");
  expect(log.split("\n").filter((line) => line.includes('"budget alert"'))).toHaveLength(2);
  expect(log + readFileSync(told, "utf8")).not.toContain(SENTINEL);
});

test("a commit in the background says nothing; the next command that reads does, once; hooks that print a line print this too", () => {
  const box = sandbox();
  const repo = box.repo("shop");
  settings(box, "budget: { projects: { shop: { hard_cap: { usd: 1, period_days: 30 } } } }\n");
  talk(box, repo, 40_000);
  commit(box, repo, "a.txt");
  const quiet = box.boba(["drain"], { cwd: repo });
  expect([quiet.stdout, quiet.stderr]).toEqual(["", ""]);
  const line = "budget alert: 50 % of the cap of 30 days is spent: $0.60 of $1.00 (project shop)\n";
  expect(box.boba(["report", "--by", "day"], { cwd: repo }).stderr).toBe(line);
  expect(box.boba(["report", "--by", "day"], { cwd: repo }).stderr).toBe("");
  talk(box, repo, 20_000);
  commit(box, repo, "b.txt");
  expect(box.boba(["drain", "--summary"], { cwd: repo }).stdout).toMatch(
    /^boba: .*\nbudget alert: 80 % .*: \$0\.90 of \$1\.00 \(project shop\)\n$/,
  );
});

test("the command for alerts can be tried, gets no shell, and its failure is told", async () => {
  const box = sandbox();
  expect(box.boba(["budget", "notify", "global", "daily", "50"], { expect: 2 }).stderr).toContain("BOBA-BUD-2");
  const told = withCommand(box, "budget: { branches: { '$(touch x)': { daily_usd: 4 } } }\n");
  box.boba(["budget", "notify", "branch", "daily", "50", "--target", "$(touch x)"]);
  expect(await linesOf(told, 1)).toEqual(['["branch","$(touch x)","daily","50","0.00","4.00"]']);
  expect(existsSync(join(box.bobaHome, "x"))).toBe(false);
  expect(box.boba(["budget", "notify", "global", "daily", "50"], { expect: 2 }).stderr).toContain("BOBA-BUD-3");
  settings(box, "alerts: { command: [/nowhere/at/all] }\nbudget: { daily_usd: 1 }\n");
  expect(box.boba(["budget", "notify", "global", "daily", "50"], { expect: 1 }).stderr).toContain("status 127");
});

test("the command for alerts is told which of two caps, and finds no secret", async () => {
  const box = sandbox();
  const repo = box.repo("shop");
  const told = join(box.dir, "told.txt");
  const program = `const e = process.env; require('node:fs').appendFileSync(${JSON.stringify(told)}, [e.BOBA_ALERT_DAYS, e.BOBA_ALERT_LIMIT_USD, e.BOBA_SECRET_WORK].join() + '\\n')`;
  const caps = "budget: { projects: { shop: { hard_cap: { usd: 100, period_days: 7 } } } }";
  settings(box, `alerts:\n  command: ${JSON.stringify([process.execPath, "-e", program])}\n${caps}\n`);
  box.write(repo, ".boba-project.yaml", "budget: { hard_cap: { usd: 1, period_days: 30 } }\n");
  const env = { BOBA_SECRET_WORK: "x" };
  for (const days of ["7", "30"])
    box.boba(["budget", "notify", "project", "rolling", "50", "--target", "shop", "--days", days], { cwd: repo, env });
  expect(await linesOf(told, 2)).toEqual(["7,100.00,", "30,1.00,"]);
  box.boba(["budget", "notify", "project", "rolling", "50", "--target", "shop", "--days", "8"], { cwd: repo, expect: 2 });
  talk(box, repo, 40_000);
  box.boba(["report"], { cwd: repo, env });
  expect((await linesOf(told, 3))[2]).toBe("30,1.00,");
});

test("settings that make no sense are told, and reports go on", () => {
  const box = sandbox();
  settings(box, "budget: { daily: 5 }\n");
  const { stdout, stderr } = box.boba(["--no-import"]);
  expect(stdout).toContain("No usage found yet.");
  expect(stderr).toMatch(/settings\.yaml:1:\d+: .*its limits do not hold/);
});

test("the overview and metrics show limits; spend without a price makes a floor of them", () => {
  const box = sandbox();
  const repo = box.repo("shop");
  settings(box, "budget:\n  hard_cap: { usd: 8, period_days: 30 }\n  projects: { shop: { weekly_usd: 0 }, other: { daily_usd: 5 } }\n");
  const ledger = ledgerAt(box.db);
  const ts = Math.floor(Date.now() / 1000) - 60;
  ledger.record({ ts, costNanoUsd: 2_000_000_000 });
  ledger.record({ ts, costNanoUsd: null, model: "new" });
  ledger.close();
  const overview = box.boba(["--no-import"], { cwd: repo, env: { COLUMNS: "80" } }).stdout;
  expect(overview).toMatch(/^cap of 30 days +25% +>= \$2\.00 of \$8\.00$/m);
  expect(overview).toMatch(/^weekly limit +100% +\$0\.00 of \$0\.00 \(project shop\), over$/m);
  expect(overview).not.toContain("other");
  const metrics = box.boba(["metrics", "--no-import"]).stdout;
  expect(metrics).toContain('boba_budget_usd{scope="global",period="rolling",days="30"} 8\n');
  expect(metrics).toContain('boba_budget_used_ratio{scope="global",period="rolling",days="30"} 0.25\n');
  expect(metrics).toContain('boba_budget_usd{scope="project",period="daily",target="other"} 5\n');
  expect(box.boba(["budget", "--no-import"]).stdout).toContain(">= : some requests have no known price");
});
