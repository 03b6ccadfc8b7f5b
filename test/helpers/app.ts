/** An `App` over a folder of its own, for tests that call a flow directly. */
import { mkdtempSync, realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { App } from "../../src/flow/app.ts";
import { resolvePaths } from "../../src/platform/paths.ts";
import { removeFolder } from "./remove.ts";

/** `nowMs` stands still. The folder goes when the test ends. */
export function appAt(nowMs: number): App {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), "boba-app-")));
  onTestFinished(() => removeFolder(dir));
  const env = { ...process.env, HOME: dir, BOBA_HOME: join(dir, ".boba") };
  return { paths: resolvePaths(env), env, cwd: dir, now: () => nowMs, log: { write: () => undefined }, progress: () => undefined };
}
