/** `boba backup verify`: unpacks a backup and holds it against its manifest; with a drill, a report is made from it as after a restore. */
import { mkdirSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Manifest } from "../core/backup.ts";
import { BobaError, EXIT } from "../core/errors.ts";
import { sumBy } from "../store/report.ts";
import { openLedger } from "../store/open.ts";
import type { App } from "./app.ts";
import { audit } from "./audit.ts";
import { backupsIn, saveManifest } from "./backup-folder.ts";
import { withUnpacked } from "./backup-unpack.ts";
import { everything } from "./filter.ts";
import { hasCode } from "../platform/fs.ts";

export interface VerifyRequest {
  /** Default: the newest in `~/.boba/backups`. */
  file?: string | undefined;
  full: boolean;
  drill: boolean;
  identity?: string | undefined;
}

export interface Verified {
  path: string;
  manifest: Manifest | null;
  records: number;
  costNanoUsd: string;
  drilled: boolean;
}

/** @throws BobaError BOBA-DB-7 when it is not what it should be (exit 3); BOBA-USE-35 when there is none. */
export async function verifyBackup(app: App, request: VerifyRequest): Promise<Verified> {
  const path = request.file === undefined ? newest(app) : resolve(app.cwd, request.file);
  mkdirSync(app.paths.backups, { recursive: true, mode: 0o700 });
  return withUnpacked(
    app,
    path,
    { folder: app.paths.backups, full: request.full || request.drill, identity: request.identity },
    async (unpacked) => {
      const { manifest, sums } = unpacked;
      if (request.drill) drill(path, unpacked.path, sums.costNanoUsd);
      if (manifest !== null) {
        const now = app.now();
        noteVerified(app, path, { ...manifest, verifiedAtMs: now, drilledAtMs: request.drill ? now : manifest.drilledAtMs });
      }
      return { path, manifest, records: sums.rows["usage_records"] ?? 0, costNanoUsd: sums.costNanoUsd, drilled: request.drill };
    },
  );
}

/** A sound backup is sound on a medium that may not be written, too: then only the time is not kept. */
function noteVerified(app: App, path: string, manifest: Manifest): void {
  try {
    saveManifest(dirname(path), manifest);
  } catch (error) {
    if (!hasCode(error, "EROFS", "EACCES", "EPERM", "ENOSPC")) throw error;
    app.log.write("warn", "time of verification not kept", { path, why: error.code });
  }
}

/** What a user would do with a restored ledger: bring it up to this version, prove that it balances, and add it up by branch. */
function drill(source: string, path: string, costNanoUsd: string): void {
  const db = openLedger(path);
  try {
    const fail = (what: string): never => {
      throw new BobaError("BOBA-DB-7", EXIT.database, `${source} failed the drill: ${what}`, "take another one: boba backup list");
    };
    if (!audit(db).balanced) fail("its books do not balance");
    const sum = sumBy(db, "place", everything({ fromS: null, toS: null })).reduce((total, { counts }) => total + counts.costNanoUsd, 0);
    if (String(sum) !== costNanoUsd) fail(`a report adds up to ${sum} nano-dollars instead of ${costNanoUsd}`);
  } finally {
    db.close();
  }
}

function newest(app: App): string {
  const found = backupsIn(app.paths.backups).at(-1);
  if (found !== undefined) return found.path;
  throw new BobaError("BOBA-USE-35", EXIT.usage, `there is no backup in ${app.paths.backups}`, "make one: boba backup");
}
