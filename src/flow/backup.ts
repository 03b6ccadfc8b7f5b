/** `boba backup`: a copy of the ledger of one moment, checked before it counts. */
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, statfsSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { Manifest } from "../core/backup.ts";
import { BobaError, EXIT } from "../core/errors.ts";
import { VERSION } from "../core/version.ts";
import { hasCode, readIfThere, sync, takeName } from "../platform/fs.ts";
import { pack } from "../platform/pack.ts";
import { openDatabase } from "../platform/sqlite.ts";
import { faultOf } from "../store/health.ts";
import { copyInto, ledgerSchema, putConfig, sumsOf } from "../store/snapshot.ts";
import type { App } from "./app.ts";
import { saveManifest, type StoredBackup } from "./backup-folder.ts";
import { withLedger } from "./ledger.ts";
import { makeWorkFolder, removeLeftovers } from "./work-folder.ts";

export interface BackupRequest {
  /** A file or an existing folder; default `~/.boba/backups`. */
  output?: string | undefined;
  /** age public keys; none: not encrypted. */
  recipients: readonly string[];
  includeConfig: boolean;
  /** Also check every index. */
  full: boolean;
}

const CONFIG_FILES = ["profiles", "routes", "pricing", "settings"] as const;

/** Makes a backup of the ledger. @throws BobaError for a ledger, a folder or a key that will not do; nothing is left behind then. */
export async function backUp(app: App, request: BackupRequest): Promise<StoredBackup> {
  for (const recipient of request.recipients) checkRecipient(recipient);
  const target = targetOf(app, request);
  if (existsSync(target)) throw taken(target);
  const config = request.includeConfig ? configOf(app, request.recipients.length > 0) : [];
  const folder = dirname(target);
  let work: string | null = null;
  try {
    if (folder === app.paths.backups) mkdirSync(folder, { recursive: true, mode: 0o700 });
    checkRoom(app.paths.db, folder);
    removeLeftovers(folder, app.now());
    work = makeWorkFolder(folder);
    const copy = join(work, "usage.db");
    app.progress("copying the ledger");
    withLedger(app, (db) => copyInto(db, copy));
    chmodSync(copy, 0o600);
    const checked = checkCopy(copy, config, request.full);
    app.progress("packing");
    const packed = join(work, "packed");
    const sizes = await pack(copy, packed, request.recipients);
    const manifest: Manifest = {
      schema: "boba.backup/1",
      file: "",
      createdAtMs: app.now(),
      kind: "backup",
      bobaVersion: VERSION,
      ...checked,
      ...sizes,
      isEncrypted: request.recipients.length > 0,
      config: config.map(({ name }) => name),
      verifiedAtMs: null,
      drilledAtMs: null,
    };
    const made = place(
      packed,
      { target, isFixed: request.output !== undefined && dirname(target) !== resolve(app.cwd, request.output) },
      manifest,
    );
    app.log.write("info", "backup made", { bytes: sizes.packedBytes, rows: manifest.facts.rows["usage_records"] ?? 0 });
    return made;
  } catch (error) {
    throw unwritable(error, target);
  } finally {
    if (work !== null) rmSync(work, { recursive: true, force: true });
    app.progress(null);
  }
}

/**
 * Gives the packed copy its name and the manifest beside it its own, nothing between the two that takes time. A name of our own choice that another
 * process took in the same millisecond is counted up; one that the user chose is refused.
 */
function place(packed: string, { target, isFixed }: { target: string; isFixed: boolean }, facts: Manifest): StoredBackup {
  const [folder, work] = [dirname(target), dirname(packed)];
  for (let nth = 1; ; nth++) {
    const path = nth === 1 ? target : target.replace(/(?=\.db\.gz)/, `-${nth}`);
    const manifest = { ...facts, file: basename(path) };
    saveManifest(work, manifest);
    if (takeName(packed, path)) {
      renameSync(join(work, `${manifest.file}.json`), `${path}.json`);
      sync(folder);
      return { path, manifest };
    }
    if (isFixed) throw taken(path);
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

function targetOf(app: App, { output, recipients }: BackupRequest): string {
  const stamp = new Date(app.now()).toISOString().replace(/[-:.]/g, "");
  const name = `usage-${stamp}.db.gz${recipients.length > 0 ? ".age" : ""}`;
  if (output === undefined) return join(app.paths.backups, name);
  const path = resolve(app.cwd, output);
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true ? join(path, name) : path;
}

/** @throws BobaError BOBA-USE-33 for what is no age public key. */
export function checkRecipient(recipient: string): void {
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
  const isFull = hasCode(error, "ENOSPC", "EDQUOT", "EFBIG", "SQLITE_FULL");
  if (!(error instanceof Error && "code" in error && (isFull || "syscall" in error))) return error;
  const exit = hasCode(error, "EACCES", "EPERM", "EROFS") ? EXIT.permission : EXIT.failed;
  const hint = isFull ? "free some space, or name another folder with --output" : "name another file or folder with --output";
  return new BobaError("BOBA-FS-5", exit, `${path} cannot be written (${String(error.code)})`, hint, error);
}
