/** Unpacks a backup to a place of its own and holds it against its manifest. */
import { openSync, readFileSync, readSync, rmSync, closeSync } from "node:fs";
import { join, resolve } from "node:path";
import { differences, type LedgerSums, type Manifest } from "../core/backup.ts";
import { BobaError, EXIT } from "../core/errors.ts";
import { hasCode } from "../platform/fs.ts";
import { type Kind, unpack } from "../platform/pack.ts";
import { openDatabase } from "../platform/sqlite.ts";
import { MIGRATIONS } from "../store/migrations.ts";
import { faultOf } from "../store/health.ts";
import { ledgerSchema, sumsOf, takeConfig } from "../store/snapshot.ts";
import type { App } from "./app.ts";
import { manifestOf } from "./backup-folder.ts";
import { makeWorkFolder } from "./work-folder.ts";

export interface Unpacked {
  /** The plain ledger, absolute. */
  path: string;
  /** Null for copies that something else made. */
  manifest: Manifest | null;
  schema: number;
  sums: LedgerSums;
  config: readonly { name: string; data: Buffer }[];
}

/**
 * Unpacks `file` below `folder` and checks it: hashes, SQLite's own check (`full` of every index), and the sums of its manifest. Works on what
 * `boba backup` made and on any plain or gzipped copy of a ledger. Calls `use`, then removes what it unpacked.
 * @throws BobaError BOBA-DB-7 with what is wrong, BOBA-DB-1 when a newer boba made it, BOBA-FS-7 when it cannot be read.
 */
export async function withUnpacked<T>(
  app: App,
  file: string,
  options: { folder: string; full: boolean; identity?: string | undefined },
  use: (unpacked: Unpacked) => Promise<T>,
): Promise<T> {
  const source = resolve(app.cwd, file);
  const kind = kindOf(source);
  const identities = kind.encrypted ? identitiesOf(app, options.identity) : [];
  const work = makeWorkFolder(options.folder);
  try {
    const path = join(work, "usage.db");
    app.progress("unpacking");
    const sizes = await unpack(source, path, kind, identities).catch((error: unknown) => {
      if (hasCode(error, "ENOSPC", "EDQUOT", "EFBIG")) throw noRoom(source, options.folder, error);
      return fail(source, unpackFault(error, kind), error);
    });
    const manifest = manifestOf(source);
    if (manifest !== null && sizes.packedSha256 !== manifest.packedSha256) fail(source, "its bytes are not those that were written");
    if (manifest !== null && sizes.plainSha256 !== manifest.plainSha256) fail(source, "what is in it is not what was packed");
    app.progress("checking");
    return await use({ path, manifest, ...inspect(source, path, manifest, options.full) });
  } finally {
    rmSync(work, { recursive: true, force: true });
    app.progress(null);
  }
}

function inspect(source: string, path: string, manifest: Manifest | null, full: boolean): Omit<Unpacked, "path" | "manifest"> {
  const db = openDatabase(path);
  try {
    const schema = ledgerSchema(db);
    if (schema === null) fail(source, "it is a database, but not a ledger of boba's");
    if (schema > MIGRATIONS.length) {
      const problem = `${source} was made by a newer boba (schema ${schema}, this program knows ${MIGRATIONS.length})`;
      throw new BobaError("BOBA-DB-1", EXIT.database, problem, "upgrade boba: npm i -g bobamixer@latest");
    }
    const fault = faultOf(db, full);
    if (fault !== null) fail(source, `SQLite finds: ${fault}`);
    const sums = sumsOf(db);
    const differs = manifest === null ? [] : differences(manifest.facts, sums);
    if (differs.length > 0) fail(source, differs.join("; "));
    return { schema, sums, config: takeConfig(db) };
  } catch (error) {
    if (error instanceof BobaError) throw error;
    return fail(source, "it is damaged, or not a database", error);
  } finally {
    db.close();
  }
}

function fail(source: string, what: string, cause?: unknown): never {
  throw new BobaError("BOBA-DB-7", EXIT.database, `${source} cannot be used: ${what}`, "take another one: boba backup list", cause);
}

/** By the first bytes, not by the name. @throws BobaError BOBA-FS-7 when it cannot be read. */
function kindOf(path: string): Kind {
  const start = Buffer.alloc(24);
  try {
    const fd = openSync(path, "r");
    try {
      readSync(fd, start, 0, start.length, 0);
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
    throw new BobaError("BOBA-FS-7", EXIT.usage, `${path} cannot be read (${reason})`, "see what there is: boba backup list", error);
  }
  const encrypted = start.toString("latin1").startsWith("age-encryption.org/v1");
  return { encrypted, gzipped: encrypted || (start[0] === 0x1f && start[1] === 0x8b) };
}

const noRoom = (source: string, folder: string, cause: Error) =>
  new BobaError(
    "BOBA-FS-61",
    EXIT.failed,
    `${folder} has no room to unpack ${source}`,
    "free some space and run the same command again: nothing was changed",
    cause,
  );

function unpackFault(error: unknown, kind: Kind): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return kind.encrypted
    ? "it cannot be decrypted with this key, or it is damaged"
    : `it is cut short or damaged${code === "" ? "" : ` (${code})`}`;
}

/** @throws BobaError BOBA-USE-34 when there is no key, or the file holds none. */
export function identitiesOf(app: App, path: string | undefined): string[] {
  const hint = "name the file that age-keygen wrote: --identity key.txt";
  if (path === undefined) throw new BobaError("BOBA-USE-34", EXIT.usage, "the backup is encrypted, and no key was given", hint);
  let text: string;
  try {
    text = readFileSync(resolve(app.cwd, path), "utf8");
  } catch (error) {
    throw new BobaError("BOBA-USE-34", EXIT.usage, `${path} cannot be read`, hint, error);
  }
  const keys = text.split(/\r?\n/).filter((line) => line.startsWith("AGE-SECRET-KEY-"));
  if (keys.length === 0) throw new BobaError("BOBA-USE-34", EXIT.usage, `${path} holds no age key`, hint);
  return keys;
}
