/** The archive of a prune: gzipped CSV, read back before it counts. */
import { createReadStream, existsSync, mkdirSync, rmSync } from "node:fs";
import { createHash } from "node:crypto";
import { join, resolve } from "node:path";
import { BobaError, EXIT } from "../core/errors.ts";
import type { ExportedRecord } from "../core/export.ts";
import { localPeriod } from "../core/range.ts";
import { inBlocks } from "../core/text.ts";
import { hasCode, sync, takeName, writeChunksAtomic } from "../platform/fs.ts";
import { pack, unpack } from "../platform/pack.ts";
import { atOneMoment, type Db } from "../platform/sqlite.ts";
import { usageCsv } from "../report/usage-lines.ts";
import { exportRecords } from "../store/export.ts";
import { type PruneFacts, pruneFacts, setUnfinishedPrune, type UnfinishedPrune } from "../store/prune.ts";
import type { App } from "./app.ts";
import { clockOf, everything } from "./filter.ts";
import { makeWorkFolder, removeLeftovers } from "./work-folder.ts";

export interface ArchiveRequest {
  folder: string;
  /** Unix seconds. */
  beforeS: number;
  /** Called between the steps, each of which may take minutes; throws when another prune has taken over. */
  renew: () => void;
}

/**
 * Archives all records from before `beforeS` in `folder`. The ledger knows of the archive before that has its name; its path is null when there was
 * nothing to archive. @throws BobaError BOBA-FS-3 for a folder that will not do, BOBA-FS-8 when what is read back differs.
 */
export async function writeArchive(
  app: App,
  db: Db,
  { folder, beforeS, renew }: ArchiveRequest,
): Promise<{ facts: PruneFacts; archive: string | null }> {
  const target = resolve(app.cwd, folder);
  const work = workIn(target, app.now());
  try {
    app.progress("archiving");
    const plain = join(work, "usage.csv");
    const { facts, written } = writePlain(db, plain, beforeS);
    renew();
    if (facts.records === 0) return { facts, archive: null };
    const packed = join(work, "packed");
    const sizes = await pack(plain, packed, []);
    renew();
    const read = await unpack(packed, join(work, "read.csv"), { encrypted: false, gzipped: true }, []);
    if (read.plainSha256 !== sizes.plainSha256 || written !== facts.records) throw notWhatWasWritten(target);
    const stamp = new Date(app.now()).toISOString().replace(/[-:.]/g, "");
    const name = `usage-before-${localPeriod(beforeS * 1000, "day", clockOf(app))}-${stamp}`;
    for (let nth = 1; ; nth++) {
      const archive = join(target, `${name}${nth === 1 ? "" : `-${nth}`}.csv.gz`);
      if (existsSync(archive)) continue;
      renew();
      setUnfinishedPrune(db, { beforeS, lastSeq: facts.lastSeq, archive, sha256: sizes.packedSha256 });
      if (!takeName(packed, archive)) continue;
      sync(target);
      return { facts, archive };
    }
  } catch (error) {
    if (!hasCode(error, "ENOSPC", "EDQUOT", "EFBIG")) throw error;
    const hint = "free some space, or name another folder: --archive DIR; nothing was deleted";
    throw new BobaError("BOBA-FS-60", EXIT.failed, `${target} has no room for the archive (${error.code})`, hint, error);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function workIn(target: string, nowMs: number): string {
  try {
    mkdirSync(target, { recursive: true, mode: 0o700 });
    removeLeftovers(target, nowMs);
    return makeWorkFolder(target);
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
    const exit = ["EACCES", "EPERM", "EROFS"].includes(reason) ? EXIT.permission : EXIT.failed;
    throw new BobaError("BOBA-FS-3", exit, `${target} cannot be written to (${reason})`, "name another folder: --archive DIR", error);
  }
}

/** What is counted is what is written: both are of the same moment, whoever imports meanwhile. */
function writePlain(db: Db, path: string, beforeS: number): { facts: PruneFacts; written: number } {
  let written = 0;
  const counted = function* (all: Iterable<ExportedRecord>): Generator<ExportedRecord> {
    for (const record of all) {
      written++;
      yield record;
    }
  };
  const facts = atOneMoment(db, () => {
    const found = pruneFacts(db, beforeS);
    if (found.records > 0)
      writeChunksAtomic(path, inBlocks(usageCsv(counted(exportRecords(db, everything({ fromS: null, toS: beforeS }))))), 0o600);
    return found;
  });
  return { facts, written };
}

const notWhatWasWritten = (folder: string) =>
  new BobaError(
    "BOBA-FS-8",
    EXIT.failed,
    `the archive in ${folder} does not hold what was written to it`,
    "nothing was deleted; check the disk and try again",
  );

/** Whether the archive of an unfinished prune is still where it was written, byte by byte. */
export async function isStillThere({ archive, sha256 }: UnfinishedPrune): Promise<boolean> {
  if (!existsSync(archive)) return false;
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(archive) as AsyncIterable<Buffer>) hash.update(chunk);
  return hash.digest("hex") === sha256;
}
