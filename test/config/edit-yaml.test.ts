/** Edits change what they are asked to and not one byte more. */
import { chmodSync, lstatSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { parse } from "yaml";
import { describe, expect, test } from "vitest";
import { editedText, editFile } from "../../src/config/edit-yaml.ts";
import { planEdit, writePlanned } from "../../src/config/planned-edit.ts";
import { sandbox } from "../helpers/sandbox.ts";

type At = (string | number)[];

const TEXT = `# Mine, do not touch
hooks:   { mode: lazy }   # for now

sources:
    codex:
        enabled:   true # yes
        # old ones
        paths:
          - /a   # first
          - /b

    claude-code: {}   # nothing
budget: # limits
# to be filled in
profile:  'work'
text: |
  line one
  line two
last: 1`;

const changed = (from: string, to: string): string => {
  expect(TEXT.split(from)).toHaveLength(2);
  return TEXT.replace(from, () => to);
};

describe("in place", () => {
  test.each<[string, At, unknown, string, string]>([
    ["a plain value", ["sources", "codex", "enabled"], false, "enabled:   true # yes", "enabled:   false # yes"],
    ["a value in quotes", ["profile"], "home", "'work'", "home"],
    ["a value that needs quotes", ["profile"], "a: #b", "'work'", '"a: #b"'],
    ["a value in braces", ["hooks", "mode"], "summary", "mode: lazy", 'mode: "summary"'],
    ["a new key in braces", ["hooks", "more"], [1, "x"], "{ mode: lazy }", '{ mode: lazy, more: [1, "x"] }'],
    ["a key in empty braces", ["sources", "claude-code", "enabled"], false, "{}", "{ enabled: false }"],
    [
      "a new key at the indentation of its neighbours",
      ["sources", "pi", "enabled"],
      true,
      "{}   # nothing\n",
      "{}   # nothing\n    pi:\n      enabled: true\n",
    ],
    ["a section that was empty", ["budget", "daily_usd"], 5, "# limits\n", "# limits\n  daily_usd: 5\n"],
    ["an item more", ["sources", "codex", "paths"], ["/a", "/b", "/c d"], "- /b\n", "- /b\n          - /c d\n"],
    ["an item less", ["sources", "codex", "paths"], ["/b"], "          - /a   # first\n", ""],
    ["a key less", ["sources", "codex", "enabled"], undefined, "        enabled:   true # yes\n", ""],
    ["the only key of a section", ["hooks"], undefined, "hooks:   { mode: lazy }   # for now\n", ""],
    ["text of several lines less", ["text"], undefined, "text: |\n  line one\n  line two\n", ""],
    ["behind a last line without its end", ["new"], "x", "last: 1", "last: 1\nnew: x\n"],
    ["the same value", ["profile"], "work", "'work'", "'work'"],
    ["nothing to remove", ["nothing", "here"], undefined, "last", "last"],
  ])("%s", async (_, at, value, from, to) => {
    expect(await editedText(TEXT, [{ at, value }])).toBe(changed(from, to));
  });

  test("Windows line ends stay", async () => {
    const text = TEXT.replaceAll("\n", "\r\n");
    expect(await editedText(text, [{ at: ["sources", "pi", "enabled"], value: true }])).toBe(
      changed("{}   # nothing\n", "{}   # nothing\n    pi:\n      enabled: true\n").replaceAll("\n", "\r\n"),
    );
  });

  test("behind nothing but comments", async () => {
    expect(await editedText("# a\n# b\n", [{ at: ["x", "y"], value: 1 }])).toBe("# a\n# b\n\nx:\n  y: 1\n");
    expect(await editedText("", [{ at: ["x"], value: "y" }])).toBe("x: y\n");
  });

  test("the last key, or item, of its kind", async () => {
    expect(await editedText("# x\na: # of a\n  # y\n  b: 1\n# z\nc: 2\n", [{ at: ["a", "b"], value: undefined }])).toBe(
      "# x\na: {} # of a\n  # y\n# z\nc: 2\n",
    );
    expect(await editedText("a:\n  - 1\n", [{ at: ["a"], value: [] }])).toBe("a: []\n");
    expect(await editedText("# x\na: 1\n# z\n", [{ at: ["a"], value: undefined }])).toBe("# x\n# z\n");
  });

  test("several, in turn", async () => {
    const edits = [
      { at: ["rules", 0], value: { id: "a", use: "p" } },
      { at: ["rules", 1], value: { id: "b", use: "p" } },
      { at: ["rules", 0, "use"], value: "q" },
    ];
    expect(await editedText("# mine\nrules: # in order\n", edits)).toBe(
      "# mine\nrules: # in order\n  - id: a\n    use: q\n  - id: b\n    use: p\n",
    );
  });
});

test("what cannot be done in place keeps its comments and says what was wanted", async () => {
  const text = "# top\na: # of a\n  # of b\n  b: 1 # one\n# end\n";
  const edited = await editedText(text, [{ at: ["a", "b"], value: { c: 1 } }]);
  expect(parse(edited)).toEqual({ a: { b: { c: 1 } } });
  for (const comment of ["# top", "# of a", "# of b", "# end"]) expect(edited).toContain(comment);
});

test("any edit of any file says afterwards what the edit says, and keeps every comment outside of what it replaces", async () => {
  const leaf = fc.oneof(
    fc.boolean(),
    fc.integer({ min: -9, max: 9 }),
    fc.constantFrom("plain", "a: b", "#x", "", " pad ", "yes", "é", "{x}", "'q", "- x"),
  );
  const key = fc.constantFrom("a", "b", "c");
  const value = fc.oneof(leaf, fc.array(leaf, { maxLength: 3 }));
  const file = fc.dictionary(key, fc.oneof(value, fc.dictionary(key, value, { maxKeys: 3 })), { minKeys: 1, maxKeys: 3 });
  await fc.assert(
    fc.asyncProperty(
      file,
      fc.array(key, { minLength: 1, maxLength: 2 }),
      fc.option(value, { nil: undefined }),
      async (content, at, fresh) => {
        const { stringify } = await import("yaml");
        const text = `# top\n${stringify(content)}# end\n`;
        const expected: any = structuredClone(content);
        let parent = expected;
        for (const step of at.slice(0, -1)) {
          if (parent[step] === undefined && fresh !== undefined) parent[step] = {};
          parent = parent[step];
        }
        fc.pre(fresh === undefined || (typeof parent === "object" && !Array.isArray(parent)));
        const last = at.at(-1) as string;
        if (fresh !== undefined) parent[last] = fresh;
        else if (typeof parent === "object" && !Array.isArray(parent)) delete parent[last];
        const edited = await editedText(text, [{ at, value: fresh }]);
        expect(parse(edited) ?? {}).toEqual(expected);
        expect(edited).toContain("# top");
        expect(edited).toContain("# end");
      },
    ),
    { numRuns: 120 },
  );
});

describe("the file", () => {
  const accept = () => Promise.resolve();

  test("keeps its mode, and a link stays a link, even one to a file that is not there yet", async () => {
    const { dir } = sandbox();
    const [real, link] = [join(dir, "team", "real.yaml"), join(dir, "link.yaml")];
    mkdirSync(join(dir, "team"));
    symlinkSync("team/real.yaml", link);
    expect(await editFile(link, [{ at: ["a"], value: 1 }], accept, 0o640)).toBe(true);
    expect(statSync(real).mode & 0o777).toBe(0o640);
    chmodSync(real, 0o604);
    expect(await editFile(link, [{ at: ["a"], value: 2 }], accept, 0o640)).toBe(true);
    expect(await editFile(link, [{ at: ["a"], value: 2 }], accept, 0o640)).toBe(false);
    expect(readFileSync(real, "utf8")).toBe("a: 2\n");
    expect(statSync(real).mode & 0o777).toBe(0o604);
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
  });

  test("a planned edit makes the file that a chain of links leads to, as seen from where each link lies", async () => {
    const { dir } = sandbox();
    mkdirSync(join(dir, "mine"));
    mkdirSync(join(dir, "team", "deep"), { recursive: true });
    symlinkSync("../team/deep", join(dir, "mine", "conf"));
    symlinkSync("../next.yaml", join(dir, "team", "deep", "settings.yaml"));
    symlinkSync("real.yaml", join(dir, "team", "next.yaml"));
    writePlanned(await planEdit(join(dir, "mine", "conf", "settings.yaml"), [{ path: ["a"], value: 1 }]));
    expect(readFileSync(join(dir, "team", "real.yaml"), "utf8")).toBe("a: 1\n");
    expect(lstatSync(join(dir, "team", "next.yaml")).isSymbolicLink()).toBe(true);
  });

  test("is left alone when the check refuses what it would become", async () => {
    const path = join(sandbox().dir, "f.yaml");
    writeFileSync(path, "a: 1\n");
    const check = (_: string, text: string) => (text.includes("a: 2") ? Promise.reject(new Error("no")) : Promise.resolve());
    await expect(editFile(path, [{ at: ["a"], value: 2 }], check, 0o644)).rejects.toThrow("no");
    expect(readFileSync(path, "utf8")).toBe("a: 1\n");
  });
});
