// `npm run check`: every check of this project, one line each; the output of those that failed; exit status 1 if any did.
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const testResults = join(tmpdir(), `boba-tests-${process.pid}.json`);

const steps = [
  ["format", binary("oxfmt"), ["--check", "."]],
  ["lint", binary("oxlint"), ["--deny-warnings"]],
  ["types", binary("typescript", "tsc"), ["--noEmit"]],
  ["build", "scripts/build.mjs", []],
  ["tests", binary("vitest"), ["run", "--reporter=dot", "--reporter=json", `--outputFile.json=${testResults}`]],
  ["unused code", binary("knip"), []],
  ["package", binary("publint"), ["--strict"]],
];

/** The script behind a package's command. */
function binary(packageName, command = packageName) {
  const folder = join("node_modules", packageName);
  const { bin } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return join(folder, typeof bin === "string" ? bin : bin[command]);
}

const failed = steps.filter(([name, program, args]) => {
  const start = performance.now();
  const done = spawnSync(process.execPath, [program, ...args], { encoding: "utf8", maxBuffer: 1 << 28 });
  const ok = done.status === 0;
  console.log(`${ok ? "ok    " : "FAILED"}  ${name.padEnd(12)} ${((performance.now() - start) / 1000).toFixed(1).padStart(6)} s`);
  if (!ok) console.log(`${done.stdout}${done.stderr}`);
  return !ok;
});

const tests = readTests();
rmSync(testResults, { force: true });
console.log(failed.length === 0 ? "all checks passed" : `failed: ${failed.map(([name]) => name).join(", ")}`);
if (tests !== null) console.log(`${tests.numPassedTests} passed, ${tests.numTotalTests - tests.numPassedTests} failed`);
process.exit(failed.length === 0 && tests !== null ? 0 : 1);

/** What the test run said of itself; null when it did not get that far. A skipped test counts as failed. */
function readTests() {
  try {
    return JSON.parse(readFileSync(testResults, "utf8"));
  } catch {
    return null; // the failed step above shows why
  }
}
