/** `boba route test|list|validate`, as people and programs see them. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { sandbox, type Sandbox } from "../helpers/sandbox.ts";

const SENTINEL = "SENTINEL-prompt-9317";
const PROFILES = `profiles:
  big: { provider: anthropic, model: claude-opus-4-8 }
  work: { provider: anthropic, model: claude-sonnet-4-6 }
  cheap: { provider: openai, model: gpt-5-mini }
`;
const ROUTES = `rules:
  - id: long
    if: ctx_chars > 50000
    use: big
    fallback: [work]
    explain: long context
  - id: night
    if: time_of_day == 'night' && budget.remaining < 5
    use: cheap
  - id: review
    if: text.matches('\\breview\\b') && !branch.matches('^main$')
    use: work
`;

let box: Sandbox;
let repo: string;

beforeEach(() => {
  box = sandbox();
  repo = box.repo("shop");
  mkdirSync(box.bobaHome, { mode: 0o700 });
  box.write(box.bobaHome, "profiles.yaml", PROFILES);
  box.write(box.bobaHome, "routes.yaml", ROUTES);
});

describe("boba route test", () => {
  const decided = (...args: string[]) => box.json(["route", "test", ...args], { cwd: repo });

  it("decides for what is typed, and prints the contract", () => {
    expect(decided("tidy up", "--ctx-chars", "60000")).toEqual({
      schema: "boba.route/1",
      profile: "big",
      rule: "long",
      reason: "long context",
      fallback: ["work"],
      explore: false,
      trace: [{ rule: "long", matched: true, why: ["ctx_chars > 50000: true (ctx_chars is 60000)"] }],
    });
    expect(decided("tidy up", "--at", "23:30", "--budget-remaining", "4.99")).toMatchObject({
      profile: "cheap",
      rule: "night",
      fallback: [],
    });
    expect(decided("tidy up", "--at", "2026-11-23T21:59", "--budget-remaining", "4.99")).toMatchObject({ profile: null, rule: null });
  });

  it("takes the rest from where it stands: branch, project file, profile in use", () => {
    expect(decided("review it")).toMatchObject({ profile: null, rule: null, reason: expect.stringContaining("boba use") });
    box.git(repo, "switch", "-q", "-c", "dev");
    expect(decided("review it")).toMatchObject({ profile: "work", rule: "review" });
    box.write(
      repo,
      ".boba-project.yaml",
      "project:\n  types: [go, react]\nrules:\n  - { id: go, if: project_type == 'go' && repo == 'shop', use: cheap }\n",
    );
    expect(decided("review it")).toMatchObject({ profile: "cheap", rule: "go" });
    expect(decided("review it", "--project-type", "vue", "--project-type", "go")).toMatchObject({ profile: "work", rule: "review" });
    box.write(box.bobaHome, "settings.yaml", "profile: big\n");
    expect(decided("tidy up", "--repo", "other")).toMatchObject({ profile: "big", rule: null });
  });

  it("has an option for every name", () => {
    const asked = [
      ["intent == 'i'", "--intent", "i"],
      ["task == 't'", "--task", "t"],
      ["branch == 'b'", "--branch", "b"],
      ["project == 'p'", "--project", "p"],
      ["'y' in project_types", "--project-type", "x"],
      ["project_type == 'x'", "--project-type", "y"],
      ["repo == 'r'", "--repo", "r"],
      ["model == 'm'", "--model", "m"],
      ["tool == 'o'", "--tool", "o"],
      ["stream", "--stream"],
      ["!has_image", "--no-has-image"],
      ["hour == 3", "--at", "03:59"],
      ["budget.remaining == 2.5", "--budget-remaining", "2.5"],
      ["budget.spent == 1.5", "--budget-spent", "1.5"],
      // A value that begins with a dash needs an equals sign, as everywhere on this command line.
      ["budget.limit == -2", "--budget-limit=-2"],
      ["ctx_chars == 7", "--ctx-chars", "7"],
    ];
    const condition = asked.map(([text]) => text).join(" && ");
    box.write(box.bobaHome, "routes.yaml", `rules:\n  - id: all\n    if: ${condition}\n    use: work\n`);
    const { rule, trace } = decided("x", ...asked.flatMap(([, ...words]) => words));
    expect([rule, trace[0].why.length]).toEqual(["all", asked.length]);
    // The clock always says something: not the hour that is asked for.
    const without = decided("x", "--at", "04:00").trace[0].why as string[];
    expect(without.filter((line) => line.includes(": true"))).toEqual([]);
  });

  it("reads a file and standard input, explains, and never repeats what it read", () => {
    box.write(repo, "question.txt", `${"please review ".repeat(5000)}${SENTINEL}\n`);
    const fromFile = box.boba(["route", "test", "@question.txt", "--explain"], { cwd: repo });
    expect(fromFile.stdout).toContain("holds     long\n    ctx_chars > 50000: true (ctx_chars is 70021)");
    const piped = box.boba(["route", "test", "-", "--branch", "dev", "--explain"], { cwd: repo, input: `review ${SENTINEL}` });
    expect(piped.stdout).toContain("text.matches('\\breview\\b'): true (text of 27 characters)");
    expect(piped.stdout).toContain("budget.remaining < 5: unknown, so not true (there is no budget)");
    expect(`${fromFile.stdout}${fromFile.stderr}${piped.stdout}${piped.stderr}`).not.toContain(SENTINEL);
  });

  it("asks git nothing for rules about budgets where there are none", () => {
    const bin = join(box.dir, "bin");
    mkdirSync(bin);
    writeFileSync(join(bin, "git"), `#!/bin/sh\necho "$@" >>'${box.dir}/asked'\nexit 1\n`, { mode: 0o755 });
    box.write(box.bobaHome, "routes.yaml", "rules:\n  - { id: rich, if: budget.remaining > 5, use: work }\n");
    const env = { PATH: `${bin}:${box.env["PATH"]}` };
    expect(box.json(["route", "test", "x"], { cwd: repo, env })).toMatchObject({ rule: null });
    expect(existsSync(join(box.dir, "asked"))).toBe(false);
    box.write(box.bobaHome, "settings.yaml", "budget: { branches: { main: { daily_usd: 9 } } }\n");
    box.boba(["route", "test", "x", "--no-import"], { cwd: repo, env });
    expect(existsSync(join(box.dir, "asked"))).toBe(true);
  });

  it("reads no more than 16 MiB of what has no end", () => {
    const { stderr } = box.boba(["route", "test", "@/dev/zero"], { cwd: repo, expect: 2 });
    expect(stderr).toContain("/dev/zero is larger than 16 MiB [BOBA-USE-65]");
    expect(box.boba(["route", "test", "@."], { cwd: repo, expect: 2 }).stderr).toContain("cannot be read (EISDIR) [BOBA-USE-65]");
  });

  it("compares with the budget that has the least left", () => {
    box.write(box.bobaHome, "settings.yaml", "budget: { monthly_usd: 100, daily_usd: 4.5 }\n");
    const { rule, trace } = decided("x", "--at", "23:00");
    expect(rule).toBe("night");
    expect(trace[1].why[1]).toBe("budget.remaining < 5: true (budget.remaining is 4.5)");
  });

  it.each([
    [["x", "--at", "25:00"], "BOBA-ROUTE-2"],
    [["x", "--budget-remaining", "$5"], "BOBA-ROUTE-3"],
  ])("refuses %j", (args, code) => {
    expect(box.boba(["route", "test", ...args], { cwd: repo, expect: 2 }).stderr).toContain(`[${code}]`);
  });

  it("takes rules whole or not at all, and no profile from a repository", () => {
    box.write(box.bobaHome, "routes.yaml", ROUTES.replace("review\\b'", "(review'"));
    const refused = box.boba(["route", "test", "x"], { cwd: repo, expect: 2 });
    expect(refused.stderr).toMatch(/routes\.yaml:11:9: rule review, column 14 of its condition: .*missing closing \).*\[BOBA-ROUTE-1\]/);
    box.write(repo, ".boba-project.yaml", "rules:\n  - { id: p, if: 'true', use: evil }\n");
    expect(box.boba(["route", "test", "x"], { cwd: repo, expect: 2 }).stderr).toContain("[BOBA-CFG-14]");
  });

  it("tries another profile only within a session, the same one each time", () => {
    box.write(box.bobaHome, "routes.yaml", `${ROUTES}exploration: { enabled: true, rate: 1, exclude_profiles: [cheap] }\n`);
    expect(decided("x", "--ctx-chars", "60000")).toMatchObject({ profile: "big", explore: false });
    const tried = decided("x", "--ctx-chars", "60000", "--session", "s1");
    expect(tried).toMatchObject({ profile: "work", rule: "long", explore: true, fallback: ["big"] });
    expect(decided("x", "--ctx-chars", "60000", "--session", "s1")).toEqual(tried);
  });
});

describe("boba route list and validate", () => {
  it("list the rules in the order in which they are tried", () => {
    box.write(repo, ".boba-project.yaml", "rules:\n  - { id: p, if: stream, use: big }\n");
    const { rules, exploration, schema } = box.json(["route", "list"], { cwd: repo });
    expect([schema, rules.map(({ id, origin }: any) => [id, origin])]).toEqual([
      "boba.routes/1",
      [
        ["p", "project"],
        ["long", "user"],
        ["night", "user"],
        ["review", "user"],
      ],
    ]);
    expect(exploration.enabled).toBe(false);
    const { stdout } = box.boba(["route", "list"], { cwd: repo });
    expect(stdout).toMatch(/^long +you +ctx_chars > 50000 +big +work$/m);
    expect(stdout).toContain("no profile is in use");
    box.write(box.bobaHome, "routes.yaml", "");
    expect(box.boba(["route"], { cwd: box.dir }).stdout).toContain("There are no rules.");
  });

  it("say what is wrong: status 2 for errors, 0 for warnings", () => {
    expect(box.boba(["route", "validate"], { cwd: repo }).stdout).toBe("3 rules: 0 errors, 0 warnings\n");
    box.write(box.bobaHome, "routes.yaml", `${ROUTES}  - { id: later, if: ctx_chars > 60000, use: work }\n`);
    const warned = box.boba(["route", "validate"], { cwd: repo });
    expect(warned.stdout).toMatch(
      /^warning: .*routes\.yaml:13:\d+: rule later\n {2}it is never reached: rule long .* holds whenever this one does\n {2}put it before long/,
    );
    box.write(box.bobaHome, "routes.yaml", ROUTES.replace("ctx_chars", "ctx_charz").replace("use: cheap", "use: chaep"));
    const { errors, warnings, problems } = box.json(["route", "validate"], { cwd: repo, expect: 2 });
    expect([errors, warnings, problems.map(({ rule, column, at }: any) => [rule, column, at.line])]).toEqual([
      2,
      0,
      [
        ["long", 1, 3],
        ["night", null, 8],
      ],
    ]);
  });
});
