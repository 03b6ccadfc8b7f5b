/** `boba backup list` and `boba backup prune`. */
import { resolve } from "node:path";
import { DEFAULT_RETENTION, expendable, type Retention } from "../core/backup.ts";
import { localPeriod } from "../core/range.ts";
import type { App } from "./app.ts";
import { backupsIn, removeBackup, type StoredBackup } from "./backup-folder.ts";
import { clockOf } from "./filter.ts";

export const folderOf = (app: App, folder: string | undefined): string =>
  folder === undefined ? app.paths.backups : resolve(app.cwd, folder);

/** Removes what the retention does not keep, oldest first; returns it. A dry run only returns it. */
export function pruneBackups(app: App, request: { folder?: string | undefined; dryRun: boolean; retention?: Retention }): StoredBackup[] {
  const stored = backupsIn(folderOf(app, request.folder));
  const clock = clockOf(app);
  const manifests = stored.map(({ manifest }) => manifest);
  const gone = new Set(expendable(manifests, request.retention ?? DEFAULT_RETENTION, (atMs, unit) => localPeriod(atMs, unit, clock)));
  const removed = stored.filter(({ manifest }) => gone.has(manifest));
  if (!request.dryRun) for (const backup of removed) removeBackup(backup);
  return removed;
}
