/** Holds src to the import table of src/ARCHITECTURE.md: whoever may import whom, and which folder is the door to which package. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { VERSION } from "../src/core/version.ts";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");

/** Folder or file -> what it may import of ours, as prefixes. Everything may import its own folder. */
const TABLE: Readonly<Record<string, readonly string[]>> = {
  "main.ts": ["before.ts", "start.ts", "platform/", "core/version.ts"],
  "before.ts": ["platform/"],
  "start.ts": ["cli/", "platform/"],
  core: [],
  platform: ["core/errors.ts", "core/log-line.ts", "core/loopback.ts"],
  config: ["core/", "platform/"],
  sources: ["core/", "platform/"],
  proxy: ["core/", "platform/"],
  store: ["core/", "platform/"],
  git: ["core/", "platform/"],
  report: ["core/"],
  flow: ["core/", "platform/", "config/", "sources/", "proxy/", "store/", "git/", "report/"],
  cli: ["core/", "flow/", "report/", "platform/log.ts"],
};

/** Package -> where it may be imported, as prefixes. A package that is not listed may be imported nowhere. */
const DOORS: Readonly<Record<string, readonly string[]>> = {
  "better-sqlite3": ["platform/sqlite.ts"],
  "node:child_process": ["platform/exec.ts"],
  "node:http": ["platform/", "proxy/"],
  "node:https": ["platform/", "proxy/"],
  "node:module": ["platform/code-cache.ts", "platform/sqlite.ts"],
  "node:net": ["platform/", "proxy/"],
  "node:process": ["platform/paths.ts", "platform/self.ts"],
  "node:events": ["cli/"],
  "node:fs": ["platform/", "config/", "sources/", "store/", "git/", "flow/"],
  "node:fs/promises": ["platform/", "config/", "sources/", "store/", "git/", "flow/"],
  "node:os": ["platform/", "git/", "flow/"],
  "node:crypto": [""],
  "node:path": [""],
  "node:readline": ["platform/", "sources/", "cli/"],
  "node:stream": [""],
  "node:stream/promises": ["platform/"],
  "node:string_decoder": ["platform/", "sources/", "proxy/"],
  "node:url": [""],
  "node:util": [""],
  "node:vm": ["platform/code-cache.ts"],
  "node:worker_threads": ["platform/thread.ts"],
  "node:zlib": ["platform/", "proxy/"],
  "@pydantic/genai-prices": ["flow/prices.ts"],
  "age-encryption": ["platform/pack.ts"],
  clipanion: ["cli/"],
  yaml: ["config/"],
  re2js: ["core/"],
  zod: ["config/"],
};

const PURE = /\b(Date\.now\(|Math\.random\(|new Date\(\)|performance\.now\(|setTimeout\(|setInterval\(|fetch\()/;
const SQL =
  /["'`]\s*(SELECT|INSERT (OR|INTO)|UPDATE \w+ SET|DELETE FROM|REPLACE INTO|CREATE (TABLE|INDEX|VIEW)|ALTER TABLE|DROP |WITH \w+ AS|VACUUM|PRAGMA)\b/;
const WRITING_SQL = new RegExp(SQL.source.replace("SELECT|", ""));
/** About the programs that the field calls hook managers (husky, lefthook). */
const NAMED_AFTER_ITS_SUBJECT = "git/hook-managers.ts";
const VAGUE_NAME = /(^|[/-])(utils?|common|managers?|services?|helpers?)([/.-]|$)/i;
const MAX_LINES = 300;
const MAX_MEDIAN = 80;

interface SourceText {
  /** Relative to src, with `/`. */
  path: string;
  text: string;
  /** Without the lines that are comments. */
  code: string;
}

const FILES: readonly SourceText[] = readdirSync(join(ROOT, "src"), { recursive: true, encoding: "utf8" })
  .map((path) => path.replaceAll("\\", "/"))
  .filter((path) => path.endsWith(".ts"))
  .sort()
  .map((path) => {
    const text = readFileSync(join(ROOT, "src", path), "utf8");
    return { path, text, code: withoutComments(text) };
  });

function withoutComments(text: string): string {
  return text
    .split("\n")
    .map((line) => (/^\s*(\*|\/\/|\/\*)/.test(line) ? "" : line.replace(/\s\/\/ .*$/, "")))
    .join("\n");
}

/** Every module a file names: static, dynamic, re-export, side effect or type alone. */
function importsOf({ code }: SourceText): string[] {
  return [...code.matchAll(/(?:\bfrom\s*|\bimport\s*\(\s*|^import\s*)(["'])([^"'\s|]+)\1/gm)].map((match) => match[2] as string);
}

function folderOf(path: string): string {
  return path.includes("/") ? (path.split("/", 1)[0] as string) : path;
}

/** The imports of our own files that the table does not allow, as `who -> whom`. */
function tableViolations(files: readonly SourceText[]): string[] {
  return files.flatMap((file) => {
    const folder = folderOf(file.path);
    const allowed = TABLE[folder];
    if (allowed === undefined) return [`${file.path}: ${folder} is not in the import table`];
    return importsOf(file)
      .filter((name) => name.startsWith("."))
      .map((name) => posix.join(posix.dirname(file.path), name))
      .filter(
        (target) => (folder.endsWith(".ts") || !target.startsWith(`${folder}/`)) && !allowed.some((prefix) => target.startsWith(prefix)),
      )
      .map((target) => `${file.path} -> ${target}`);
  });
}

function doorViolations(files: readonly SourceText[]): string[] {
  return files.flatMap((file) =>
    importsOf(file)
      .filter((name) => !name.startsWith(".") && !(DOORS[name] ?? []).some((prefix) => file.path.startsWith(prefix)))
      .map((name) => `${file.path} -> ${name}`),
  );
}

const breaking = (rule: (file: SourceText) => boolean): string[] => FILES.filter(rule).map(({ path }) => path);

describe("the import table", () => {
  it("looks at a real tree", () => {
    expect(FILES.map(({ path }) => path)).toEqual(expect.arrayContaining(["main.ts", "core/errors.ts", "store/open.ts", "cli/run.ts"]));
    expect(FILES.flatMap(importsOf).length).toBeGreaterThan(FILES.length);
  });

  it("notices a planted violation of every kind", () => {
    const planted = (path: string, text: string): SourceText => ({ path, text, code: withoutComments(text) });
    const files = [
      planted("git/a.ts", 'import { open } from "../store/open.ts";\n'),
      planted("store/b.ts", 'export type { Place } from "../git/repo.ts";\n'),
      planted("core/c.ts", 'const c = await import("../platform/fs.ts");\n'),
      planted("report/d.ts", 'import "../flow/app.ts";\n'),
      planted("cli/e.ts", 'let db: import("../platform/sqlite.ts").Db;\n'),
      planted("new/f.ts", ""),
    ];
    expect(tableViolations(files)).toEqual([
      "git/a.ts -> store/open.ts",
      "store/b.ts -> git/repo.ts",
      "core/c.ts -> platform/fs.ts",
      "report/d.ts -> flow/app.ts",
      "cli/e.ts -> platform/sqlite.ts",
      "new/f.ts: new is not in the import table",
    ]);
    const packages = [planted("flow/a.ts", 'import { z } from "zod";\nimport left from "left-pad";\nimport { join } from "node:path";\n')];
    expect(doorViolations(packages)).toEqual(["flow/a.ts -> zod", "flow/a.ts -> left-pad"]);
  });

  it("allows every import between our folders", () => expect(tableViolations(FILES)).toEqual([]));

  it("lets packages in through their doors alone", () => expect(doorViolations(FILES)).toEqual([]));

  it("has no import whose name is made at run time", () =>
    expect(breaking(({ code }) => /\bimport\s*\(\s*(?!["'])/.test(code) || /\brequire\s*\(/.test(code))).toEqual([]));

  it("touches the process in main.ts and platform/self.ts alone", () =>
    expect(breaking(({ path, code }) => !["main.ts", "platform/self.ts"].includes(path) && /\bprocess\s*[.[]/.test(code))).toEqual([]));

  it("has SQL below store alone, but for reading the databases of agents", () => {
    expect(breaking(({ path, code }) => !/^(store|sources)\//.test(path) && SQL.test(code))).toEqual([]);
    expect(breaking(({ path, code }) => path.startsWith("sources/") && WRITING_SQL.test(code))).toEqual([]);
    expect(breaking(({ path, code }) => path.startsWith("store/") && SQL.test(code)).length).toBeGreaterThan(0);
  });

  it("keeps clock, chance and network out of core", () =>
    expect(breaking(({ path, code }) => path.startsWith("core/") && PURE.test(code))).toEqual([]));
});

describe("files", () => {
  const lines = FILES.map(({ path, text }) => ({ path, count: text.trimEnd().split("\n").length })).sort((a, b) => a.count - b.count);

  it("have at most 300 lines, half of them at most 80", () => {
    expect(lines.filter(({ count }) => count > MAX_LINES)).toEqual([]);
    expect(lines[Math.floor(lines.length / 2)]?.count).toBeLessThanOrEqual(MAX_MEDIAN);
  });

  it("have names that say what is in them", () => {
    expect(["flow/utils.ts", "core/common/x.ts", "git/hook-manager.ts"].every((name) => VAGUE_NAME.test(name))).toBe(true);
    expect(FILES.filter(({ path }) => VAGUE_NAME.test(path) && path !== NAMED_AFTER_ITS_SUBJECT).map(({ path }) => path)).toEqual([]);
  });

  it("say in their first lines what they are for, commands by their usage", () =>
    expect(
      breaking(
        ({ path, text }) => !/^(#!.*\n)?\/\*\*/.test(text) && !(path.startsWith("cli/commands/") && text.includes("static override usage")),
      ),
    ).toEqual([]));

  it("silence neither the compiler nor the linter", () =>
    expect(
      breaking(({ text, code }) => /@ts-(ignore|expect-error|nocheck)|(eslint|oxlint)-disable/.test(text) || /\bas any\b/.test(code)),
    ).toEqual([]));
});

describe("package.json", () => {
  const manifest: unknown = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));

  it("has the version that the program prints", () => expect(manifest).toHaveProperty("version", VERSION));

  it("ships only what is there", () => {
    const { files, bin } = manifest as { files: string[]; bin: Record<string, string> };
    expect([...files, ...Object.values(bin)].filter((name) => !existsSync(join(ROOT, name)))).toEqual([]);
    expect(files.filter((name) => /^(src|test|bench|scripts)\b/.test(name))).toEqual([]);
  });
});
