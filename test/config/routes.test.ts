/** routes.yaml: rules in order, each with its place; exploration. */
import { mkdirSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { DEFAULT_EXPLORATION, loadRoutes } from "../../src/config/routes.ts";
import { resolvePaths } from "../../src/platform/paths.ts";
import { sandbox } from "../helpers/sandbox.ts";

function routes(text: string | null) {
  const box = sandbox();
  const paths = resolvePaths(box.env);
  mkdirSync(box.bobaHome);
  if (text !== null) writeFileSync(paths.routes, text);
  return { load: () => loadRoutes(paths), path: paths.routes };
}

test.each([
  ["missing", null],
  ["comments", "# rules:\n"],
  ["a section of comments", "rules:\n  # - id: x\nexploration:\n"],
])("%s: no rules, no exploration", async (_, text) => {
  expect(await routes(text).load()).toEqual({
    rules: [],
    exploration: { enabled: false, rate: 0.03, minSamples: 10, cooldownHours: 24, excludeProfiles: [] },
  });
});

test("rules in order, each with the place where its condition's text begins", async () => {
  const { load, path } = routes(`rules:
  - id: large
    if: ctx_chars > 50000
    use: big
    fallback: small
    explain: 'Big things: to the big one'
  - {id: review, if: "text.contains('review')", use: small, fallback: [big, local]}
  - id: quoted
    use: small
    if: 'branch == ''main'''
  - id: folded
    if: >-
      time_of_day == 'night'
      && budget.remaining < 5.0
    use: local
  - id: rest
    if: true
    use: small
exploration: { enabled: true, rate: 0.1, min_samples: 3, cooldown_hours: 1.5, exclude_profiles: [big] }
`);
  const { rules, exploration } = await load();
  const plain = { fallback: [], explain: null, origin: "user" };
  const at = (line: number, column: number) => ({ file: path, line, column });
  expect(rules).toEqual([
    {
      ...plain,
      id: "large",
      if: "ctx_chars > 50000",
      use: "big",
      fallback: ["small"],
      explain: "Big things: to the big one",
      at: at(3, 9),
    },
    { ...plain, id: "review", if: "text.contains('review')", use: "small", fallback: ["big", "local"], at: at(7, 23) },
    { ...plain, id: "quoted", if: "branch == 'main'", use: "small", at: at(10, 10) },
    { ...plain, id: "folded", if: "time_of_day == 'night' && budget.remaining < 5.0", use: "local", at: at(13, 7) },
    { ...plain, id: "rest", if: "true", use: "small", at: at(17, 9) },
  ]);
  expect(exploration).toEqual({ enabled: true, rate: 0.1, minSamples: 3, cooldownHours: 1.5, excludeProfiles: ["big"] });
});

test("Windows line ends and a byte order mark change no place", async () => {
  const { load } = routes("\uFEFFrules:\r\n  - id: a\r\n    if: hour > 3\r\n    use: b\r\n");
  expect((await load()).rules[0]).toMatchObject({ if: "hour > 3", at: { line: 3, column: 9 } });
});

test("what exploration leaves out is default", async () => {
  const { load } = routes("exploration: { enabled: true }\n");
  expect((await load()).exploration).toEqual({ ...DEFAULT_EXPLORATION, enabled: true });
});

const rule = (line: string): string => `rules:\n  - id: a\n    if: hour > 3\n    use: b\n    ${line}\n`;

test.each([
  ["a misspelt key", rule("falback: c"), "5:5: rules.0.falback: there is no such key; did you mean `fallback`?"],
  ["the older key", rule("when: {}"), "5:5: rules.0.when: there is no such key; there are: id, if, use, fallback, explain"],
  ["no id", "rules:\n  - if: hour > 3\n    use: b\n", "2:5: rules.0.id: expected a name"],
  ["no condition", "rules:\n  - id: a\n    use: b\n", "2:5: rules.0.if: expected a condition"],
  ["no profile", "rules:\n  - id: a\n    if: hour > 3\n", "2:5: rules.0.use: expected a name"],
  ["two of one id", `${rule("explain: x")}  - { id: a, if: hour > 3, use: c }\n`, "6:7: rules.1.id: there is another rule called `a`"],
  ["a backspace", "rules:\n  - { id: a, if: \"text.matches('\\bx')\", use: b }\n", "2:14: rules.0.if: double quotes turned a \\"],
  ["a fallback of nothing", rule("fallback: [1]"), "5:16: rules.0.fallback.0: expected a name"],
  ["a share above all", "exploration: { rate: 3 }\n", "1:16: exploration.rate: a share is at most 1"],
  ["a mapping of rules", "rules:\n  a: { if: x, use: b }\n", "1:1: rules: expected a list of rules"],
])("%s: refused, with line and column", async (_, text, message) => {
  const { load, path } = routes(text);
  await expect(load()).rejects.toMatchObject({ code: "BOBA-CFG-4", exit: 2, message: expect.stringContaining(`${path}:${message}`) });
});

test.each([
  [
    "a condition that begins with !",
    "rules:\n  - id: a\n    if: !text.contains('x')\n    use: b\n",
    "3:9: not valid YAML: a value that begins with ! must be in quotes",
  ],
  ["a bad escape", "rules:\n  - id: a\n    if: \"text.matches('\\d')\"\n    use: b\n", "3:24: not valid YAML: \\ begins an escape"],
  ["text after a quote", "rules:\n  - id: a\n    if: 'x' == intent\n    use: b\n", "3:13: not valid YAML: unexpected text"],
])("%s: not valid YAML, and why", async (_, text, message) => {
  const { load, path } = routes(text);
  await expect(load()).rejects.toMatchObject({ code: "BOBA-CFG-3", message: expect.stringContaining(`${path}:${message}`) });
});
