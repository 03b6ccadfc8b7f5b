/** A repository nobody vetted: whatever its `.boba-project.yaml` is, it is refused in words, quickly, and nothing of what it leads to is told. */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import { expect, test } from "vitest";
import { readProjectName } from "../../src/config/project.ts";
import { loadProject } from "../../src/config/project-file.ts";
import { BobaError } from "../../src/core/errors.ts";
import { sandbox } from "../helpers/sandbox.ts";

const rule = (extra: string): string => `rules:\n  - id: a\n    if: hour > 3\n    use: p\n    ${extra}\n`;
const deep = (open: string, close: string, times: number): string => `project:\n  types: ${open.repeat(times)}x${close.repeat(times)}\n`;
const bomb = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"];
for (let n = 1; n < 9; n++) bomb.push(`a${n}: &a${n} [${Array.from({ length: 9 }, () => `*a${n - 1}`).join(", ")}]`);

/** What it is, its bytes, the code, what the message says. */
const FILES: [string, string | Buffer, string, string][] = [
  ["an alias bomb", bomb.join("\n"), "3", ":1:9: not valid YAML: anchors (&name) are not allowed here"],
  ["a bomb in braces", "{a: &a [x,x], b: &b [*a,*a], rules: *b}\n", "3", "anchors (&name) are not allowed"],
  ["an alias to nothing", "project:\n  name: *x\n", "3", ":2:9: not valid YAML: aliases (*name) are not allowed"],
  ["an alias of itself", "project: &a\n  types: [*a]\n", "3", "anchors (&name) are not allowed"],
  ["an anchor alone", "project:\n  name: &n shop\n", "3", ":2:12: not valid YAML: anchors (&name) are not allowed"],
  ["a merge key", "project:\n  <<: { name: x }\n", "3", ":2:3: not valid YAML: merge keys (<<) are not allowed"],
  ["a merge key of YAML 1.1", "%YAML 1.1\n---\nproject:\n  <<: { name: x }\n", "3", ":1:1: not valid YAML: directives"],
  ["a tag directive", "%TAG ! tag:x,2000:\n---\nproject: {}\n", "3", ":1:1: not valid YAML: directives"],
  ["__proto__ as a key", "__proto__: { enforce: false }\n", "3", ":1:1: not valid YAML: `__proto__` is not allowed as a key"],
  ["__proto__ deep down", rule("__proto__: { use: q }"), "3", ":5:5: not valid YAML: `__proto__` is not allowed"],
  ["__proto__ in quotes", 'project:\n  "__proto__": x\n', "3", "`__proto__` is not allowed as a key"],
  ["__proto__ escaped", 'project:\n  "\\x5f_proto__": x\n', "3", "`__proto__` is not allowed as a key"],
  ["constructor", "constructor: { prototype: {} }\n", "3", "`constructor` is not allowed as a key"],
  ["prototype", "project: { prototype: 1 }\n", "3", ":1:12: not valid YAML: `prototype` is not allowed"],
  ["a list as a key", "project:\n  ? [name]\n  : x\n", "3", ":2:5: not valid YAML: a key must be one word"],
  ["a key twice", "project: { name: a }\nproject: { name: b }\n", "3", ":2:1: not valid YAML: this key is there twice"],
  ["a program's tag", "project:\n  name: !!js/function 'x'\n", "3", ":2:9: not valid YAML: "],
  ["a tag of Python's", "project: !!python/object/apply:os.system [id]\n", "3", ":1:10: not valid YAML: "],
  ["a tag of its own", "project:\n  name: !run x\n", "3", ":2:9: not valid YAML: a value that begins with !"],
  ["a tag that YAML knows", "project:\n  name: !!str x\n", "3", "tags (!name) are not allowed"],
  ["bytes in base64", "project:\n  name: !!binary aGk=\n", "3", "tags (!name) are not allowed"],
  ["two documents", "project: { name: a }\n---\nprofiles: {}\n", "3", "a second document begins here"],
  ["two, the first ended", "project: { name: a }\n...\n---\nx: 1\n", "3", "a second document begins here"],
  ["a thousand documents", "---\na: 1\n".repeat(1000), "3", "a second document begins here"],
  ["60,000 brackets", "[".repeat(60_000), "3", "too many brackets, keys and list items"],
  ["15,000 braces", "{a: ".repeat(15_000), "3", "too many brackets, keys and list items"],
  ["30,000 lists in one another", "- ".repeat(30_000), "3", ":1:1: not valid YAML: nested too deeply"],
  ["30,000 questions", "? ".repeat(30_000), "3", ":1:1: not valid YAML: nested too deeply"],
  ["1,000 brackets", deep("[", "]", 1000), "3", "nested too deeply"],
  ["20 brackets", deep("[", "]", 20), "3", "nested too deeply"],
  ["300 levels of keys", Array.from({ length: 300 }, (_, at) => `${" ".repeat(at)}a:`).join("\n"), "3", "nested too deeply"],
  ["4,500 keys", Array.from({ length: 4500 }, (_, at) => `k${at}: 1`).join("\n"), "3", "too many brackets, keys and list items"],
  ["30,000 comments", `a:\n${"#\n".repeat(30_000)}`, "3", ":1:1: not valid YAML: more than 5000 lines"],
  ["65,000 commas", `[${",".repeat(65_000)}`, "3", "too many brackets, keys and list items"],
  ["20,000 anchors", "&a ".repeat(20_000), "3", "too many brackets, keys and list items"],
  ["20,000 tags", "!a ".repeat(20_000), "3", "too many brackets, keys and list items"],
  ["20,000 colons", "a: ".repeat(20_000), "3", "too many brackets, keys and list items"],
  ["1,000 types", `project:\n  types: [${"go, ".repeat(1000)}]\n`, "4", ":2:3: project.types: expected at most 50 types"],
  [
    "201 rules",
    `rules:\n${Array.from({ length: 201 }, (_, at) => `  - { id: r${at}, if: hour > 3, use: p }`).join("\n")}\n`,
    "4",
    "rules: expected at most 200 rules",
  ],
  ["17 fallbacks", rule(`fallback: [${"p, ".repeat(17)}]`), "4", ":5:5: rules.0.fallback: expected at most 16 profiles"],
  ["a long condition", `rules:\n  - { id: a, use: p, if: "${"a".repeat(5000)}" }\n`, "4", "rules.0.if: expected at most 4096 characters"],
  ["70 KB", `project: { name: a }\n${"#".repeat(70_000)}\n`, "2", "is larger than 64 KiB"],
  ["70 KB of nothing", "\n".repeat(70_000), "2", "is larger than 64 KiB"],
  ["a profile of its own", "profiles:\n  p: { provider: x, command: [sh, -c, id] }\n", "4", ":1:1: profiles: there is no such key"],
  ["a secret", "secrets: { anthropic_key: sk-x }\n", "4", ":1:1: secrets: there is no such key"],
  [
    "a reference to a secret",
    "project: { preferred_profiles: ['secret://anthropic_key'] }\n",
    "4",
    "project.preferred_profiles.0: expected a name of at most",
  ],
  ["a command", "alerts: { command: [touch, /tmp/x] }\n", "4", ":1:1: alerts: there is no such key"],
  ["a command in a rule", rule("command: [sh]"), "4", ":5:5: rules.0.command: there is no such key"],
  ["an endpoint in a rule", rule("endpoint: https://evil.example"), "4", ":5:5: rules.0.endpoint: there is no such key"],
  ["headers in a rule", rule("headers: { x-api-key: x }"), "4", ":5:5: rules.0.headers: there is no such key"],
  ["variables in a rule", rule("env: { LD_PRELOAD: ./x.so }"), "4", ":5:5: rules.0.env: there is no such key"],
  ["hooks", "hooks: { mode: summary }\n", "4", ":1:1: hooks: there is no such key"],
  ["the user's own profile", "profile: p\n", "4", ":1:1: profile: there is no such key"],
  ["exploration", "exploration: { enabled: true, rate: 1 }\n", "4", ":1:1: exploration: there is no such key"],
  [
    "limits that lift the user's",
    "budget: { daily_usd: 5, enforce: false }\n",
    "4",
    ":1:25: budget.enforce: expected true: a project may ask",
  ],
  ["an alert of its budget", "budget: { daily_usd: 5, command: x }\n", "4", ":1:25: budget.command: there is no such key"],
  ["limits of other projects", "budget: { projects: { other: { daily_usd: 0 } } }\n", "4", ":1:11: budget.projects: there is no such key"],
  ["a limit below nothing", "budget: { daily_usd: -1 }\n", "4", ":1:11: budget.daily_usd: an amount is 0 or more"],
  ["a limit that is no number", "budget: { daily_usd: .nan }\n", "4", ":1:11: budget.daily_usd: expected an amount"],
  ["a path as a profile", rule("use: ../../etc").replace("    use: p\n", ""), "4", "rules.0.use: expected a name"],
  ["an option as a profile", rule("fallback: --version"), "4", ":5:5: rules.0.fallback: expected a name"],
  ["a name of two lines", 'project: { name: "a\\nb" }\n', "4", ":1:12: project.name: expected one line without control characters"],
  ["a name with an escape", 'project: { name: "\\e[31mred" }\n', "4", "project.name: expected one line without control characters"],
  ["a long name", `project: { name: ${"a".repeat(101)} }\n`, "4", "project.name: expected at most 100 characters"],
  ["a number as a name", "project: { name: 7 }\n", "4", ":1:12: project.name: expected text"],
  ["a misspelt key", "project: { nane: x }\n", "4", ":1:12: project.nane: there is no such key; did you mean `name`?"],
  ["a list", "- project\n", "4", ":1:1: the file: expected keys and values: project, rules, budget"],
  ["a word", "root:x:0:0:SENTINEL\n", "4", ":1:1: the file: expected keys and values"],
  ["other text", "root:x:0:0: SENTINEL: /bin\n", "3", "not valid YAML"],
  ["a NUL", "project: { name: a\0b }\n", "13", ": a control character, so this is not a text file (byte 19)"],
  ["an escape code", "project: { name: \u001b[2J }\n", "13", "a control character"],
  ["a program", Buffer.from("7f454c4602010100", "hex"), "13", "a control character, so this is not a text file (byte 1)"],
  ["invalid UTF-8", Buffer.from("project: { name: caf\xe9 }\n", "latin1"), "13", ": not UTF-8 text (byte 21)"],
  ["UTF-16", Buffer.from("\uFEFFproject: {}\n", "utf16le"), "13", ": not UTF-8 text (byte 1)"],
  ["half a letter at the end", Buffer.from([0x61, 0x3a, 0x20, 0xe2, 0x98]), "13", "not UTF-8 text"],
  ["a byte order mark and a misspelt key", "\uFEFFprojekt: {}\n", "4", ":1:1: projekt: there is no such key; did you mean `project`?"],
  [
    "Windows line ends and a misspelt key",
    "project:\r\n  name: a\r\n  typs: [x]\r\n",
    "4",
    ":3:3: project.typs: there is no such key; did you mean `types`?",
  ],
  ["tabs", "project:\n\tname: x\n", "3", ":2:1: not valid YAML: indent with spaces"],
  ["an open quote", "project: { name: 'SENTINEL }\n", "3", "not valid YAML"],
];

async function refusal(root: string): Promise<BobaError> {
  const error: unknown = await loadProject(root).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(BobaError);
  return error as BobaError;
}

test("at least fifty of them", () => {
  expect(FILES.length).toBeGreaterThanOrEqual(50);
  expect(new Set(FILES.map(([name]) => name)).size).toBe(FILES.length);
});

test.each(FILES)("%s", async (_, bytes, code, message) => {
  const { dir } = sandbox();
  writeFileSync(join(dir, ".boba-project.yaml"), bytes);
  const error = await refusal(dir);
  expect([error.code, error.exit]).toEqual([`BOBA-CFG-${code}`, 2]);
  expect(error.message).toContain(join(dir, ".boba-project.yaml"));
  expect(error.message).toContain(message);
  expect(inspect(error)).not.toContain("SENTINEL");
  expect(error.message.length).toBeLessThan(500);
  // Collecting goes on with at most a usable name.
  expect(["string", "object"]).toContain(typeof (await readProjectName(dir)));
  expect(({} as Record<string, unknown>)["enforce"]).toBeUndefined();
});

/** What is there instead of a file, and what is told. */
const KINDS: [string, (path: string, dir: string) => void, string, string][] = [
  ["a link to a file of the user's", (path, dir) => symlinkSync(join(dir, "private"), path), "12", "is a link, which is not followed here"],
  ["a link to the accounts", (path) => symlinkSync("/etc/passwd", path), "12", "is a link"],
  ["a link to a pipe", (path, dir) => symlinkSync(join(dir, "pipe"), path), "12", "is a link"],
  ["a link to itself", (path) => symlinkSync(path, path), "12", "is a link"],
  ["a link to nothing", (path, dir) => symlinkSync(join(dir, "nothing"), path), "12", "is a link"],
  ["a link to endless bytes", (path) => symlinkSync("/dev/zero", path), "12", "is a link"],
  ["a pipe", (path) => void spawnSync("mkfifo", [path]), "12", "is not a file"],
  ["a folder", (path) => mkdirSync(path), "1", "cannot be read (EISDIR)"],
];

test.each(KINDS)("%s is refused, at once and without a word of it", async (_, make, code, message) => {
  const { dir } = sandbox();
  writeFileSync(join(dir, "private"), "project: { name: SENTINEL }\n");
  spawnSync("mkfifo", [join(dir, "pipe")]);
  make(join(dir, ".boba-project.yaml"), dir);
  const error = await refusal(dir);
  expect(error).toMatchObject({
    code: `BOBA-CFG-${code}`,
    exit: 2,
    message: expect.stringContaining(`${join(dir, ".boba-project.yaml")} ${message}`),
  });
  expect(inspect(error)).not.toMatch(/SENTINEL|root:/);
  expect(await readProjectName(dir)).toBeNull();
});

test("a file one may not read is told, and is no reason to stop", async () => {
  const { dir } = sandbox();
  const path = join(dir, ".boba-project.yaml");
  writeFileSync(path, "project: { name: x }\n");
  chmodSync(path, 0);
  if (process.getuid?.() === 0) return expect(await readProjectName(dir)).toBe("x"); // root may read everything
  expect(await refusal(dir)).toMatchObject({ code: "BOBA-CFG-1", exit: 5 });
  expect(await readProjectName(dir)).toBeNull();
});
