import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findFiles } from "../../src/sources/find-files.ts";
import { homeWith } from "./scan.ts";

const isLog = (name: string) => name.endsWith(".log");
const names = (home: string, ...args: Parameters<typeof findFiles>) =>
  findFiles(...args)
    .files.map(({ path }) => path.slice(home.length + 1))
    .toSorted();

test("takes and enters by name and depth", () => {
  const home = homeWith({ "r/top.log": "", "r/a/one.log": "", "r/a/b/two.log": "", "r/c/three.log": "", "r/a/no.txt": "" });
  const root = join(home, "r");
  expect(names(home, [root], isLog)).toEqual(["r/a/b/two.log", "r/a/one.log", "r/c/three.log", "r/top.log"]);
  expect(names(home, [root], (name, depth) => depth > 0 && isLog(name))).not.toContain("r/top.log");
  expect(names(home, [root], isLog, (name) => name !== "a")).toEqual(["r/c/three.log", "r/top.log"]);
  expect(names(home, [root], isLog, (_, depth) => depth < 1)).toEqual(["r/a/one.log", "r/c/three.log", "r/top.log"]);
});

test("links are followed by the same rules, and no folder twice", () => {
  const home = homeWith({ "r/a/one.log": "", "elsewhere/two.log": "", "far.log": "" });
  symlinkSync(join(home, "elsewhere"), join(home, "r", "linked"));
  symlinkSync(join(home, "r"), join(home, "r", "a", "loop"));
  symlinkSync(join(home, "far.log"), join(home, "r", "near.log"));
  symlinkSync(join(home, "gone"), join(home, "r", "gone.log"));
  expect(names(home, [join(home, "r")], isLog)).toEqual(["r/a/one.log", "r/linked/two.log", "r/near.log"]);
  expect(names(home, [join(home, "r")], isLog, () => false)).toEqual(["r/near.log"]);
});

test("a root may be one file, or missing", () => {
  const home = homeWith({ "one.log": "", "other.txt": "" });
  expect(
    names(
      home,
      ["one.log", "other.txt", "none"].map((name) => join(home, name)),
      isLog,
    ),
  ).toEqual(["one.log"]);
});
