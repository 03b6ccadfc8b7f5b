/** The long fault runs that `npm run faults` starts, with settings from the environment; prints one JSON object for each scene. */
import { expect, test } from "vitest";
import { crowd } from "./crowd.ts";
import { fillUp } from "./disk.ts";
import { killOften, type Outcome, type Scene } from "./kill.ts";
import { migrationScene, pruneScene } from "./scenes-change.ts";
import { drainScene, importScene } from "./scenes-collect.ts";
import { backupScene, restoreScene } from "./scenes-keep.ts";
import { MIGRATIONS } from "../../src/store/migrations.ts";

const setting = (name: string, otherwise: string) => process.env[`BOBA_TEST_FAULTS_${name}`] ?? otherwise;
const only = setting("ONLY", "").split(",").filter(Boolean);
const kills = Number(setting("KILLS", "100"));
const seed = Number(setting("SEED", "1"));

/** A name may stand for several scenes, which share the kills. */
const SCENES: Readonly<Record<string, () => Scene[]>> = {
  import: () => [importScene(50)],
  drain: () => [drainScene(8)],
  backup: () => [backupScene(4_500)],
  restore: () => [restoreScene("a ledger", 4_500), restoreScene("no ledger", 4_500), restoreScene("a damaged ledger", 4_500)],
  prune: () => [pruneScene(4_500)],
  migration: () => MIGRATIONS.slice(1).map((_, at) => migrationScene(at + 1, 4_500)),
};

function tell({ scene, kills: count, moments, faults }: Outcome): void {
  const found = Object.entries(moments).map(([moment, times]) => `${moment} ${times}`);
  process.stdout.write(`${JSON.stringify({ scene, told: `${count} times: ${found.join(", ")}`, faults })}\n`);
}

for (const [name, make] of Object.entries(SCENES)) {
  if (only.length > 0 && !only.includes(name)) continue;
  test(name, async () => {
    const outcomes: Outcome[] = [];
    const scenes = make();
    for (const [at, scene] of scenes.entries()) {
      const share = Math.floor(kills / scenes.length) + (at < kills % scenes.length ? 1 : 0);
      const outcome = await killOften(scene, { kills: share, seed: seed + at });
      outcomes.push(outcome);
      tell(outcome);
    }
    expect(outcomes.flatMap(({ faults }) => faults)).toEqual([]);
  });
}

const wanted = (name: string) => only.length === 0 || only.includes(name);

if (wanted("disk")) {
  test("disk", async () => {
    const outcomes: Outcome[] = [];
    for (const scene of Object.values(SCENES).flatMap((make) => make())) {
      const outcome = await fillUp(scene, [0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 1, 1.2]);
      outcomes.push(outcome);
      tell(outcome);
    }
    expect(outcomes.flatMap(({ faults }) => faults)).toEqual([]);
  });
}

if (wanted("crowd")) {
  test("crowd", async () => {
    const outcome = await crowd({ processes: Number(setting("PROCESSES", "30")), seconds: Number(setting("SECONDS", "60")) });
    tell(outcome);
    expect(outcome.faults).toEqual([]);
  });
}
