/** `.boba-project.yaml` as it is meant. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readProjectName } from "../../src/config/project.ts";
import { loadProject, type ProjectConfig } from "../../src/config/project-file.ts";
import { sandbox } from "../helpers/sandbox.ts";

function project(text: string | null) {
  const { dir } = sandbox();
  const path = join(dir, ".boba-project.yaml");
  if (text !== null) writeFileSync(path, text);
  return { dir, path, load: () => loadProject(dir) };
}

const FULL = `project:
  name: shop
  types: [go, react]
  preferred_profiles: [work, cheap]
rules:
  - id: big
    if: ctx_chars > 50000
    use: work
    fallback: [cheap, local]
  - { id: small, if: 'hour > 3', use: cheap, fallback: lokal, explain: at night }
budget:
  daily_usd: 5
  hard_cap: { usd: 100, period_days: 30 }
  enforce: true
`;

test("all it may say", async () => {
  const { load, path, dir } = project(FULL);
  expect(await load()).toMatchObject({
    name: "shop",
    types: ["go", "react"],
    preferredProfiles: ["work", "cheap"],
    rules: [
      {
        id: "big",
        if: "ctx_chars > 50000",
        use: "work",
        fallback: ["cheap", "local"],
        explain: null,
        origin: "project",
        at: { file: path, line: 7, column: 9 },
      },
      {
        id: "small",
        if: "hour > 3",
        use: "cheap",
        fallback: ["lokal"],
        explain: "at night",
        origin: "project",
        at: { file: path, line: 10, column: 23 },
      },
    ],
    budget: { dailyUsd: 5, weeklyUsd: null, monthlyUsd: null, hardCap: { usd: 100, days: 30 }, enforce: true },
  });
  expect(await readProjectName(dir)).toBe("shop");
});

test.each([
  ["missing", null],
  ["comments", "# project:\n"],
])("%s: none", async (_, text) => {
  const { load, dir } = project(text);
  expect(await load()).toBeNull();
  expect(await readProjectName(dir)).toBeNull();
});

test("as many rules as there may be, with all they may say", async () => {
  const rules = Array.from(
    { length: 200 },
    (_, at) => `  - { id: r${at}, if: 'text.matches("[a-z]")', use: p, fallback: [a, b, c], explain: it is so }\n`,
  );
  expect((await project(`rules:\n${rules.join("")}`).load())?.rules).toHaveLength(200);
});

test("empty sections say nothing", async () => {
  expect(await project("project:\nrules:\nbudget:\n").load()).toMatchObject({
    name: null,
    types: [],
    preferredProfiles: [],
    rules: [],
    budget: null,
  });
});

test.each([
  [["cheap", "local", "lokal"], ":4:24: you have no profile called `work`; there are: cheap, local, lokal"],
  [["work", "cheap", "lokal"], ":9:23: you have no profile called `local`; did you mean `lokal`?"],
  [["work", "cheap", "local"], ":10:46: you have no profile called `lokal`; did you mean `local`?"],
  [["work", "local", "lokal"], ":4:30: you have no profile called `cheap`; there are: work, local, lokal"],
  [[], ":4:24: you have no profile called `work`; there is none"],
])("profiles that the user does not have are refused with their place (%j)", async (known, message) => {
  const { load, path } = project(FULL);
  const config = (await load()) as ProjectConfig;
  expect(() => config.checkAgainst(known)).toThrow(expect.objectContaining({ code: "BOBA-CFG-14", exit: 2, message: `${path}${message}` }));
  expect(config.checkAgainst(["work", "cheap", "local", "lokal"])).toBeUndefined();
});

test("collecting takes the name from a file that is otherwise not in order", async () => {
  expect(await readProjectName(project("project: { name: shop, color: red }\nother: 1\n").dir)).toBe("shop");
  expect(await readProjectName(project("project: { name: 7 }\n").dir)).toBeNull();
  expect(await readProjectName(project('project: { name: "a\\nb" }\n').dir)).toBeNull();
  expect(await readProjectName(project("project: [\n").dir)).toBeNull();
});
