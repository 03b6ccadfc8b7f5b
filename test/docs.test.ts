/** The documentation names tests and commands: what it names must be there. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
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
