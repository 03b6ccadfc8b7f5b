/** The documentation names tests and commands: what it names must be there. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { COMMANDS } from "../src/cli/commands/index.ts";
import { SOURCES } from "../src/sources/index.ts";
import { PROJECT } from "./helpers/sandbox.ts";

it("every operation in docs/attribution.md names a test that exists", () => {
  const page = readFileSync(join(PROJECT, "docs", "attribution.md"), "utf8");
  const named = [...page.matchAll(/^\| [^|]+\| (.+?) +\|$/gm)]
    .map(([, test]) => test as string)
    .filter((test) => !/^(test|-+)$/.test(test));
  const folder = join(PROJECT, "test", "attribution");
  const sources = readdirSync(folder)
    .filter((name) => name.endsWith(".test.ts"))
    .map((name) => readFileSync(join(folder, name), "utf8"));
  const titles = sources.flatMap((text) =>
    [...text.matchAll(/\b(?:it|test)(?:\.each\([^)]*\))?\("((?:[^"\\]|\\.)+)"/g)].map(([, title]) => title as string),
  );
  expect(named.length).toBeGreaterThan(35);
  expect(named.filter((test) => !titles.includes(test))).toEqual([]);
});

it("docs/sources.md names every source, and no other", () => {
  const page = readFileSync(join(PROJECT, "docs", "sources.md"), "utf8");
  const named = [...page.matchAll(/^\| `([\w-]+)` +\| (.+?) +\|/gm)].map(([, id, name]) => [id, name]);
  expect(named.toSorted()).toEqual(SOURCES.map(({ id, name }) => [id, name]).toSorted());
});

const folder = join(PROJECT, "docs");
const pages = [join(PROJECT, "README.md"), ...readdirSync(folder).map((name) => join(folder, name))].map((path) =>
  readFileSync(path, "utf8"),
);

it("every command is named in a page or in the README", () => {
  const commands = COMMANDS.map(({ words }) => `boba ${words.join(" ")}`.trim());
  expect(commands.filter((command) => !pages.some((page) => page.includes(command)))).toEqual([]);
});

it("every form of JSON that is printed is described in a page", () => {
  const src = join(PROJECT, "src");
  const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
  const schemas = files.flatMap((name) => [...readFileSync(join(src, name), "utf8").matchAll(/schema: "(boba\.[\w.-]+\/\d+)"/g)]);
  const named = new Set(schemas.map(([, schema]) => schema as string));
  expect(named.size).toBeGreaterThan(30);
  expect([...named].filter((schema) => !pages.some((page) => page.includes(`\`${schema}\``)))).toEqual([]);
});
