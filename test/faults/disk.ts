/** A disk that is full at some point: a limit on the size of files, which anybody may set, or a small file system of its own, which takes root. */
import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { BOBA, type Sandbox } from "../helpers/sandbox.ts";
import { afterwards, type Outcome, type Scene, undisturbed } from "./kill.ts";
import { stage } from "./stage.ts";

/** What `ulimit -f` counts in (POSIX). */
const BLOCK_BYTES = 512;

/** Runs boba with no file allowed to grow beyond `bytes`; Node.js ignores the signal, so that writing fails as on a full disk. */
function withSmallFiles(box: Sandbox, args: readonly string[], bytes: number) {
  const script = `ulimit -f ${Math.ceil(bytes / BLOCK_BYTES)} && exec "$@"`;
  return spawnSync("sh", ["-c", script, "sh", process.execPath, BOBA, ...args], { cwd: box.dir, env: box.env, encoding: "utf8" });
}

/** Exit statuses that a full disk may end with: an error of the file system or of the database. */
const EXPECTED = new Set([1, 3]);

/** Lets `scene` run out of space at each of `shares` of the size that its ledger comes to. */
export async function fillUp(scene: Scene, shares: readonly number[]): Promise<Outcome> {
  const outcome: Outcome = { scene: `${scene.name}, disk full`, kills: shares.length, moments: {}, faults: [] };
  const set = stage((box) => scene.build(box));
  try {
    const control = undisturbed(set, scene, 1);
    const { size } = statSync(set.box.db);
    for (const share of shares) {
      set.reset();
      try {
        const { status, stderr } = withSmallFiles(set.box, scene.args(set.box), Math.max(4096, size * share));
        const isClear = EXPECTED.has(status ?? -1) && /^boba: .+ \[BOBA-(DB|FS|NOTE)-\d+\]\n {2}\S.+\n$/.test(stderr);
        if (status !== 0 && !isClear) throw new Error(`exit ${status}: ${stderr}`);
        const code = /\[(BOBA-\w+-\d+)\]/.exec(stderr)?.[1] ?? "enough room";
        outcome.moments[code] = (outcome.moments[code] ?? 0) + 1;
        afterwards(set.box, scene, control.facts);
      } catch (error) {
        outcome.faults.push(`${outcome.scene}, at ${share} of ${size} bytes: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  } finally {
    await set.remove();
  }
  return outcome;
}
