/** A short run of the fuzzer with fixed seeds; `npm run fuzz` is the long one. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { PROJECT } from "../helpers/sandbox.ts";
import { fuzz, type FuzzOptions } from "./engine.ts";
import { removeFolder } from "../helpers/remove.ts";

async function faultsOf(options: FuzzOptions): Promise<string> {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), "boba-fuzz-")));
  try {
    const { faults, log } = await fuzz(dir, options);
    return faults.length === 0 ? "" : [...log, ...faults].join("\n");
  } finally {
    await removeFolder(dir);
  }
}

// Compared after every step: git's whole seconds would leave open what came before a checkout that nobody looked at.
const common = { steps: 15, clones: 2, every: 1, strict: false };

it.each([3, 10])("any git operations, any hooks: the books balance and the model agrees (seed %i)", { timeout: 180_000 }, async (seed) => {
  expect(await faultsOf({ ...common, seed })).toBe("");
});

it("the fault that is kept to be found (docs/attribution.md) still fits the code", () => {
  const { status, stderr } = spawnSync("git", ["apply", "--check", join("test", "fuzz", "fault-skip.patch")], {
    cwd: PROJECT,
    encoding: "utf8",
  });
  expect([status, stderr]).toEqual([0, ""]);
});
