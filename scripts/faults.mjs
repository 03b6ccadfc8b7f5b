/**
 * Runs the long fault tests: node scripts/faults.mjs [--seed 1] [--kills 100] [--only import,drain,backup,restore,prune,migration,crowd,disk]
 * [--seconds 60] [--processes 30]. Each scene prints what was found; a fault makes the exit status 1.
 */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const text = { type: "string" };
const { values } = parseArgs({ options: { seed: text, kills: text, only: text, seconds: text, processes: text } });
const env = Object.fromEntries(Object.entries(values).map(([name, value]) => [`BOBA_TEST_FAULTS_${name.toUpperCase()}`, value]));
const child = spawn(process.execPath, ["node_modules/vitest/vitest.mjs", "run", "--config", "test/faults/faults.config.ts"], {
  cwd: fileURLToPath(new URL("..", import.meta.url)),
  env: { ...process.env, ...env },
  stdio: ["ignore", "pipe", "pipe"],
});
const rest = [];
for (const stream of [child.stdout, child.stderr]) {
  createInterface({ input: stream }).on("line", (line) => {
    if (!line.startsWith("{")) {
      rest.push(line);
      return;
    }
    const { scene, told, faults } = JSON.parse(line);
    console.log(`${scene}: ${faults.length === 0 ? "ok" : `${faults.length} FAULTS`} (${told})`);
    for (const fault of faults) console.log(`  ${fault}`);
  });
}
child.on("close", (code) => {
  if (code !== 0) console.log(rest.join("\n"));
  process.exitCode = code ?? 1;
});
