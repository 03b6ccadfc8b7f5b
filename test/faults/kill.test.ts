/** Killed with `kill -9` at a few moments each; `npm run faults` does the same a hundred times. */
import { expect, test } from "vitest";
import { killOften } from "./kill.ts";
import { migrationScene, pruneScene } from "./scenes-change.ts";
import { drainScene, importScene } from "./scenes-collect.ts";
import { backupScene, restoreScene } from "./scenes-keep.ts";

/** Few, so that all of them together take seconds; the fourth is at a moment of the scene's own. */
const KILLS = 4;

test.each([
  importScene(4),
  drainScene(3),
  backupScene(1_500),
  restoreScene("a ledger", 1_500),
  restoreScene("a damaged ledger", 500),
  pruneScene(3_000),
  migrationScene(1, 1_500),
])("$name: nothing that was stored is lost, nothing is half-made, and the next run does the rest", { timeout: 120_000 }, async (scene) => {
  const { faults, moments } = await killOften(scene, { kills: KILLS, seed: 7 });
  expect(faults).toEqual([]);
  expect(Object.values(moments).reduce((sum, count) => sum + count, 0)).toBe(KILLS);
});
