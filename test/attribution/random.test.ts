/** Random sequences in one repository, shrunk to the shortest that fails: usage, commits and the rewrites that people do daily. */
import { mkdtempSync, realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import { audit } from "../fuzz/audit.ts";
import { check, checkRepository } from "../fuzz/check.ts";
import { STEPS } from "../fuzz/engine.ts";
import { type Tree, World } from "../fuzz/world.ts";
import { removeFolder } from "../helpers/remove.ts";

const NAMES = ["talk", "commitAll", "commitPart", "amend", "rebaseOnto", "branchNew", "branchSwitch", "merge", "colleague", "pullRebase"];

/** Runs steps by name, each with its own dice, so that dropping one leaves the others as they were. */
async function run(steps: readonly (readonly [name: string, dice: number])[]): Promise<string> {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), "boba-random-")));
  try {
    const world = new World(dir, 1, { clones: 1, sharedHome: false, strict: false, hooks: () => "lazy" });
    const clone = world.clones[0] as (typeof world.clones)[number];
    for (const [name, dice] of steps) {
      world.note(`## ${name}`);
      world.roll(dice);
      await STEPS[name]?.[0](world, clone.trees[0] as Tree);
      // Swept often: git's whole seconds leave open what came before a checkout, and the order is known here.
      await audit(world, clone);
    }
    const faults = [...(await check(world, clone)), ...checkRepository(world, clone)];
    return faults.length === 0 ? "" : [...world.log, ...faults].join("\n");
  } finally {
    await removeFolder(dir);
  }
}

it("any sequence of usage, commit, amend, rebase, branch, switch and merge", { timeout: 180_000 }, async () => {
  const step = fc.tuple(fc.constantFrom(...NAMES), fc.nat(1_000_000));
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 10 }), async (steps) => {
      // Work first: without usage there is nothing to book.
      expect(await run([["talk", 1], ...steps])).toBe("");
    }),
    { seed: 20240613, numRuns: 3, endOnFailure: false, interruptAfterTimeLimit: 25_000, markInterruptAsFailure: false },
  );
});
