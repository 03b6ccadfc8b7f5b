/**
 * Runs the fuzzer: node scripts/fuzz.mjs --seed 1 --seeds 10 --steps 30 --clones 2 [--jobs 2] [--every 1] [--strict] [--only a,b]
 * [--hooks lazy] [--keep]. Seeds are shared over the jobs; --keep leaves the repositories of a seed that failed.
 */
import { parseArgs } from "node:util";
import { runLongTests } from "./long-tests.mjs";

const text = { type: "string" };
const { values } = parseArgs({
  options: {
    seed: text,
    seeds: text,
    steps: text,
    clones: text,
    jobs: text,
    every: text,
    only: text,
    hooks: text,
    strict: { type: "boolean" },
    keep: { type: "boolean" },
  },
});
const { jobs: wanted = "1", seed = "1", seeds = "1", ...settings } = values;
const jobs = Math.max(1, Math.min(Number(wanted), Number(seeds)));
const results = [];

/** One process that runs every `jobs`-th seed; what it prints besides results is shown only if it breaks. */
function run(job) {
  const own = {
    ...settings,
    seed: String(Number(seed) + job),
    seeds: String(Math.ceil((Number(seeds) - job) / jobs)),
    stride: String(jobs),
  };
  const env = Object.entries(own).map(([name, value]) => [`BOBA_TEST_FUZZ_${name.toUpperCase()}`, value === true ? "1" : value]);
  return runLongTests("test/fuzz/fuzz.config.ts", Object.fromEntries(env), (result) => {
    results.push(result);
    console.log(
      `seed ${result.seed}: ${result.failed ? "FAULTS" : "ok"} (${result.ran} steps of ${result.kinds.length} kinds, ${result.seconds} s)`,
    );
    if (result.failed) console.log(result.report);
  });
}

const ends = await Promise.all(Array.from({ length: jobs }, (_, job) => run(job)));
const failed = results.filter(({ failed: bad }) => bad).length;
const broken = ends.filter(({ code }) => code !== 0);
if (results.length < Number(seeds)) for (const { rest } of broken) console.log(rest.join("\n"));
const kinds = new Set(results.flatMap((result) => result.kinds));
console.log(`${results.length} seeds, ${results.reduce((sum, { ran }) => sum + ran, 0)} steps of ${kinds.size} kinds, ${failed} failed`);
process.exitCode = failed + broken.length > 0 || results.length < Number(seeds) ? 1 : 0;
