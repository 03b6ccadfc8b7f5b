/** Brings the ledger up to date before it is read: collect, sweep, attribute. What hooks do promptly, this does at the latest. */
import { BobaError } from "../core/errors.ts";
import type { Placer } from "../core/place.ts";
import { type Db, isReplaced, noteEdition } from "../platform/sqlite.ts";
import { openLedger } from "../store/open.ts";
import type { App } from "./app.ts";
import { alertsToTell } from "./budget-alerts.ts";
import { readCloneId } from "../git/clone-id.ts";
import { realPathOf } from "../git/hook-file.ts";
import { giveCloneId } from "./clone-id.ts";
import { readManifest } from "./hooks-manifest.ts";
import { nearestRepository } from "../git/repo.ts";
import { worktreesOf } from "../git/worktrees.ts";
import { allRepos, allWorktrees, dirtyRepos, notingRepos, setCloneId } from "../store/places.ts";
import { writeDirtyNotes } from "./note.ts";
import { attributeAll } from "./attribute.ts";
import type { CollectResult } from "../core/import-summary.ts";
import { collect, type CollectOptions } from "./collect.ts";
import { takeCommitMaps } from "./filtered.ts";
import { healHooks } from "./hooks-heal.ts";
import { openPlacer } from "./places.ts";
import { shareInBackground } from "./share.ts";
import { takeSpool } from "./spool.ts";
import { sweepAll } from "./sweep.ts";

/** An open ledger, as fresh as was asked for. */
export interface View {
  db: Db;
  close(): void;
  /** What kept it from being fresher, and alerts of budgets; to be told on stderr. */
  warnings: string[];
}

/**
 * Opens the ledger for a command that reads. A refresh that fails (a full disk, a lock held for too long) leaves a warning and
 * the figures as they were; a ledger that cannot be opened at all is an error. Notes that are due go out in the background, unless `share` is false.
 */
export async function openView(app: App, options: { import: boolean; share?: boolean }): Promise<View> {
  const db = openLedger(app.paths.db);
  const warnings: string[] = [];
  try {
    if (options.import) {
      await refresh(app, db);
      if (options.share !== false) shareInBackground(app, db);
      warnings.push(...(await alertsToTell(app, db)));
    }
  } catch (error) {
    // A failure of the world (disk, lock, rights) carries a code; anything else is a bug and must be seen.
    if (!(error instanceof Error) || !("code" in error)) {
      db.close();
      throw error;
    }
    app.log.write("error", "refresh failed", { message: error.message });
    warnings.push(`not up to date: ${error.message}${error instanceof BobaError ? ` (${error.hint})` : ""}`);
  }
  return { db, warnings, close: () => db.close() };
}

export interface RefreshOptions extends CollectOptions {
  /** Also in the repository around `app.cwd` that no record names, saying what goes on. */
  everywhere?: boolean;
}

const MAX_REPLACED = 3;

/**
 * Everything that is new since the last time: hooks' hints, agents' logs, reflogs; then who holds what. Begins again when a restore puts another
 * ledger in place meanwhile.
 */
export async function refresh(app: App, db: Db, options: RefreshOptions = {}): Promise<CollectResult> {
  for (let replaced = 0; ; replaced++) {
    try {
      return await refreshOnce(app, db, options);
    } catch (error) {
      if (!isReplaced(error) || replaced === MAX_REPLACED) throw error;
      noteEdition(db);
    }
  }
}

async function refreshOnce(app: App, db: Db, options: RefreshOptions): Promise<CollectResult> {
  const everywhere = options.everywhere === true;
  const progress = (text: string | null) => (everywhere ? app.progress(text) : undefined);
  await healHooks(app, app.cwd);
  const placer = openPlacer(db, app.env);
  await takeSpool(app, db, placer);
  const collected = await collect(app, db, placer, options);
  progress("reading reflogs");
  await learnWorktrees(app, db, placer, everywhere);
  await sweepAll(app, db);
  await takeCommitMaps(app, db);
  progress("booking to commits");
  await attributeAll(app, db);
  progress("writing notes");
  await noteAll(app, db);
  progress(null);
  return collected;
}

/** Makes every worktree of the known repositories known: what is done to a commit where no agent works moves its records too. */
async function learnWorktrees(app: App, db: Db, placer: Placer, everywhere: boolean): Promise<void> {
  const here = everywhere && nearestRepository(app.cwd) !== null ? [app.cwd] : [];
  await placer.resolve(new Set(), new Set(here));
  const known = new Set(allWorktrees(db).map(({ gitDir }) => gitDir));
  const found = allRepos(db).flatMap(({ commonDir }) => worktreesOf(commonDir));
  await placer.resolve(new Set(), new Set(found.flatMap(({ root, gitDir }) => (known.has(gitDir) ? [] : [root]))));
}

/** Writes the notes that are out of date. Only where hooks were installed: elsewhere boba reads, and leaves the repository alone. */
async function noteAll(app: App, db: Db): Promise<void> {
  // A clone whose hooks were taken out and installed again has another id: nobody may see what is noted under the old one.
  for (const { id, commonDir, cloneId } of notingRepos(db)) {
    const now = readCloneId(commonDir);
    if (now !== null && now !== cloneId) setCloneId(db, id, now);
  }
  const dirty = dirtyRepos(db);
  const isGlobal = dirty.length > 0 && readManifest(app.paths.hooksManifest)?.global != null;
  for (const repo of dirty) {
    const cloneId = readCloneId(repo.commonDir) ?? (isGlobal ? giveCloneId(app, realPathOf(repo.commonDir)) : null);
    if (cloneId === null) continue;
    setCloneId(db, repo.id, cloneId);
    await writeDirtyNotes(app, db, { id: repo.id, commonDir: repo.commonDir, cloneId });
  }
}
