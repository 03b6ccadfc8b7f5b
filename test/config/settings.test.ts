import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { DEFAULT_SETTINGS, loadSettings } from "../../src/config/settings.ts";
import { resolvePaths } from "../../src/platform/paths.ts";
import { PROJECT, sandbox } from "../helpers/sandbox.ts";

const TEMPLATE = readFileSync(join(PROJECT, "templates", "config", "settings.yaml"), "utf8");

function settings(text: string | null) {
  const box = sandbox();
  const paths = resolvePaths(box.env);
  mkdirSync(box.bobaHome);
  if (text !== null) writeFileSync(paths.settings, text);
  return { load: () => loadSettings(paths), path: paths.settings };
}

test.each([
  ["missing", null],
  ["empty", ""],
  ["comments", "# one\n\n  # two\r\n"],
  ["the template", TEMPLATE],
])("%s: the defaults", async (_, text) => {
  expect(await settings(text).load()).toEqual(DEFAULT_SETTINGS);
});

test("the template, uncommented, is valid and is the defaults", async () => {
  const [, ...keys] = TEMPLATE.split("\n\n");
  expect(await settings(keys.join("\n").replaceAll(/^# ?/gm, "")).load()).toEqual({
    ...DEFAULT_SETTINGS,
    hooks: { mode: "background" },
    sources: { "claude-code": { enabled: true, paths: [] } },
  });
});

test("what is set is taken, the rest is default", async () => {
  const { load } = settings("hooks: { mode: lazy }\nsources:\n  codex: { enabled: false }\n  claude-code: { paths: [/a, ~/b] }\n");
  expect(await load()).toEqual({
    ...DEFAULT_SETTINGS,
    hooks: { mode: "lazy" },
    sources: { codex: { enabled: false, paths: [] }, "claude-code": { enabled: true, paths: ["/a", "~/b"] } },
  });
});

test.each([
  ["hooks:\n  mode: loud\n", "BOBA-CFG-4", "2:3: hooks.mode: expected one of background, lazy, summary"],
  ["sources:\n  codex:\n    enabled: maybe\n", "BOBA-CFG-4", "3:5: sources.codex.enabled: expected true or false"],
  ["hooks: {}\nhoks: 1\n", "BOBA-CFG-4", "2:1: hoks: there is no such key; did you mean `hooks`?"],
  [
    "maintenance: { prune_older_than: 90 days }\n",
    "BOBA-CFG-4",
    "1:16: maintenance.prune_older_than: expected a number of days or weeks, e.g. 90d",
  ],
  ["hooks:\n  mode: [\n", "BOBA-CFG-3", "3:1: not valid YAML"],
  ["- a\n", "BOBA-CFG-4", "1:1: the file: "],
])("a fault names its line, column and what was expected: %j", async (text, code, message) => {
  const { load, path } = settings(text);
  await expect(load()).rejects.toMatchObject({ code, exit: 2, message: expect.stringContaining(`${path}:${message}`) });
});

test("limits for all spending, for a branch and for a project; a program for alerts; the active profile", async () => {
  const { load } = settings(
    "budget:\n  daily_usd: 10\n  hard_cap: { usd: 300, period_days: 30 }\n  branches:\n    feature/x: { monthly_usd: 50, enforce: true }\n" +
      "  projects: { shop: { weekly_usd: 5.5 } }\nalerts: { command: [notify-send, boba] }\nprofile: work\n",
  );
  const none = { dailyUsd: null, weeklyUsd: null, monthlyUsd: null, hardCap: null, enforce: false };
  expect(await load()).toEqual({
    ...DEFAULT_SETTINGS,
    budget: {
      global: { ...none, dailyUsd: 10, hardCap: { usd: 300, days: 30 } },
      branches: new Map([["feature/x", { ...none, monthlyUsd: 50, enforce: true }]]),
      projects: new Map([["shop", { ...none, weeklyUsd: 5.5 }]]),
    },
    alerts: { command: ["notify-send", "boba"] },
    profile: "work",
  });
});

test("aliases that would expand without end are refused", async () => {
  const lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"];
  for (let n = 1; n < 9; n++) lines.push(`a${n}: &a${n} [${Array.from({ length: 9 }, () => `*a${n - 1}`).join(", ")}]`);
  await expect(settings(lines.join("\n")).load()).rejects.toMatchObject({ code: "BOBA-CFG-3" });
});

test("the file may be a link", async () => {
  const { load, path } = settings(null);
  const shared = join(path, "..", "..", "shared.yaml");
  writeFileSync(shared, "tickets: { pattern: 'T-[0-9]+' }\n");
  symlinkSync(shared, path);
  expect((await load()).tickets.pattern).toBe("T-[0-9]+");
});

test("a folder in its place is an error that says so", async () => {
  const { load, path } = settings(null);
  mkdirSync(path);
  await expect(load()).rejects.toMatchObject({ code: "BOBA-CFG-1", message: `${path} cannot be read (EISDIR)` });
});
