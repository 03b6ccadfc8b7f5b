/** Runs the fuzzer: node scripts/fuzz.mjs --seed 1 --seeds 10 --steps 30 --clones 2 [--every 1] [--strict] [--only a,b] [--hooks lazy] [--keep] */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const text = { type: "string" };
const { values } = parseArgs({
  options: {
    seed: text,
    seeds: text,
    steps: text,
    clones: text,
    every: text,
    only: text,
    hooks: text,
    strict: { type: "boolean" },
    keep: { type: "boolean" },
  },
});
const settings = Object.entries(values).map(([name, value]) => [`BOBA_TEST_FUZZ_${name.toUpperCase()}`, value === true ? "1" : value]);
const { status } = spawnSync("npx", ["vitest", "run", "--config", "test/fuzz/fuzz.config.ts"], {
  cwd: fileURLToPath(new URL("..", import.meta.url)),
  env: { ...process.env, ...Object.fromEntries(settings) },
  stdio: "inherit",
});
process.exitCode = status ?? 1;
