/** What each task of `boba maintenance` does. Each returns one line; a failure is thrown. */
import { statSync } from "node:fs";
import { BobaError, EXIT } from "../core/errors.ts";
import type { TaskId } from "../core/maintenance.ts";
import { isSound } from "../core/upkeep.ts";
import { rotateLog } from "../platform/log.ts";
import type { App } from "./app.ts";
import { backUp } from "./backup.ts";
import { backupsIn } from "./backup-folder.ts";
import { pruneBackups } from "./backup-prune.ts";
import { verifyBackup } from "./backup-verify.ts";
import { dbAnalyze, dbCheck, dbInfo, dbVacuum } from "./db.ts";
import { drain } from "./drain.ts";
import { updatePricing } from "./pricing-update.ts";

const LARGE_LOG_BYTES = 256 * 1024;
const MANY_FREE_BYTES = 8 * 1024 * 1024;
/** A vacuum writes everything anew: only when it gives back a good part. */
const MANY_FREE_SHARE = 0.2;

export const RUN: Readonly<Record<TaskId, (app: App) => Promise<string>>> = {
  async collect(app) {
    return (await drain(app)) ? "up to date" : "another run was at it";
  },

  async backup(app) {
    const { manifest } = await backUp(app, { recipients: [], includeConfig: true, full: false });
    const removed = pruneBackups(app, { dryRun: false });
    return `${manifest.file}${removed.length > 0 ? `, ${removed.length} old ones removed` : ""}`;
  },

  async logs(app) {
    const bytes = statSync(app.paths.log, { throwIfNoEntry: false })?.size ?? 0;
    return bytes > LARGE_LOG_BYTES && rotateLog(app.paths.log, app.now()) ? "put aside" : "not large";
  },

  async check(app) {
    const check = dbCheck(app, true);
    if (isSound(check)) return "sound";
    throw new BobaError("BOBA-DB-6", EXIT.database, "the ledger is not sound", "run: boba db check --full");
  },

  async optimize(app) {
    dbAnalyze(app);
    const { freeBytes, fileBytes } = dbInfo(app);
    if (freeBytes < MANY_FREE_BYTES || freeBytes < fileBytes * MANY_FREE_SHARE) return "measured";
    const { before, after } = dbVacuum(app);
    return `measured, ${Math.round((before - after) / 1024 / 1024)} MiB given back`;
  },

  async drill(app) {
    const plain = backupsIn(app.paths.backups).findLast(({ manifest }) => !manifest.isEncrypted);
    if (plain === undefined) return "no backup that opens without a key";
    await verifyBackup(app, { file: plain.path, full: true, drill: true });
    return plain.manifest.file;
  },

  async prices(app) {
    const { outcome, reason, source } = await updatePricing(app, undefined);
    return outcome === "kept" ? `kept ${source}: ${reason ?? ""}` : source;
  },
};
