/** Two of everything at once: nobody is told of a lock, and the books are exact afterwards. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { audit } from "../../src/flow/audit.ts";
import { backupsIn } from "../../src/flow/backup-folder.ts";
import type { Sandbox } from "../helpers/sandbox.ts";
import { type Facts, facts, integrity } from "./content.ts";
import { type Scene, undisturbed } from "./kill.ts";
import { migrationScene, pruneScene } from "./scenes-change.ts";
import { drainScene, importScene } from "./scenes-collect.ts";
import { filledLedger } from "./scenes-keep.ts";
import { type Stage, stage, withDb } from "./stage.ts";
import { atOnce, troubles } from "./together.ts";

async function onStage(build: (box: Sandbox) => void, work: (set: Stage) => Promise<void>): Promise<void> {
  const set = stage(build);
  try {
    await work(set);
  } finally {
    await set.remove();
  }
}

function expectSound(box: Sandbox): void {
  expect(integrity(box.db)).toBe("ok");
  expect(withDb(box.db, audit)).toMatchObject({ balanced: true, faults: [] });
}

test.each<Scene>([importScene(4), drainScene(4), pruneScene(3_000), migrationScene(2, 2_000)])(
  "$name, twice at once, comes to what one run comes to",
  { timeout: 60_000 },
  (scene) =>
    onStage(
      (box) => scene.build(box),
      async (set) => {
        const control: Facts = undisturbed(set, scene, 1).facts;
        set.reset();
        const { box } = set;
        expect(troubles(await atOnce(box, scene.args(box), scene.args(box)))).toEqual([]);
        expectSound(box);
        expect(facts(box.db)).toEqual(control);
        scene.done?.(box);
      },
    ),
);

test("two backups, and two under one name: both whole, or one refused", { timeout: 60_000 }, () =>
  onStage(
    (box) => filledLedger(box, 1_500),
    async ({ box }) => {
      const before = facts(box.db);
      expect(troubles(await atOnce(box, ["backup"], ["backup"]))).toEqual([]);
      const folder = join(box.bobaHome, "backups");
      expect(backupsIn(folder)).toHaveLength(2);
      for (const { manifest } of backupsIn(folder)) expect(manifest.facts.costNanoUsd).toBe(before.costNanoUsd);
      const one = join(box.dir, "out", "one.db.gz");
      const said = await atOnce(box, ["backup", "-o", one], ["backup", "-o", one]);
      expect(said.map(({ status }) => status).toSorted()).toEqual([0, 2]);
      expect(said.find(({ status }) => status === 2)?.stderr).toContain("[BOBA-FS-6]");
      for (const path of [one, ...backupsIn(folder).map(({ path: at }) => at)]) box.boba(["backup", "verify", path]);
      expectSound(box);
    },
  ),
);

test("a restore while logs are imported: afterwards every record is there once", { timeout: 60_000 }, () => {
  const scene = importScene(4);
  return onStage(
    (box) => {
      scene.build(box);
      filledLedger(box, 1_500);
      box.boba(["backup", "-o", join(box.dir, "out")]);
    },
    async (set) => {
      const { box } = set;
      const name = readdirSync(join(box.dir, "out")).find((file) => file.endsWith(".gz")) as string;
      box.boba(["import"]);
      const both = facts(box.db);
      set.reset();
      expect(troubles(await atOnce(box, ["import"], ["restore", join(box.dir, "out", name)], ["import"]))).toEqual([]);
      expectSound(box);
      box.boba(["import"]);
      expect(facts(box.db)).toEqual(both);
    },
  );
});

test("a prune while logs are imported, a vacuum while reports are made, maintenance twice", { timeout: 90_000 }, () => {
  const [old, logs] = [pruneScene(3_000), importScene(3)];
  return onStage(
    (box) => {
      logs.build(box);
      old.build(box);
    },
    async (set) => {
      const { box } = set;
      const total = () => {
        const { records, prunedRequests, costNanoUsd, prunedNanoUsd } = facts(box.db);
        return [records + prunedRequests, BigInt(costNanoUsd) + BigInt(prunedNanoUsd)];
      };
      box.boba(["import"]);
      const wanted = total();
      set.reset();
      expect(troubles(await atOnce(box, ["db", "prune", "--older-than", "90d"], ["import"]))).toEqual([]);
      expectSound(box);
      expect(total()).toEqual(wanted);
      const reports = await atOnce(box, ["db", "vacuum"], ["report", "--by", "model", "--format", "json"], ["stats", "--format", "json"]);
      expect(troubles(reports)).toEqual([]);
      expect(reports.slice(1).map(({ stdout }) => JSON.parse(stdout).total_requests ?? JSON.parse(stdout).totals.requests)).toEqual([
        wanted[0],
        wanted[0],
      ]);
      const tasks = ["--task", "backup", "--task", "check", "--task", "optimize"];
      expect(troubles(await atOnce(box, ["maintenance", "run", ...tasks], ["maintenance", "run", ...tasks]))).toEqual([]);
      expect(total()).toEqual(wanted);
      expectSound(box);
      expect(existsSync(join(box.bobaHome, "archives"))).toBe(true);
    },
  );
});
