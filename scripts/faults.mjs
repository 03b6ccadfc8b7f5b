/**
 * Runs the long fault tests: node scripts/faults.mjs [--seed 1] [--kills 100] [--only import,drain,backup,restore,prune,migration,crowd,disk]
 * [--seconds 60] [--processes 30]. Each scene prints what was found; a fault makes the exit status 1.
 */
import { parseArgs } from "node:util";
import { runLongTests } from "./long-tests.mjs";

const text = { type: "string" };
const { values } = parseArgs({ options: { seed: text, kills: text, only: text, seconds: text, processes: text } });
const env = Object.fromEntries(Object.entries(values).map(([name, value]) => [`BOBA_TEST_FAULTS_${name.toUpperCase()}`, value]));
const { code, rest } = await runLongTests("test/faults/faults.config.ts", env, ({ scene, told, faults }) => {
  console.log(`${scene}: ${faults.length === 0 ? "ok" : `${faults.length} FAULTS`} (${told})`);
  for (const fault of faults) console.log(`  ${fault}`);
});
if (code !== 0) console.log(rest.join("\n"));
process.exitCode = code ?? 1;
