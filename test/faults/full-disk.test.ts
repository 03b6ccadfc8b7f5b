/** No space left, at several moments of each command: a clear error, nothing damaged, and the same command succeeds once there is room. */
import { expect, test } from "vitest";
import { fillUp } from "./disk.ts";
import { migrationScene, pruneScene } from "./scenes-change.ts";
import { drainScene, importScene } from "./scenes-collect.ts";
import { backupScene, restoreScene } from "./scenes-keep.ts";

test.each([
  importScene(4),
  drainScene(3),
  backupScene(1_500),
  restoreScene("a ledger", 1_500),
  restoreScene("no ledger", 1_500),
  pruneScene(3_000),
  migrationScene(1, 1_500),
])("$name", { timeout: 120_000 }, async (scene) => {
  const { faults, moments } = await fillUp(scene, [0.02, 0.5]);
  expect(faults).toEqual([]);
  expect(Object.keys(moments).some((code) => code.startsWith("BOBA-"))).toBe(true);
});
