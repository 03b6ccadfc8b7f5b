/** `boba import`: collects and says what came of it. */
import { BobaError, EXIT } from "../core/errors.ts";
import type { ImportSummary } from "../core/import-summary.ts";
import { SOURCES } from "../sources/index.ts";
import { listSkipped } from "../store/skipped.ts";
import { unpricedModels } from "../store/unpriced.ts";
import type { App } from "./app.ts";
import { refresh } from "./refresh.ts";

const MAX_SKIPPED_SHOWN = 20;

/** Collects the named sources (all enabled ones when none is named). @throws BobaError BOBA-USE-11 for a source nobody knows. */
export async function importUsage(app: App, sources: readonly string[]): Promise<ImportSummary> {
  const unknown = sources.find((id) => !SOURCES.some((source) => source.id === id));
  if (unknown !== undefined) {
    const known = SOURCES.map((source) => source.id).join(", ");
    throw new BobaError("BOBA-USE-11", EXIT.usage, `there is no source "${unknown.slice(0, 80)}"`, `use one of: ${known}`);
  }
  const { openLedger, explainDatabaseError } = await import("../store/open.ts");
  const db = openLedger(app.paths.db);
  try {
    const result = await refresh(app, db, sources.length > 0 ? { sources } : {});
    return { ...result, skipped: listSkipped(db, MAX_SKIPPED_SHOWN), unpricedModels: unpricedModels(db) };
  } catch (error) {
    throw explainDatabaseError(error, app.paths.db);
  } finally {
    db.close();
  }
}
