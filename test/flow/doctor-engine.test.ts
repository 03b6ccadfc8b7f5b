/** `boba doctor` on profiles, routes, secrets and the project file: as it must be, and every fault with what mends it. */
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { BOBA, type Sandbox, sandbox } from "../helpers/sandbox.ts";

const KEY = "sk-ant-SENTINEL0123456789";
const PROFILES =
  "profiles:\n  work: { provider: anthropic, headers: { x-api-key: secret://anthropic_key } }\n  cheap: { provider: openai }\n";
const RULES = "rules:\n  - { id: big, if: ctx_chars > 50000, use: work, fallback: cheap }\n";

function set(files: Record<string, string>): Sandbox {
  const box = sandbox();
  for (const [name, text] of Object.entries(files)) {
    box.write(box.bobaHome, `${name}.yaml`, text);
    if (name === "secrets") chmodSync(join(box.bobaHome, "secrets.yaml"), 0o600);
  }
  return box;
}

/** The findings of this check, and the exit status. */
function doctor(box: Sandbox, options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}) {
  const run = box.boba(["doctor", "--format", "json"], { expect: null, ...options });
  expect(run.stdout + run.stderr).not.toContain("SENTINEL");
  const findings: any[] = JSON.parse(run.stdout).findings;
  return { status: run.status, told: findings.filter(({ check }) => check === "profiles"), findings };
}

test("nothing is set up, and nothing is wrong", () => {
  expect(BOBA).toContain("dist");
  const { told } = doctor(sandbox());
  expect(told).toEqual([expect.objectContaining({ level: "ok", what: "0 profiles, 0 rules, 0 secrets" })]);
});

test("all is well; a secret may come from the environment", () => {
  const box = set({ profiles: PROFILES, routes: RULES, secrets: `anthropic_key: ${KEY}\n` });
  expect(doctor(box)).toMatchObject({ status: 0, told: [{ level: "ok", what: "2 profiles, 1 rule, 1 secret" }] });
  const without = set({ profiles: PROFILES });
  expect(doctor(without, { env: { BOBA_SECRET_ANTHROPIC_KEY: KEY } })).toMatchObject({ status: 0, told: [{ level: "ok" }] });
});

test("the guide's change of keys: the new name fails until the key is there", () => {
  const box = set({ profiles: PROFILES.replace("anthropic_key", "anthropic_key_new"), secrets: `secrets:\n  anthropic_key: ${KEY}\n` });
  const { status, told } = doctor(box);
  expect(status).toBe(1);
  expect(told).toMatchObject([{ level: "error", what: "there is no secret `anthropic_key_new`, which work refers to" }]);
  box.write(box.bobaHome, "secrets.yaml", `secrets:\n  anthropic_key: ${KEY}\nanthropic_key_new: ${KEY}\n`);
  expect(doctor(box)).toMatchObject({ status: 0, told: [{ level: "ok" }] });
});

test("names of profiles that are not there, each with its place", () => {
  const box = set({
    profiles: "profiles: { work: { provider: openai } }\n",
    routes: `${RULES.replace("use: work", "use: wrok")}exploration: { exclude_profiles: [none] }\n`,
    settings: "profile: hme\n",
  });
  const { status, told } = doctor(box);
  const routes = join(box.bobaHome, "routes.yaml");
  expect(status).toBe(1);
  expect(told.map(({ what, mend }) => `${what} | ${mend}`)).toEqual([
    `${routes}:2:20: rule \`big\` names \`wrok\`, and there is no such profile | boba edit routes; did you mean \`work\`?`,
    `${routes}:2:20: rule \`big\` names \`cheap\`, and there is no such profile | boba edit routes; there is: work`,
    `${routes}: exploration.exclude_profiles names \`none\`, and there is no such profile | boba edit routes; there is: work`,
    `${join(box.bobaHome, "settings.yaml")}: profile names \`hme\`, and there is no such profile | boba edit settings; there is: work`,
  ]);
});

test("keys written out are warned of, without them", () => {
  const box = set({
    profiles: `profiles:\n  a: { provider: openai, headers: { authorization: Bearer ${KEY} } }\n  b: { provider: x, command: [ed, --key=${KEY}], env: { K: ${KEY} } }\n`,
  });
  const { status, told } = doctor(box);
  expect(status).toBe(0);
  expect(told.map(({ level, what }) => `${level} ${what.replace(box.bobaHome, "~")}`)).toEqual([
    "warn ~/profiles.yaml: profiles.a.headers.authorization looks like a key written out",
    "warn ~/profiles.yaml: profiles.b.env.K looks like a key written out",
    "warn ~/profiles.yaml: profiles.b.command looks like a key written out",
  ]);
});

test("files that do not load are told each once, secrets open to others by their own check", () => {
  const box = set({ profiles: "profiles: []\nx: 1\n", routes: "rules: 1\n", secrets: `- ${KEY}\n` });
  const { status, told } = doctor(box);
  expect(status).toBe(1);
  expect(told.map(({ what }) => what.replace(box.bobaHome, "~"))).toEqual([
    "~/profiles.yaml:2:1: x: there is no such key; there is: profiles",
    "~/routes.yaml:1:1: rules: expected a list of rules",
    "~/secrets.yaml:1:1: the file: expected secrets by name",
  ]);
  chmodSync(join(box.bobaHome, "secrets.yaml"), 0o644);
  const open = doctor(box);
  expect(open.told).toHaveLength(2);
  expect(open.findings.filter(({ what }) => what.includes("secrets.yaml"))).toMatchObject([{ check: "permissions", level: "error" }]);
});

test("this repository's project file: loads, and names profiles that the user has", () => {
  const box = set({ profiles: PROFILES, secrets: `anthropic_key: ${KEY}\n` });
  const repo = box.repo();
  box.write(repo, ".boba-project.yaml", "rules:\n  - { id: a, if: hour > 3, use: theirs }\n");
  expect(doctor(box, { cwd: repo }).told).toMatchObject([
    { level: "error", what: `${join(repo, ".boba-project.yaml")}:2:28: you have no profile called \`theirs\`; there are: work, cheap` },
  ]);
  box.write(repo, ".boba-project.yaml", "commands: [sh]\n");
  const { told, findings } = doctor(box, { cwd: repo });
  expect(told).toMatchObject([{ level: "ok", what: "2 profiles, 0 rules, 1 secret" }]);
  expect(findings.filter(({ check }) => check === "project")).toMatchObject([
    { level: "warn", what: expect.stringContaining(":1:1: commands: there is no such key") },
  ]);
  box.write(repo, ".boba-project.yaml", "rules:\n  - { id: a, if: hour > 3, use: work }\n");
  expect(doctor(box, { cwd: repo }).told).toMatchObject([{ level: "ok", what: "2 profiles, 1 rule, 1 secret" }]);
});

test("rules that can never decide, and conditions that are refused, are told with their place", () => {
  const routes = ["rules:", "  - { id: never, if: hour > 25, use: work }", "  - { id: typo, if: ctx_charz > 5, use: work }", ""].join("\n");
  const { told, status } = doctor(set({ profiles: PROFILES, routes, secrets: `anthropic_key: ${KEY}\n` }));
  expect(told.map(({ level, what }) => `${level} ${what.replace(/^.*(routes\.yaml)/, "$1")}`)).toEqual([
    expect.stringMatching(/^warn routes\.yaml:2:22: rule `never`: /),
    expect.stringMatching(/^error routes\.yaml:3:21: rule `typo`, column 1: .*ctx_charz/),
  ]);
  expect(status).toBe(1);
});
