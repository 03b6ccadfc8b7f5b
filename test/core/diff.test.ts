import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { unifiedDiff } from "../../src/core/diff.ts";
import { sandbox } from "../helpers/sandbox.ts";

describe("a diff", () => {
  it("shows changed lines with three around them, hunk by hunk", () => {
    const before = Array.from({ length: 20 }, (_, at) => `${at + 1}`);
    const after = before.map((line) => (line === "2" ? "two" : line)).flatMap((line) => (line === "15" ? [line, "new"] : [line]));
    expect(unifiedDiff(before.join("\n"), after.join("\n"))).toEqual([
      "@@ -1,5 +1,5 @@",
      " 1",
      "-2",
      "+two",
      " 3",
      " 4",
      " 5",
      "@@ -13,6 +13,7 @@",
      " 13",
      " 14",
      " 15",
      "+new",
      " 16",
      " 17",
      " 18",
    ]);
  });

  it("of a new file, of one that goes, and of nothing", () => {
    expect(unifiedDiff("", "a: 1\nb: 2\n")).toEqual(["@@ -0,0 +1,2 @@", "+a: 1", "+b: 2"]);
    expect(unifiedDiff("a: 1\n", "")).toEqual(["@@ -1,1 +0,0 @@", "-a: 1"]);
    expect(unifiedDiff("a\n", "a\n")).toEqual([]);
  });
});

test("git applies it to the one text and gets the other", () => {
  const { dir, tryGit } = sandbox();
  const text = fc
    .array(fc.constantFrom("a", "b", "c: 1", "", "  - d"), { minLength: 1, maxLength: 14 })
    .map((lines) => lines.map((line) => `${line}\n`).join(""));
  fc.assert(
    fc.property(text, text, (before, after) => {
      fc.pre(before !== after);
      writeFileSync(join(dir, "f"), before);
      const patch = ["--- a/f", "+++ b/f", ...unifiedDiff(before, after), ""].join("\n");
      const applied = tryGit(dir, ["apply", "--unsafe-paths", "--whitespace=nowarn", "--unidiff-zero", "--directory=", "-"], {
        input: patch,
      });
      expect(applied.stderr).toBe("");
      expect(readFileSync(join(dir, "f"), "utf8")).toBe(after);
    }),
    { numRuns: 40 },
  );
});
