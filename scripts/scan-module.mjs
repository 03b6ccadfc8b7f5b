// Compiles src/sources/scan, which is AssemblyScript, to WebAssembly.
import { spawnSync } from "node:child_process";
import { hash } from "node:crypto";
import { copyFileSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const SOURCES = join("src", "sources", "scan");
/** Nothing is allocated, so the stub of a runtime leaves nothing in the module. 24 pages hold what `layout.ts` says and a chunk. */
const OPTIONS = ["--enable", "simd", "--runtime", "stub", "--initialMemory", "24", "--maximumMemory", "24", "-O3", "--noAssert"];

/**
 * Writes the module into `folder`, with a name that changes with what it is made of, and returns that name. Compiling takes seconds: what an
 * earlier build left in `before` is taken when it has that name.
 */
export function buildScanModule(folder, before) {
  const compiler = createRequire(import.meta.url).resolve("assemblyscript/bin/asc.js");
  const { version } = JSON.parse(readFileSync(join(compiler, "..", "..", "package.json"), "utf8"));
  const texts = readdirSync(SOURCES)
    .sort()
    .flatMap((name) => [name, readFileSync(join(SOURCES, name), "utf8")]);
  const name = `scan-${hash("sha256", [version, ...OPTIONS, ...texts].join("\0"), "hex").slice(0, 8)}.wasm`;
  const kept = join(before, name);
  const made = join(folder, name);
  if (existsSync(kept)) copyFileSync(kept, made);
  else {
    const args = ["--enable-source-maps", compiler, join(SOURCES, "find.ts"), "--outFile", made, ...OPTIONS];
    const { status } = spawnSync(process.execPath, args, { stdio: "inherit" });
    if (status !== 0) throw new Error("the scan of log lines cannot be compiled");
  }
  return name;
}
