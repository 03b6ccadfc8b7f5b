/** `npm run fuzz`: many seeds, each in a world of its own. Parameters come by environment from scripts/fuzz.mjs. */
import { mkdtempSync, realpathSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { type FuzzOptions, fuzz } from "./engine.ts";

const number = (name: string, otherwise: number): number => Number(process.env[`BOBA_TEST_FUZZ_${name}`] ?? otherwise);
const text = (name: string): string => process.env[`BOBA_TEST_FUZZ_${name}`] ?? "";

it("fuzz", { timeout: 0 }, async () => {
  const [first, count] = [number("SEED", 1), number("SEEDS", 1)];
  const only = text("ONLY");
  const hooks = text("HOOKS") as FuzzOptions["hooks"] | "";
  let failed = 0;
  for (let seed = first; seed < first + count; seed++) {
    const dir = realpathSync(mkdtempSync(join(tmpdir(), "boba-fuzz-")));
    try {
      const options: FuzzOptions = {
        seed,
        steps: number("STEPS", 30),
        clones: number("CLONES", 2),
        every: number("EVERY", 1),
        strict: text("STRICT") !== "",
        only: only === "" ? [] : only.split(","),
        ...(hooks === "" || hooks === undefined ? {} : { hooks }),
      };
      const { faults, ran, log } = await fuzz(dir, options);
      if (faults.length > 0) failed++;
      const report =
        faults.length === 0
          ? []
          : ["", ...log.map((row) => row.replaceAll(dir, "$D")), ...faults.map((fault) => `FAULT ${fault.replaceAll(dir, "$D")}`)];
      writeSync(1, `seed ${seed}: ${faults.length === 0 ? "ok" : "FAULTS"} (${ran} steps)${report.join("\n")}\n`);
    } finally {
      if (text("KEEP") === "") rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
    }
  }
  expect(failed).toBe(0);
});
