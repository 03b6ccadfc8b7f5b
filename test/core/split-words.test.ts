import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { splitWords } from "../../src/core/split-words.ts";

test.each<[string, string[] | null]>([
  ["vi", ["vi"]],
  ["  code   --wait\t-n ", ["code", "--wait", "-n"]],
  ['"/opt/my editor/ed" -x', ["/opt/my editor/ed", "-x"]],
  ["/opt/my\\ editor/ed", ["/opt/my editor/ed"]],
  ["ed '' \"\"", ["ed", "", ""]],
  [`a"b c"'d e'f`, ["ab cd ef"]],
  [`'a\\b' "a\\b" "a\\"b"`, ["a\\b", "a\\b", 'a"b']],
  ["ed; rm -rf $HOME `id` $(id) > x", ["ed;", "rm", "-rf", "$HOME", "`id`", "$(id)", ">", "x"]],
  ["", []],
  ["ed 'open", null],
  ['ed "open', null],
])("%j", (line, words) => {
  expect(splitWords(line)).toEqual(words);
});

test("whatever is quoted as a shell would, comes back; and sh agrees", () => {
  const word = fc.string({ unit: fc.constantFrom("a", " ", "'", '"', "\\", "$", "`", ";", "*", "é"), maxLength: 8 });
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 4 }), (words) => {
      const line = words.map((one) => `'${one.replaceAll("'", `'\\''`)}'`).join(" ");
      expect(splitWords(line)).toEqual(words);
    }),
  );
  const line = `a "b \\\\ \\" c" d\\ e 'f\\'"g\\h"`;
  const shell = spawnSync("sh", ["-c", `printf '%s\\n' ${line}`], { encoding: "utf8" })
    .stdout.split("\n")
    .slice(0, -1);
  expect(splitWords(line)).toEqual(shell);
});
