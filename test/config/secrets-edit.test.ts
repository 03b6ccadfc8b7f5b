/** Secrets are added, changed and removed without a change to what else is in the file; it is never open to others, not for a moment. */
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadSecrets } from "../../src/config/secrets.ts";
import { removeSecret, setSecret } from "../../src/config/secrets-edit.ts";
import { resolvePaths } from "../../src/platform/paths.ts";
import { PROJECT, sandbox } from "../helpers/sandbox.ts";

const TEMPLATE = readFileSync(join(PROJECT, "templates", "config", "secrets.yaml"), "utf8");

function secrets(text: string | null, mode = 0o600) {
  const box = sandbox();
  const paths = resolvePaths(box.env);
  mkdirSync(box.bobaHome);
  if (text !== null) {
    writeFileSync(paths.secrets, text);
    chmodSync(paths.secrets, mode);
  }
  return { paths, read: () => readFileSync(paths.secrets, "utf8"), mode: () => statSync(paths.secrets).mode & 0o777 };
}

test.each([
  ["no file", null, "secrets:\n  k: v\n"],
  ["comments alone", "# mine\n", "# mine\n\nsecrets:\n  k: v\n"],
  ["an empty section", "secrets:\n  # none yet\n", "secrets:\n  k: v\n  # none yet\n"],
  ["a section", "secrets:\n  a: x # of a\n# end\n", "secrets:\n  a: x # of a\n  k: v\n# end\n"],
  ["flat", "a: x # of a\n# end\n", "a: x # of a\nk: v\n# end\n"],
  ["there already, in the section", "secrets:\n  k: 'old' # of k\n", "secrets:\n  k: v # of k\n"],
  ["there already, flat behind a section", "secrets:\n  a: x\nk: old\n", "secrets:\n  a: x\nk: v\n"],
])("set in a file with %s", async (_, before, after) => {
  const file = secrets(before);
  await setSecret(file.paths, "k", "v");
  expect(file.read()).toBe(after);
  expect(file.mode()).toBe(0o600);
});

test("any value that a header can carry comes back as it was", async () => {
  const { paths } = secrets(null);
  const values = [
    "a: b",
    "#x",
    " pad ",
    "it's",
    '"q"',
    "true",
    "0123",
    "1e3",
    "\\n",
    "é ÿ",
    "- x",
    "!t",
    "*a",
    "{",
    "%",
    "`",
    "null",
    "~",
    "x".repeat(5000),
  ];
  for (const [index, value] of values.entries()) await setSecret(paths, `k${index}`, value);
  expect([...(await loadSecrets(paths)).values()]).toEqual(values);
});

test("removed: its line alone; what was not there is told", async () => {
  const file = secrets("# top\nsecrets:\n  a: x\n  # of b\n  b: y # b\nc: z\n");
  expect(await removeSecret(file.paths, "b")).toBe(true);
  expect(file.read()).toBe("# top\nsecrets:\n  a: x\n  # of b\nc: z\n");
  expect(await removeSecret(file.paths, "c")).toBe(true);
  expect(await removeSecret(file.paths, "c")).toBe(false);
  expect(file.read()).toBe("# top\nsecrets:\n  a: x\n  # of b\n");
  expect(await removeSecret(file.paths, "a")).toBe(true);
  expect(await loadSecrets(file.paths)).toEqual(new Map());
});

test("the template takes one, and keeps its words", async () => {
  const file = secrets(TEMPLATE);
  await setSecret(file.paths, "anthropic_key", "sk-1");
  expect(file.read()).toBe(`${TEMPLATE.trimEnd()}\n\nsecrets:\n  anthropic_key: sk-1\n`);
});

test("a link stays one, and what it leads to stays closed", async () => {
  const file = secrets("a: x\n");
  const real = `${file.paths.secrets}.real`;
  renameSync(file.paths.secrets, real);
  symlinkSync(real, file.paths.secrets);
  await setSecret(file.paths, "k", "v");
  expect(lstatSync(file.paths.secrets).isSymbolicLink()).toBe(true);
  expect(readFileSync(real, "utf8")).toBe("a: x\nk: v\n");
  expect(statSync(real).mode & 0o777).toBe(0o600);
});

test.each([
  ["open to others", "a: x\n", 0o644, "k", "BOBA-CFG-10"],
  ["not valid", "- x\n", 0o600, "k", "BOBA-CFG-4"],
  ["asked for a name that is none", "a: x\n", 0o600, "../k", "BOBA-CFG-15"],
])("a file that is %s stays as it is", async (_, text, mode, name, code) => {
  const file = secrets(text, mode);
  await expect(setSecret(file.paths, name, "SENTINEL")).rejects.toMatchObject({ code, message: expect.not.stringContaining("SENTINEL") });
  expect([file.read(), file.mode()]).toEqual([text, mode]);
  expect(readdirSync(file.paths.home)).toEqual(["secrets.yaml"]);
});

test("nothing is made by removing", async () => {
  const { paths } = secrets(null);
  expect(await removeSecret(paths, "a")).toBe(false);
  expect(existsSync(paths.secrets)).toBe(false);
});
