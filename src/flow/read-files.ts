/** Reads the files of one source into parcels. Runs in a thread of its own or in the main one: it touches files alone, never the ledger. */
import type { CollectResult } from "../core/import-summary.ts";
import type { SourceRecord } from "../core/record.ts";
import { isDatabaseError } from "../platform/sqlite.ts";
import type { Source, SourceFile } from "../sources/source.ts";
import type { FileCursor } from "../store/cursors.ts";
import { Batch, type Parcel } from "./batch.ts";
import type { ChangedFile } from "./changed-files.ts";

export interface Reading {
  /** The files to read, in this order. */
  changed: readonly ChangedFile[];
  /** All files of the source. */
  all: readonly SourceFile[];
}

/** What reading adds to the result of a collection. */
export type Tally = Pick<CollectResult, "filesRead" | "bytesRead" | "skippedLines" | "skippedFiles" | "errors">;

export const emptyTally = (): Tally => ({ filesRead: 0, bytesRead: 0, skippedLines: 0, skippedFiles: 0, errors: [] });

/** Bad lines of one file that are listed one by one; a file of noise must not fill the database. */
const MAX_LISTED = 1000;
/** A source that goes on yielding without coming any further is stuck: no file takes this many empty steps. */
const MAX_IDLE_STEPS = 10_000;

/** Kept as the size of a file that the next run has to look into: it matches none. */
const NO_SIZE = -1;

/** Yields a parcel whenever enough is held, and at the end. `step` is told of every step, by the index of the file. */
export function* readFiles(source: Source, { changed, all }: Reading, tally: Tally, step: (index: number) => void): Generator<Parcel> {
  const batch = new Batch();
  for (const [index, file] of changed.entries()) {
    step(index);
    for (const bytes of readSteps(source, file, all, batch, tally)) {
      tally.bytesRead += bytes;
      step(index);
      if (batch.isFull) yield batch.take();
    }
    if (batch.isFull) yield batch.take();
  }
  if (!batch.isEmpty) yield batch.take();
}

/** Reads one file into the batch, yielding the bytes of each step. A file that fails is noted, and the rest goes on. */
function* readSteps(
  source: Source,
  { file, cursor }: ChangedFile,
  all: readonly SourceFile[],
  batch: Batch,
  tally: Tally,
): Generator<number> {
  const { path, mtimeMs, inode } = file;
  let offset = cursor?.offset ?? 0;
  let last: FileCursor | null = null;
  let listed = 0;
  let found = 0;
  let idle = 0;
  try {
    const sink = {
      record: (record: SourceRecord) => {
        found++;
        batch.add(record);
      },
      total: (record: SourceRecord) => {
        found++;
        batch.total(record);
      },
      skip: (line: number, reason: string) => {
        found++;
        tally.skippedLines++;
        listed++;
        if (listed < MAX_LISTED) batch.skip({ path, line, reason });
        else if (listed === MAX_LISTED) batch.skip({ path, line, reason: "bad, and so are others after it that are not listed" });
      },
      restart: () => {
        offset = 0;
        batch.forgetSkipped(path);
      },
    };
    for (const position of source.read(file, cursor, sink, all)) {
      idle = position.offset > offset || found > 0 ? 0 : idle + 1;
      if (idle > MAX_IDLE_STEPS) throw new StuckError();
      found = 0;
      // Until the end is reached, the next run goes on from here.
      last = { path, size: NO_SIZE, mtimeMs, inode, offset: position.offset, anchor: position.anchor };
      batch.reached(last);
      yield position.offset - offset;
      offset = position.offset;
    }
    tally.filesRead++;
    const size = file.isRacy === true ? NO_SIZE : file.size;
    if (last !== null) batch.reached({ ...last, size });
    else if (cursor !== null) batch.reached({ ...cursor, size, mtimeMs, inode });
  } catch (error) {
    // What the file system or a database says concerns this file; anything else is a fault of the source.
    if (!(error instanceof Error && ("syscall" in error || isDatabaseError(error))))
      tally.errors.push({ source: source.id, message: reasonOf(error) });
    tally.skippedFiles++;
    batch.forgetUnreadable(path);
    batch.skip({ path, line: 0, reason: reasonOf(error) });
  }
}

class StuckError extends Error {
  override name = "stuck";
}

/** The system's code only: messages may quote what was read. */
export function reasonOf(error: unknown): string {
  return error instanceof Error && "code" in error
    ? `cannot be read (${String(error.code)})`
    : `failed (${error instanceof Error ? error.name : "unknown"})`;
}
