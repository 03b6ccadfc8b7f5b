/** `boba import`: collects and says what came of it. */
import { type ImportSummary, MAX_UNPRICED_TOLD } from "../core/import-summary.ts";
import { listSkipped } from "../store/skipped.ts";
import { unpricedModels } from "../store/unpriced.ts";
import type { App } from "./app.ts";
import { knownSource } from "./known-source.ts";
import { refresh } from "./refresh.ts";

const MAX_SKIPPED_SHOWN = 20;

/** Collects the named sources (all enabled ones when none is named). @throws BobaError BOBA-USE-11 for a source nobody knows. */
export async function importUsage(app: App, sources: readonly string[]): Promise<ImportSummary> {
  for (const id of sources) knownSource(id);
  const { openLedger } = await import("../store/open.ts");
  const db = openLedger(app.paths.db);
  try {
    const result = await refresh(app, db, sources.length > 0 ? { sources } : {});
    return { ...result, skipped: listSkipped(db, MAX_SKIPPED_SHOWN), unpricedModels: unpricedModels(db, null).slice(0, MAX_UNPRICED_TOLD) };
  } finally {
    db.close();
  }
}
