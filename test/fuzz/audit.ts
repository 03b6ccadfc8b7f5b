/** `boba audit` in a clone: in this process for speed, each twentieth time as a user runs it. */
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
export async function audit(world: World, { box, path, name }: Clone): Promise<Audited> {
  const whole = world.next() % PROCESS_EVERY === 0;
  const result = whole ? spawned(box.boba(["audit", "--format", "json"], { cwd: path, expect: null })) : await within(box.env, path);
  world.note(`(${name}) boba audit   # exit ${result.status}`);
  return result;
}

const spawned = ({ status, stdout, stderr }: { status: number | null; stdout: string; stderr: string }): Audited => ({
  status: status ?? -1,
  stdout,
  stderr,
});

async function within(env: NodeJS.ProcessEnv, cwd: string): Promise<Audited> {
  const paths = resolvePaths(env);
  const log = openLog(paths.log, undefined, Date.now);
  const view = await openView({ paths, env, cwd, now: Date.now, log, progress: () => {} }, { import: true });
  try {
    const proof = proven(view.db);
    return { status: proof.balanced ? 0 : 1, stdout: renderAudit(proof, "json"), stderr: view.warnings.join("\n") };
  } finally {
    view.close();
  }
}
