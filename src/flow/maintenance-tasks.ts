/** What each task of `boba maintenance` does. Each returns one line; a failure is thrown. */
import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { basename, join, resolve } from "node:path";
import { loadSettings } from "../config/settings.ts";
import { BobaError, EXIT } from "../core/errors.ts";
import type { TaskId } from "../core/maintenance.ts";
import { isSound } from "../core/upkeep.ts";
import { prometheusText } from "../report/prometheus.ts";
import { firstLineMs, rotateLog } from "../platform/log.ts";
import type { App } from "./app.ts";
import { backUp } from "./backup.ts";
import { backupsIn } from "./backup-folder.ts";
import { pruneBackups } from "./backup-prune.ts";
import { verifyBackup } from "./backup-verify.ts";
import { dbAnalyze, dbCheck, dbInfo, dbVacuum } from "./db.ts";
import { prune } from "./db-prune.ts";
import { drain } from "./drain.ts";
import { metrics, saveTextfile } from "./metrics.ts";
import { updatePricing } from "./pricing-update.ts";

const LARGE_LOG_BYTES = 256 * 1024;
const DAY_MS = 86_400_000;
const OLD_LOG_MS = 7 * DAY_MS;
/** What was put aside is kept for so long. */
const KEPT_LOG_MS = 30 * DAY_MS;
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
    const { log: path } = app.paths;
    const bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    const isOld = app.now() - (firstLineMs(path) ?? app.now()) > OLD_LOG_MS;
    const aside = (bytes > LARGE_LOG_BYTES || isOld) && rotateLog(path, app.now());
    const removed = removeOldLogs(app);
    return `${aside ? "put aside" : "neither large nor old"}${removed > 0 ? `, ${removed} old ones removed` : ""}`;
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

  async prune(app) {
    const { prune_older_than: olderThan, archive } = (await loadSettings(app.paths)).maintenance;
    if (olderThan === null) return "off";
    const done = await prune(app, { olderThan, archive: archive === null ? app.paths.archives : folderOf(app, archive), dryRun: false });
    return done.records === 0 ? `nothing is older than ${olderThan}` : `${done.records} records, archived to ${done.archive ?? "nowhere"}`;
  },

  async metrics(app) {
    const { textfile } = (await loadSettings(app.paths)).maintenance;
    if (textfile === null) return "off";
    const { families } = await metrics(app, { import: false });
    return saveTextfile(app, folderOf(app, textfile), prometheusText(families));
  },
};

/** A timer starts anywhere: a folder is meant from the home folder on. */
const folderOf = (app: App, typed: string): string => resolve(app.env["HOME"] || homedir(), typed.replace(/^~(?=\/|$)/, "."));

/** Only what boba put aside itself: `boba.log.1` and so on. */
function removeOldLogs(app: App): number {
  const name = basename(app.paths.log);
  const kept = existsSync(app.paths.logDir) ? readdirSync(app.paths.logDir) : [];
  const old = kept.filter((file) => {
    if (!file.startsWith(`${name}.`) || !/^\d$/.test(file.slice(name.length + 1))) return false;
    const found = statSync(join(app.paths.logDir, file), { throwIfNoEntry: false });
    return found !== undefined && app.now() - found.mtimeMs > KEPT_LOG_MS;
  });
  for (const file of old) rmSync(join(app.paths.logDir, file), { force: true });
  return old.length;
}
