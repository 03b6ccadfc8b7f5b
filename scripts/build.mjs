// Bundles src into dist: what commands share in one file, and one small file for each command, so that a start reads three or four files.
// Clipanion and the JavaScript of better-sqlite3 are bundled too (their licences go to dist/licenses.txt); what few starts need stays outside.
// Types are checked by `npm run check`.
import { chmodSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rolldown } from "rolldown";

const { dependencies } = JSON.parse(readFileSync("package.json", "utf8"));
const BUNDLED = ["better-sqlite3"];
const external = Object.keys(dependencies).filter((name) => !BUNDLED.includes(name));

/** Node.js takes as long to load these as half of boba: they are loaded when one of their functions is first called. */
const LAZY = {
  "node:crypto": ["createHash", "hash", "randomBytes", "randomUUID"],
  "node:child_process": ["spawn"],
};
const lazyBuiltins = {
  name: "lazy-builtins",
  resolveId: (id) => (Object.hasOwn(LAZY, id) ? `\0lazy:${id}` : null),
  load(id) {
    if (!id.startsWith("\0lazy:")) return null;
    const name = id.slice("\0lazy:".length);
    const wrap = (one) => `export const ${one} = (...args) => load().${one}(...args);`;
    return `let found;\nconst load = () => (found ??= process.getBuiltinModule("${name}"));\n${LAZY[name].map(wrap).join("\n")}\n`;
  },
};

// Written beside and moved into place: what runs meanwhile keeps its files.
const fresh = `dist.${process.pid}`;
const build = await rolldown({
  input: { main: "src/main.ts", reader: "src/flow/reader.ts" },
  platform: "node",
  external: (id) => external.some((name) => id === name || id.startsWith(`${name}/`)) || id.endsWith(".node"),
  plugins: [lazyBuiltins],
});
const { output } = await build.write({
  dir: fresh,
  format: "esm",
  entryFileNames: "[name].js",
  chunkFileNames: "lib/[name]-[hash].js",
  comments: false,
  // One letter beyond Latin-1 makes V8 hold and scan the whole file in two bytes a letter.
  minify: { compress: false, mangle: false, codegen: { removeWhitespace: false, asciiOnly: true } },
  codeSplitting: {
    groups: [
      // The only part of boba that `boba --version` needs.
      { name: "version", test: /core[\\/]version\.ts$/, priority: 2 },
      { name: "shared", minShareCount: 2, priority: 1 },
    ],
  },
});
writeFileSync(join(fresh, "licenses.txt"), licences(output));
chmodSync(`${fresh}/main.js`, 0o755);
rmSync("dist", { recursive: true, force: true });
renameSync(fresh, "dist");

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
