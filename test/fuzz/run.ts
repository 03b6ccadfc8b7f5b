/** `npm run fuzz`: many seeds, each in a world of its own. Parameters come by environment from scripts/fuzz.mjs, results go back as JSON lines. */
import { mkdtempSync, realpathSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { type FuzzOptions, fuzz } from "./engine.ts";
import { removeFolder } from "../helpers/remove.ts";

const number = (name: string, otherwise: number): number => Number(process.env[`BOBA_TEST_FUZZ_${name}`] ?? otherwise);
const text = (name: string): string => process.env[`BOBA_TEST_FUZZ_${name}`] ?? "";

it("fuzz", { timeout: 0 }, async () => {
  const only = text("ONLY");
  const hooks = text("HOOKS") as FuzzOptions["hooks"] | "";
  let failures = 0;
  for (let nth = 0; nth < number("SEEDS", 1); nth++) {
    const seed = number("SEED", 1) + nth * number("STRIDE", 1);
    const dir = realpathSync(mkdtempSync(join(tmpdir(), "boba-fuzz-")));
    const start = performance.now();
    const { faults, ran, kinds, log } = await fuzz(dir, {
      seed,
      steps: number("STEPS", 30),
      clones: number("CLONES", 2),
      every: number("EVERY", 1),
      strict: text("STRICT") !== "",
      only: only === "" ? [] : only.split(","),
      ...(hooks === "" || hooks === undefined ? {} : { hooks }),
    });
    const failed = faults.length > 0;
    if (failed) failures++;
    const kept = failed && text("KEEP") !== "";
    const report = [...log, ...faults.map((fault) => `FAULT ${fault}`)].map((row) => row.replaceAll(dir, "$D"));
    if (kept) report.push(`kept in ${dir}`);
    const seconds = Math.round((performance.now() - start) / 1000);
    writeSync(1, `\n${JSON.stringify({ seed, ran, kinds, seconds, failed, ...(failed ? { report: report.join("\n") } : {}) })}\n`);
    if (!kept) await removeFolder(dir);
  }
  expect(failures).toBe(0);
});
