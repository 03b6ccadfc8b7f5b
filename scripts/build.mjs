// Bundles src into dist: what commands share in one file, and one small file for each command, so that a start reads three or four files.
// Clipanion and the JavaScript of better-sqlite3 are bundled too (their licences go to dist/licenses.txt); what few starts need stays outside.
// Types are checked by `npm run check`.
import { chmodSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { rolldown } from "rolldown";
import { buildScanModule } from "./scan-module.mjs";

const { dependencies } = JSON.parse(readFileSync("package.json", "utf8"));
const BUNDLED = ["better-sqlite3"];
const external = Object.keys(dependencies).filter((name) => !BUNDLED.includes(name));

/** Node.js takes longer to load these than boba: they are loaded when one of their functions is first called. */
const LAZY = {
  "node:crypto": ["createHash", "hash", "randomBytes", "randomUUID"],
  "node:child_process": ["spawn"],
  "node:os": ["constants", "homedir", "platform", "userInfo"],
};
/** What the built files have anyhow; to make one more would load Node.js's half for ES modules. */
const OWN_REQUIRE = "createRequire(import.meta.url)";
const lazyBuiltins = {
  name: "lazy-builtins",
  resolveId: (id) => (Object.hasOwn(LAZY, id) ? `\0lazy:${id}` : null),
  load(id) {
    if (!id.startsWith("\0lazy:")) return null;
    const name = id.slice("\0lazy:".length);
    const wrap = (one) =>
      one === "constants"
        ? `export const constants = new Proxy({}, { get: (_, group) => load().constants[group] });`
        : `export const ${one} = (...args) => load().${one}(...args);`;
    return `let found;\nconst load = () => (found ??= process.getBuiltinModule("${name}"));\n${LAZY[name].map(wrap).join("\n")}\n`;
  },
  transform: (code, id) => (/[\\/]src[\\/]/.test(id) && code.includes(OWN_REQUIRE) ? code.replaceAll(OWN_REQUIRE, "require") : null),
};

/** Clipanion opens all three standard streams as it loads, and asks the terminal for its colours: boba hands it what it needs. */
const slimClipanion = {
  name: "slim-clipanion",
  resolveId(id, from) {
    return id === "../platform" && /clipanion[\\/]lib/.test(from ?? "") ? join(dirname(from), id, "browser.js") : null;
  },
  transform(code, id) {
    if (!/clipanion[\\/]lib[\\/]advanced[\\/]Cli\.js$/.test(id)) return null;
    const slim = code.replace(/^Cli\.defaultContext = \{[^}]*\};$/m, "Cli.defaultContext = {};");
    if (slim === code) throw new Error("Clipanion has changed: look where it sets Cli.defaultContext now");
    return slim;
  },
};

/** What a run that finds nothing new needs, reached from these without a dynamic import: kept in one file, free of all else. */
const EVERYDAY = [
  "start",
  "cli/commands/import",
  "cli/commands/drain",
  "cli/commands/report",
  "cli/commands/stats",
  "cli/commands/overview",
];
const everyday = new Set();
const findEveryday = {
  name: "find-everyday",
  buildEnd() {
    const visit = (id) => {
      if (everyday.has(id)) return;
      everyday.add(id);
      for (const next of this.getModuleInfo(id)?.importedIds ?? []) visit(next);
    };
    for (const file of EVERYDAY) visit(resolve(`src/${file}.ts`));
  },
};

// Written beside and moved into place: there is no moment with half of it.
const fresh = `dist.${process.pid}`;
const { output } = await bundle({ main: "src/main.ts" }, [lazyBuiltins, slimClipanion, findEveryday], {
  // A build's files never pass for another's: not for what was kept of it, and not in a program that runs while dist is replaced.
  chunkFileNames: "lib/[name]-[hash].js",
  codeSplitting: {
    groups: [
      // The only part of boba that `boba --version` needs.
      { name: "version", test: /core[\\/]version\.ts$/, priority: 3 },
      { name: "before", test: /before\.ts$|platform[\\/](?:code-cache|paths|self)\.ts$/, priority: 2 },
      { name: "everyday", test: (id) => everyday.has(id), priority: 1 },
      { name: "shared", minShareCount: 2, priority: 0 },
    ],
  },
});
// The reading thread has a file of its own, without what only commands need: a source's first lines wait until it is loaded.
await bundle({ reader: "src/flow/reader.ts" }, [lazyBuiltins], { codeSplitting: false });
writeFileSync(join(fresh, "licenses.txt"), licences(output));
const everydayFile = output.find(({ name }) => name === "everyday").fileName.slice("lib/".length);
tell(`${fresh}/main.js`, "everyday.js", everydayFile);
tell(`${fresh}/reader.js`, "scan.wasm", `lib/${buildScanModule(`${fresh}/lib`, "dist/lib")}`);
// Node.js loads CommonJS faster, and only of that can it keep what it compiled.
writeFileSync(join(fresh, "package.json"), `{ "type": "commonjs" }\n`);
chmodSync(`${fresh}/main.js`, 0o755);
const old = `dist.old.${process.pid}`;
if (existsSync("dist")) renameSync("dist", old);
renameSync(fresh, "dist");
rmSync(old, { recursive: true, force: true });

/** Bundles `input` into the new folder. */
async function bundle(input, plugins, splitting) {
  const build = await rolldown({
    input,
    platform: "node",
    external: (id) => external.some((name) => id === name || id.startsWith(`${name}/`)) || id.endsWith(".node"),
    plugins,
  });
  return build.write({
    dir: fresh,
    format: "cjs",
    // What is compiled from what was kept has no import() of its own.
    dynamicImportInCjs: false,
    entryFileNames: "[name].js",
    comments: false,
    // One letter beyond Latin-1 makes V8 hold and scan the whole file in two bytes a letter.
    minify: { compress: false, mangle: false, codegen: { removeWhitespace: false, asciiOnly: true } },
    ...splitting,
  });
}

/** Writes into a built file what another is really called. @throws where it does not name it once. */
function tell(file, written, real) {
  const text = readFileSync(file, "utf8");
  const parts = text.split(JSON.stringify(written));
  if (parts.length !== 2) throw new Error(`${file} does not say where ${written} is`);
  writeFileSync(file, parts.join(JSON.stringify(real)));
}

/** The licence of every package that has a part in the bundle. */
function licences(chunks) {
  const files = chunks.flatMap((chunk) => (chunk.type === "chunk" ? chunk.moduleIds : []));
  const folders = new Set(files.flatMap((file) => /^\0?(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)/.exec(file)?.[1] ?? []));
  return [...folders]
    .sort((a, b) => (a < b ? -1 : 1))
    .map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
      return `${name} ${version} (${license})\n\n${licenceText(folder)}\n`;
    })
    .join(`\n${"-".repeat(80)}\n\n`);
}

/** From the file of that name, else from the section of the readme that gives it. @throws where there is neither. */
function licenceText(folder) {
  const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
  if (file !== undefined) return readFileSync(join(folder, file), "utf8").trim();
  const section = /^## Licen[cs]e.*$([^]*)/im.exec(readFileSync(join(folder, "README.md"), "utf8"));
  if (section === null) throw new Error(`${folder} has no licence to ship`);
  return section[1].replaceAll(/^> ?/gm, "").trim();
}
