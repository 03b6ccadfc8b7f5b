/** Whether there is history to book: cheap enough to ask after every install. Reads no log. */
import { existsSync } from "node:fs";
import { locate } from "../git/repo.ts";
import type { App } from "./app.ts";
import { contextFor } from "./source-context.ts";

export interface BackfillOffer {
  /** Records of this repository (of all, outside one) that no commit holds. */
  pending: number;
  /** Log files that hold something not read yet. */
  unreadFiles: number;
}

/** Null when there is nothing that a backfill could book, and when that cannot be told: an offer never stands in the way. */
export async function backfillOffer(app: App): Promise<BackfillOffer | null> {
  try {
    return await lookedUp(app);
  } catch (error) {
    app.log.write("warn", "no backfill offer", { message: error instanceof Error ? error.message : "unknown" });
    return null;
  }
}

async function lookedUp(app: App): Promise<BackfillOffer | null> {
  const [{ SOURCES }, { loadSettings }] = await Promise.all([import("../sources/index.ts"), import("../config/settings.ts")]);
  const settings = await loadSettings(app.paths);
  const enabled = SOURCES.filter(({ id }) => settings.sources[id]?.enabled ?? true);
  const found = enabled.map((source) => ({ id: source.id, files: source.discover(contextFor(source, app, settings)).files }));
  if (!existsSync(app.paths.db)) {
    const unreadFiles = found.reduce((sum, { files }) => sum + files.length, 0);
    return unreadFiles === 0 ? null : { pending: 0, unreadFiles };
  }
  const [{ withLedger }, { loadCursors }, { countPending }, { repoByCommonDir }] = await Promise.all([
    import("./ledger.ts"),
    import("../store/cursors.ts"),
    import("../store/backfill.ts"),
    import("../store/places.ts"),
  ]);
  const location = await locate(app.cwd, app.env);
  return withLedger(app, (db) => {
    let unreadFiles = 0;
    const cursors = loadCursors(db);
    for (const { id, files } of found) {
      const read = cursors.get(id);
      unreadFiles += files.filter(({ path, size }) => read?.get(path)?.size !== size).length;
    }
    const repo = location === null ? null : (repoByCommonDir(db, location.commonDir)?.id ?? -1);
    const pending = countPending(db, repo);
    return pending + unreadFiles === 0 ? null : { pending, unreadFiles };
  });
}
