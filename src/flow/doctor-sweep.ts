/** Has boba looked at what git did, and taken what hooks wrote? */
import { statSync } from "node:fs";
import { BobaError } from "../core/errors.ts";
import { fault, type Finding, fine } from "../core/finding.ts";
import type { HookMode } from "../core/hooks.ts";
import { counted } from "../core/money.ts";
import { reflogPath } from "../git/reflog.ts";
import type { Db } from "../platform/sqlite.ts";
import { allRepos, allWorktrees } from "../store/places.ts";
import { reflogCursor } from "../store/reflog-cursors.ts";
import type { App } from "./app.ts";
import { drained } from "./doctor-locks.ts";
import { type Diagnosis, withRemedy } from "./doctor-remedy.ts";
import { readManifest } from "./hooks-manifest.ts";
import { chosenMode } from "./hooks-mode.ts";
import { spoolIn, takenFrom } from "./spool-files.ts";

const MAX_DETAILS = 10;
/** A background run is done long before. */
const LATE_MS = 10 * 60_000;

/** Reflogs that git wrote to and boba has not read since. Fresh ones are the business of a run that is under way. */
export function checkSweep(app: App, db: Db): Diagnosis[] {
  const worktrees = allWorktrees(db).flatMap(({ root, gitDir }) => (gitDir === null ? [] : [{ root, gitDir }]));
  const late = worktrees.filter(({ gitDir }) => {
    const path = reflogPath(gitDir);
    const written = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
    return written !== undefined && written < app.now() - LATE_MS && reflogCursor(db, path)?.mtimeMs !== written;
  });
  if (worktrees.length === 0) return [];
  if (late.length === 0) return [fine("sweep", `${counted(worktrees.length, "worktree")}, all read`)];
  const finding = fault("warn", "sweep", {
    what: `git changed ${counted(late.length, "worktree")} more than 10 minutes ago, and boba has not looked since`,
    why: "their commits carry no cost yet",
    mend: "boba drain",
    details: late.slice(0, MAX_DETAILS).map(({ root }) => root),
  });
  return [withRemedy(finding, drained(app))];
}

/** In lazy mode the next command takes the spool, whenever that is. */
export async function checkSpool(app: App, db: Db): Promise<Diagnosis[]> {
  const mode = await modeOf(app);
  const late = [app.paths.spool, ...allRepos(db).map(({ commonDir }) => spoolIn(commonDir))].flatMap((spool) => {
    // What a run that was killed had set aside waits in every mode.
    const paths = [...(mode === "lazy" ? [] : [spool]), ...takenFrom(spool)];
    return paths.filter((path) => isLate(app, path));
  });
  if (late.length === 0) return [];
  const finding: Finding = fault("warn", "hooks", {
    what: "hooks have written what no background run has taken for more than 10 minutes",
    why: "background runs do not start or fail: see boba logs --level warn",
    mend: "boba drain",
    details: [...late.slice(0, MAX_DETAILS), app.paths.log],
  });
  return [withRemedy(finding, drained(app))];
}

async function modeOf(app: App): Promise<HookMode> {
  try {
    return await chosenMode(app, null, readManifest(app.paths.hooksManifest));
  } catch (error) {
    // Settings that do not parse have a finding of their own.
    if (error instanceof BobaError) return "background";
    throw error;
  }
}

function isLate(app: App, path: string): boolean {
  const at = statSync(path, { throwIfNoEntry: false });
  return at?.isFile() === true && at.size > 0 && at.mtimeMs < app.now() - LATE_MS;
}
