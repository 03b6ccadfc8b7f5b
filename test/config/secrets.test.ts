/** secrets.yaml: closed to others, or refused; and no value in any message. */
import { chmodSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { checkClosed, loadSecrets } from "../../src/config/secrets.ts";
import { resolvePaths } from "../../src/platform/paths.ts";
import { sandbox } from "../helpers/sandbox.ts";

const KEY = "sk-ant-SENTINEL0123456789abcdef";

function secrets(text: string, mode = 0o600) {
  const box = sandbox();
  const paths = resolvePaths(box.env);
  mkdirSync(box.bobaHome);
  writeFileSync(paths.secrets, text);
  chmodSync(paths.secrets, mode);
  return { load: () => loadSecrets(paths), path: paths.secrets };
}

test("a missing file holds none", async () => {
  expect(await loadSecrets(resolvePaths(sandbox().env))).toEqual(new Map());
});

test.each([
  ["flat", `a: ${KEY}\nb: '#x'\n`],
  ["under secrets", `secrets:\n  a: ${KEY}\n  b: "#x"\n`],
  ["both, as when a line is added at the end", `# mine\nsecrets:\n  a: ${KEY}\nb: '#x'\n`],
])("%s: names and values", async (_, text) => {
  expect(await secrets(text).load()).toEqual(
    new Map([
      ["a", KEY],
      ["b", "#x"],
    ]),
  );
});

test.each([0o640, 0o604, 0o644, 0o620, 0o601, 0o777])("mode %o is refused, whatever is in it", async (mode) => {
  for (const text of [`a: ${KEY}\n`, "# nothing\n"]) {
    const { load, path } = secrets(text, mode);
    await expect(load()).rejects.toMatchObject({
      code: "BOBA-CFG-10",
      exit: 5,
      message: `${path} is open to other accounts (${mode.toString(8)})`,
      hint: expect.stringContaining(`chmod 600 ${path}`),
    });
  }
});

test("it is the file behind a link whose mode counts", async () => {
  const { load, path } = secrets(`a: ${KEY}\n`);
  renameSync(path, `${path}.real`);
  symlinkSync(`${path}.real`, path);
  expect((await load()).get("a")).toBe(KEY);
  chmodSync(`${path}.real`, 0o644);
  await expect(load()).rejects.toMatchObject({ code: "BOBA-CFG-10" });
});

test("another account's file is refused", () => {
  const uid = (process.getuid as () => number)();
  expect(() => checkClosed("/x", { mode: 0o600, uid: uid + 1 })).toThrow(expect.objectContaining({ code: "BOBA-CFG-11", exit: 5 }));
  expect(checkClosed("/x", { mode: 0o600, uid })).toBeUndefined();
});

test.each([
  ["a list", `- ${KEY}\n`, "BOBA-CFG-4", ":1:1: the file: expected secrets by name"],
  ["text", `${KEY}\n`, "BOBA-CFG-4", ":1:1: the file: expected secrets by name"],
  ["a list below secrets", `secrets:\n  - ${KEY}\n`, "BOBA-CFG-4", ":1:1: secrets: expected secrets by name"],
  ["a list of values", `a:\n  - ${KEY}\n`, "BOBA-CFG-4", ":1:1: a: expected text; put the value in quotes"],
  ["a number", "secrets:\n  a: 123456\n", "BOBA-CFG-4", ":2:3: secrets.a: expected text"],
  ["nothing", "a:\n", "BOBA-CFG-4", ":1:1: a: expected text"],
  ["a value in the place of a name", `x: y\n${KEY}/+=: z\n`, "BOBA-CFG-4", ":2:1: a key: expected a name"],
  ["the same below secrets", `secrets:\n  ${KEY}/+=: z\n`, "BOBA-CFG-4", ":2:3: a key: expected a name"],
  ["two lines", `ok: x\na: |\n  ${KEY}\n  ${KEY}\n`, "BOBA-CFG-4", ":2:1: a: expected one line of printable characters up to U+00FF"],
  ["a control character", `secrets:\n  a: "${KEY}\\u0007"\n`, "BOBA-CFG-4", ":2:3: secrets.a: expected one line"],
  ["a typographic quote", `a: ${KEY}\u2019\n`, "BOBA-CFG-4", ":1:1: a: expected one line"],
  ["twice", `a: ${KEY}\na: ${KEY}\n`, "BOBA-CFG-3", ":2:1: not valid YAML: this key is there twice"],
  ["twice, once below", `secrets:\n  a: ${KEY}\na: ${KEY}x\n`, "BOBA-CFG-4", ":3:1: a: this secret is there twice"],
  ["no space after the colon", `a:${KEY}\n`, "BOBA-CFG-4", ":1:1: the file: expected secrets by name"],
  ["text behind a quoted value", `a: 'x' ${KEY}\n`, "BOBA-CFG-3", ":1:8: not valid YAML: unexpected text"],
  ["an open quote", `a: "${KEY}\nb: ${KEY}\n`, "BOBA-CFG-3", "not valid YAML"],
  ["a tag", `a: !${KEY} x\n`, "BOBA-CFG-3", ":1:4: not valid YAML: a value that begins with !"],
  ["an alias to nothing", `a: *${KEY}\n`, "BOBA-CFG-3", ":1:4: not valid YAML: a value that begins with *"],
  ["a bad escape", `a: "${KEY}\\q"\n`, "BOBA-CFG-3", "not valid YAML"],
  ["an object's own name", `__proto__: ${KEY}\n`, "BOBA-CFG-3", ":1:1: not valid YAML: `__proto__` is not allowed"],
])("%s: an error that holds no value", async (_, text, code, message) => {
  const { load, path } = secrets(text);
  const error: any = await load().catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code, exit: 2 });
  expect(error.message).toContain(path);
  expect(error.message).toContain(message);
  expect([error.message, error.hint, String(error.cause ?? ""), error.stack].join("\n")).not.toContain("SENTINEL");
});
