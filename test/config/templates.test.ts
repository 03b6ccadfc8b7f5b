/** Every template, its keys taken out of their comments, is what the program reads, and every key that there is is in it. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { expect, test } from "vitest";
import { parsePricing } from "../../src/config/pricing.ts";
import { parseProfiles } from "../../src/config/profiles.ts";
import { parseProject, type ProjectConfig } from "../../src/config/project-file.ts";
import { DEFAULT_EXPLORATION, parseRoutes } from "../../src/config/routes.ts";
import { jsonSchemas } from "../../src/config/schemas.ts";
import { parseSecrets } from "../../src/config/secrets.ts";
import { DEFAULT_SETTINGS, parseSettings } from "../../src/config/settings.ts";
import { PROJECT, sandbox } from "../helpers/sandbox.ts";

const FOLDER = join(PROJECT, "templates", "config");
const NAMES = ["pricing", "profiles", "project", "routes", "secrets", "settings"];
const template = (name: string): string => readFileSync(join(FOLDER, `${name}.yaml`), "utf8");

/** Without its introduction, and with one # less on every line. */
function uncommented(name: string): string {
  const [, ...keys] = template(name).split("\n\n");
  return keys.join("\n").replaceAll(/^# ?/gm, "");
}

const none = { dailyUsd: null, weeklyUsd: null, monthlyUsd: null, hardCap: null, enforce: false };

test("there is one for each file, and each says nothing as it comes", () => {
  expect(readdirSync(FOLDER).toSorted()).toEqual(NAMES.map((name) => `${name}.yaml`));
  for (const name of NAMES) expect(parse(template(name))).toBeNull();
});

test("profiles: one of each adapter", async () => {
  const [work, claude, ...rest] = await parseProfiles("p", uncommented("profiles"));
  expect(rest).toEqual([]);
  expect(work).toEqual({
    name: "work",
    adapter: "http",
    provider: "anthropic",
    endpoint: null,
    model: "claude-sonnet-4-5",
    headers: { "x-api-key": "secret://anthropic_key" },
    env: {},
    command: null,
    params: { max_tokens: 4096, temperature: 0.2 },
    tags: ["work", "large"],
    costPer1k: null,
    budget: { ...none, dailyUsd: 10, hardCap: { usd: 300, days: 30 } },
  });
  expect(claude).toMatchObject({
    name: "claude",
    adapter: "tool",
    command: ["claude"],
    env: { ANTHROPIC_API_KEY: "secret://anthropic_key" },
  });
});

test("routes: two rules, and the defaults of exploration", async () => {
  const { rules, exploration } = await parseRoutes("r", uncommented("routes"));
  expect(rules.map(({ id, if: condition, use }) => [id, condition, use])).toEqual([
    ["large-context", "ctx_chars > 50000", "work"],
    ["night", "time_of_day == 'night' && budget.remaining < 5.0", "work"],
  ]);
  expect(exploration).toEqual(DEFAULT_EXPLORATION);
});

test("settings: the defaults", async () => {
  expect(await parseSettings("s", uncommented("settings"))).toEqual({
    ...DEFAULT_SETTINGS,
    hooks: { mode: "background" },
    sources: { "claude-code": { enabled: true, paths: [] } },
  });
});

test("secrets: names for the profiles' references, and no secret", async () => {
  const secrets = await parseSecrets("s", uncommented("secrets"));
  expect([...secrets]).toEqual([
    ["anthropic_key", "your-key-here"],
    ["openai_key", "your-key-here"],
  ]);
});

test("project: all it may say, of profiles that the other templates define", async () => {
  const project: ProjectConfig = await parseProject("p", uncommented("project"));
  expect(project).toMatchObject({
    name: "my-project",
    types: ["go", "react"],
    preferredProfiles: [],
    rules: [{ id: "tests", use: "work", fallback: [] }],
    budget: { ...none, dailyUsd: 5, hardCap: { usd: 100, days: 30 }, enforce: true },
  });
  const profiles = await parseProfiles("p", uncommented("profiles"));
  expect(project.checkAgainst(profiles.map(({ name }) => name))).toBeUndefined();
});

test("pricing: two models", async () => {
  expect((await parsePricing("p", uncommented("pricing"))).map(({ model }) => model)).toEqual([
    "claude-sonnet-4-5-20250929",
    "my-company-",
    "my-company-",
  ]);
});

/** Every key that a schema knows, wherever it is. */
function keysOf(schema: unknown): string[] {
  if (typeof schema !== "object" || schema === null) return [];
  const properties = "properties" in schema ? (schema.properties as object) : {};
  return [...Object.keys(properties), ...Object.values(schema).flatMap(keysOf)];
}

test.each(NAMES)("%s: every key of the schema is in the template or in the documentation", async (name) => {
  const known = new Set(keysOf(JSON.parse((await jsonSchemas())[name] as string)));
  const text = template(name) + readFileSync(join(PROJECT, "docs", "configuration.md"), "utf8");
  // As `key:` in YAML or in the documentation's tables.
  expect([...known].filter((key) => !new RegExp(`(?<![\\w-])${key}(:|\`)`).test(text))).toEqual([]);
  expect(known.size).toBeGreaterThan(0);
});

test("schemas/*.json are what `npm run schemas` would write", async () => {
  const made = await jsonSchemas();
  expect(readdirSync(join(PROJECT, "schemas")).toSorted()).toEqual(NAMES.map((name) => `${name}.json`));
  for (const name of NAMES) expect(readFileSync(join(PROJECT, "schemas", `${name}.json`), "utf8")).toBe(made[name]);
});

test.each(NAMES)("%s: an editor that goes by the schema accepts the template and underlines a misspelt key", async (name) => {
  const { z } = await import("zod");
  const schema = z.fromJSONSchema(JSON.parse(readFileSync(join(PROJECT, "schemas", `${name}.json`), "utf8")));
  const content: Record<string, unknown> = parse(uncommented(name));
  expect(schema.safeParse(content).error?.issues).toBeUndefined();
  // In a file of secrets every name is good, but not every value.
  expect(schema.safeParse({ ...content, misspelt: name === "secrets" ? 1 : {} }).success).toBe(false);
});

test("the first line of each template in ~/.boba leads to its schema", () => {
  const box = sandbox();
  box.boba(["init"]);
  for (const name of NAMES.filter((one) => one !== "project")) {
    const path = /^# yaml-language-server: \$schema=(\S+)\n/.exec(readFileSync(join(box.bobaHome, `${name}.yaml`), "utf8"))?.[1] as string;
    expect(path).toMatch(/^\.\//);
    expect(JSON.parse(readFileSync(join(box.bobaHome, path), "utf8"))).toMatchObject({ type: "object" });
  }
  expect(template("project")).not.toContain("$schema");
});
