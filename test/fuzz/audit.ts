/** `boba audit` in a clone: in this process for speed, each twentieth time as a user runs it. */
import type { App } from "../../src/flow/app.ts";
import { audit as proven } from "../../src/flow/audit.ts";
import { openView } from "../../src/flow/refresh.ts";
import { renderAudit } from "../../src/report/audit.ts";
import { openLog } from "../../src/platform/log.ts";
import { resolvePaths } from "../../src/platform/paths.ts";
import type { Clone, World } from "./world.ts";

const PROCESS_EVERY = 20;

export interface Audited {
  status: number;
  stdout: string;
  stderr: string;
}

/** Runs it and keeps what it printed. */
export async function audit(world: World, clone: Clone): Promise<Audited> {
  const { box, path, name } = clone;
  const whole = world.next() % PROCESS_EVERY === 0;
  const result = whole ? spawned(box.boba(["audit", "--format", "json"], { cwd: path, expect: null })) : await within(clone);
  world.note(`(${name}) boba audit   # exit ${result.status}`);
  return result;
}

const spawned = ({ status, stdout, stderr }: { status: number | null; stdout: string; stderr: string }): Audited => ({
  status: status ?? -1,
  stdout,
  stderr,
});

/** What boba's own code is handed when it runs in this process, as if in a clone. */
export function appIn({ box: { env }, path: cwd }: Pick<Clone, "box" | "path">): App {
  const paths = resolvePaths(env);
  return { paths, env, cwd, now: Date.now, log: openLog(paths.log, undefined, Date.now), progress: () => {} };
}

async function within(clone: Clone): Promise<Audited> {
  const view = await openView(appIn(clone), { import: true });
  try {
    const proof = proven(view.db);
    return { status: proof.balanced ? 0 : 1, stdout: renderAudit(proof, "json"), stderr: view.warnings.join("\n") };
  } finally {
    view.close();
  }
}
