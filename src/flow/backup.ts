/** `boba backup`: a copy of the ledger of one moment, checked before it counts. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, statfsSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { Manifest } from "../core/backup.ts";
import { BobaError, EXIT } from "../core/errors.ts";
import { VERSION } from "../core/version.ts";
import { hasCode, readIfThere } from "../platform/fs.ts";
import { pack, sync } from "../platform/pack.ts";
import { type Db, openDatabase } from "../platform/sqlite.ts";
import { explainDatabaseError, openLedger } from "../store/open.ts";
import { copyInto, faultOf, ledgerSchema, putConfig, sumsOf } from "../store/snapshot.ts";
import type { App } from "./app.ts";
import { removeLeftovers, saveManifest, type StoredBackup } from "./backup-folder.ts";

export interface BackupRequest {
  /** A file or an existing folder; default `~/.boba/backups`. */
  output?: string | undefined;
  /** age public keys; none: not encrypted. */
  recipients: readonly string[];
  includeConfig: boolean;
  /** Also check every index. */
  full: boolean;
}

const DAY_MS = 86_400_000;
const CONFIG_FILES = ["profiles", "routes", "pricing", "settings"] as const;

/** Makes a backup of the ledger. @throws BobaError for a ledger, a folder or a key that will not do; nothing is left behind then. */
export async function backUp(app: App, request: BackupRequest): Promise<StoredBackup> {
  const db = openLedger(app.paths.db);
  try {
    return await backUpLedger(app, db, request, "backup");
  } catch (error) {
    throw explainDatabaseError(error, app.paths.db);
  } finally {
    db.close();
  }
}

/** The same for a ledger that is open already. */
export async function backUpLedger(app: App, db: Db, request: BackupRequest, kind: Manifest["kind"]): Promise<StoredBackup> {
  for (const recipient of request.recipients) checkRecipient(recipient);
  const target = targetOf(app, request, kind);
  if (existsSync(target)) throw taken(target);
  const folder = dirname(target);
  let work: string | null = null;
  try {
    if (folder === app.paths.backups) mkdirSync(folder, { recursive: true, mode: 0o700 });
    checkRoom(app.paths.db, folder);
    removeLeftovers(folder, app.now() - DAY_MS);
    work = mkdtempSync(join(folder, ".boba-work-"));
    const copy = join(work, "usage.db");
    app.progress("copying the ledger");
    copyInto(db, copy);
    chmodSync(copy, 0o600);
    const config = request.includeConfig ? configOf(app, request.recipients.length > 0) : [];
    const checked = checkCopy(copy, config, request.full);
    app.progress("packing");
    const packed = join(work, basename(target));
    const sizes = await pack(copy, packed, request.recipients);
    const manifest: Manifest = {
      schema: "boba.backup/1",
      file: basename(target),
      createdAtMs: app.now(),
      kind,
      bobaVersion: VERSION,
      ...checked,
      ...sizes,
      isEncrypted: request.recipients.length > 0,
      config: config.map(({ name }) => name),
      verifiedAtMs: null,
      drilledAtMs: null,
    };
    if (existsSync(target)) throw taken(target);
    renameSync(packed, target);
    saveManifest(folder, manifest);
    sync(folder);
    app.log.write("info", "backup made", { bytes: sizes.packedBytes, rows: manifest.facts.rows["usage_records"] ?? 0 });
    return { path: target, manifest };
  } catch (error) {
    throw unwritable(error, target);
  } finally {
    if (work !== null) rmSync(work, { recursive: true, force: true });
    app.progress(null);
  }
}

function checkCopy(path: string, config: readonly { name: string; data: Buffer }[], full: boolean) {
  const db = openDatabase(path);
  try {
    // A copy is read by whatever finds it: no log file beside it.
    db.pragma("journal_mode = DELETE");
    if (config.length > 0) putConfig(db, config);
    const fault = faultOf(db, full);
    if (fault === null) return { ledgerSchema: ledgerSchema(db) ?? 0, facts: sumsOf(db) };
    throw new BobaError("BOBA-DB-6", EXIT.database, `the copy is not sound (${fault}), so neither may be the ledger`, "run: boba db check");
  } finally {
    db.close();
  }
}

function targetOf(app: App, { output, recipients }: BackupRequest, kind: Manifest["kind"]): string {
  const stamp = new Date(app.now()).toISOString().replace(/[-:.]/g, "");
  const name = `${kind === "backup" ? "usage" : "replaced"}-${stamp}.db.gz${recipients.length > 0 ? ".age" : ""}`;
  if (output === undefined) return join(app.paths.backups, name);
  const path = resolve(app.cwd, output);
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true ? join(path, name) : path;
}

/** @throws BobaError BOBA-USE-33 for what is no age public key. */
function checkRecipient(recipient: string): void {
  if (/^age1[a-z0-9]{20,2000}$/.test(recipient)) return;
  throw new BobaError(
    "BOBA-USE-33",
    EXIT.usage,
    "--encrypt-to takes an age public key",
    "it begins with age1: age-keygen -o key.txt prints it",
  );
}

/** @throws BobaError BOBA-FS-5 when the copy cannot fit: better now than half-way. */
function checkRoom(ledger: string, folder: string): void {
  const { bavail, bsize } = statfsSync(folder);
  const needed = (statSync(ledger, { throwIfNoEntry: false })?.size ?? 0) * 1.5;
  if (bavail * bsize >= needed) return;
  const mebibytes = Math.ceil(needed / 1024 / 1024);
  throw new BobaError(
    "BOBA-FS-5",
    EXIT.failed,
    `${folder} has no room for a backup: ${mebibytes} MiB are needed`,
    "free some space, or name another folder with --output",
  );
}

/** The configuration; secrets only where the backup is encrypted. */
function configOf(app: App, encrypted: boolean): { name: string; data: Buffer }[] {
  const names = encrypted ? ([...CONFIG_FILES, "secrets"] as const) : CONFIG_FILES;
  return names.flatMap((name) => {
    const data = readIfThere(app.paths[name]);
    return data === null ? [] : [{ name: `${name}.yaml`, data }];
  });
}

const taken = (path: string) =>
  new BobaError("BOBA-FS-6", EXIT.usage, `${path} is there already`, "name another file with --output, or a folder");

function unwritable(error: unknown, path: string): unknown {
  if (!(error instanceof Error && "syscall" in error && "code" in error)) return error;
  const exit = hasCode(error, "EACCES", "EPERM", "EROFS") ? EXIT.permission : EXIT.failed;
  const hint = hasCode(error, "ENOSPC")
    ? "free some space, or name another folder with --output"
    : "name another file or folder with --output";
  return new BobaError("BOBA-FS-5", exit, `${path} cannot be written (${String(error.code)})`, hint, error);
}
