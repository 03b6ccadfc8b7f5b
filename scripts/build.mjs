// Compiles src to dist. The compiler runs as a child so that its exit status is ours.
import { spawnSync } from "node:child_process";
import { chmodSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const require = createRequire(import.meta.url);
const tsc = join(dirname(require.resolve("typescript/package.json")), "bin", "tsc");
if (process.argv.includes("--clean")) rmSync("dist", { recursive: true, force: true });
const done = spawnSync(process.execPath, [tsc, "-p", "tsconfig.build.json"], { stdio: "inherit" });
if (done.status === 0) chmodSync("dist/main.js", 0o755);
process.exit(done.status ?? 1);
