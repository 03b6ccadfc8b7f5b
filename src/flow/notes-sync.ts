/** `boba notes push` and `fetch`: one's own figures to a remote, the others' from it. */
import { existsSync } from "node:fs";
import { BobaError, EXIT } from "../core/errors.ts";
import { readCloneId } from "../git/clone-id.ts";
import { isRefusal } from "../core/share.ts";
import { locateRepository } from "../git/history.ts";
import { listNotes } from "../git/notes.ts";
import { rememberPushed } from "../git/notes-pushed.ts";
import { chooseRemote, fetchNotes, pushNotes } from "../git/remote.ts";
import { realPathOf } from "../git/hook-file.ts";
import type { App } from "./app.ts";
import { isShared, readManifest } from "./hooks-manifest.ts";
import { forgetTrouble, tellPush } from "./share-status.ts";

export interface Pushed {
  remote: string;
  /** Notes on the clone's own ref; 0 means that there was nothing to push. */
  notes: number;
  /** Why they may not be as new as the logs. */
  warnings: readonly string[];
}

/**
 * Pushes the notes of the repository around `app.cwd`; with `import`, of what its hooks and the agents' logs say by now.
 * @throws BobaError BOBA-NOTE-1 no repository, BOBA-NOTE-2 no remote, BOBA-NOTE-4 when the push fails, BOBA-NOTE-5 when the clone has no id.
 */
export async function pushOwnNotes(app: App, asked: string | undefined, options: { import: boolean }): Promise<Pushed> {
  const place = { at: app.cwd, env: app.env };
  const { commonDir } = await locateRepository(place);
  const remote = await chooseRemote(app.cwd, app.env, asked);
  // Where hooks are installed for all repositories, a clone gets its id when it first has something to note.
  const warnings = options.import ? await freshen(app) : [];
  const cloneId = readCloneId(commonDir);
  if (cloneId === null) {
    throw new BobaError("BOBA-NOTE-5", EXIT.failed, "this clone writes no notes yet", "start with: boba hooks install");
  }
  const repo = { commonDir, env: app.env };
  const { tips, entries } = await listNotes(repo, { commits: null, writer: cloneId });
  const tip = tips.get(cloneId);
  if (tip === undefined) return { remote, notes: 0, warnings };
  const said = await pushNotes({ ...place, name: remote }, cloneId);
  if (said !== null) {
    const copied = /non-fast-forward|fetch first/.test(said);
    throw new BobaError(
      "BOBA-NOTE-4",
      EXIT.network,
      `the notes could not be pushed to ${remote}: ${said}`,
      copied
        ? "a copy of this clone has pushed under the same id; give this one its own: git config --unset boba.clone && boba hooks install"
        : isRefusal(said)
          ? "ask for the right to push refs/notes/*, then: boba notes push"
          : `try it by hand: git push ${remote} 'refs/notes/boba/${cloneId}'`,
    );
  }
  await rememberPushed(repo, cloneId, tip);
  const realDir = realPathOf(commonDir);
  if (isShared(readManifest(app.paths.hooksManifest), realDir)) await forgetTrouble(app, realDir, remote);
  await tellPush(app, remote);
  return { remote, notes: entries.length, warnings };
}

async function freshen(app: App): Promise<readonly string[]> {
  const { openView } = await import("./refresh.ts");
  const view = await openView(app, { import: true, share: false });
  view.close();
  return view.warnings;
}

export interface Fetched {
  remote: string;
  /** Writers whose notes are here now, this clone left out. */
  writers: number;
  /** Of these, how many are new or have changed. */
  changed: number;
}

/** @throws BobaError BOBA-NOTE-1 no repository, BOBA-NOTE-2 no remote, BOBA-NOTE-3 when the fetch fails. */
export async function fetchOthersNotes(app: App, asked: string | undefined): Promise<Fetched> {
  const place = { at: app.cwd, env: app.env };
  const { commonDir, shallow } = await locateRepository(place);
  const remote = await chooseRemote(app.cwd, app.env, asked);
  const ownId = readCloneId(commonDir);
  const none = new Set<string>();
  const before = (await listNotes({ commonDir, env: app.env }, { commits: none })).tips;
  const said = await fetchNotes({ ...place, name: remote }, { ownId, depth1: shallow });
  if (said !== null) {
    throw new BobaError(
      "BOBA-NOTE-3",
      EXIT.network,
      `the notes could not be fetched from ${remote}: ${said}`,
      `see whether git reaches it: git ls-remote ${remote} 'refs/notes/boba/*'`,
    );
  }
  const after = (await listNotes({ commonDir, env: app.env }, { commits: none })).tips;
  const others = [...after].filter(([writer]) => writer !== ownId);
  const changed = others.filter(([writer, tip]) => before.get(writer) !== tip).length;
  if (ownId !== null) await noteFetched(app, commonDir, ownId);
  return { remote, writers: others.length, changed };
}

/** Commits that were made again here take what came of the ones they stand for, now or by a plain `git fetch` before. */
async function noteFetched(app: App, commonDir: string, cloneId: string): Promise<void> {
  if (!existsSync(app.paths.db)) return;
  const [{ openLedger }, { repoByCommonDir }, { touchRewritten }, { writeDirtyNotes }, { transaction }] = await Promise.all([
    import("../store/open.ts"),
    import("../store/places.ts"),
    import("../store/claims.ts"),
    import("./note.ts"),
    import("../platform/sqlite.ts"),
  ]);
  const db = openLedger(app.paths.db);
  try {
    const repo = repoByCommonDir(db, commonDir);
    if (repo === undefined) return;
    transaction(db, () => touchRewritten(db, repo.id));
    await writeDirtyNotes(app, db, { id: repo.id, commonDir, cloneId });
  } finally {
    db.close();
  }
}
