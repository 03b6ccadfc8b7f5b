/** docs/routing.md tells of every name, with its type, its meaning and its option, and its conditions are ones. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { compileCondition } from "../../src/core/routing/condition.ts";
import { VARIABLES } from "../../src/core/routing/variables.ts";
import { PROJECT } from "../helpers/sandbox.ts";

const PAGE = readFileSync(join(PROJECT, "docs", "routing.md"), "utf8");
const TYPES = { string: "text", number: "number", boolean: "true or false", list: "list of texts" } as const;

it("the table of names is the program's", () => {
  const rows = [...PAGE.matchAll(/^\| `([a-z_.]+)` +\| ([^|]+?) +\| ([^|]+?) +\| ([^|]+?) +\|$/gm)].map(([, ...cells]) => cells);
  const wanted = [...VARIABLES.values()].map(({ name, type, doc, option }) => [
    name,
    TYPES[type],
    doc,
    option === null ? "its argument" : `\`${option}\``,
  ]);
  expect(rows).toEqual(wanted);
});

it("every condition on the page is understood", () => {
  const table = PAGE.slice(PAGE.indexOf("| written"), PAGE.indexOf("Strings stand"));
  const written = [...table.matchAll(/`((?:[a-z_]+|'go')(?: |\.[a-z]+[A-Za-z]*\()[^`]*)`/g)].map(([, text]) =>
    (text as string).replaceAll("\\|", "|"),
  );
  const inYaml = [...PAGE.matchAll(/^ {4}if: (.+)$/gm)].map(([, text]) => text as string);
  expect([written.length, inYaml.length]).toEqual([12, 2]);
  for (const text of [...written, ...inYaml]) expect(compileCondition(text).source).toBe(text);
});
