/** Reads what agents logged since the last run and stores it: every response once, priced, with its place. */
import { loadSettings } from "../config/settings.ts";
import type { Placer } from "../core/place.ts";
import type { Pricer } from "../core/price.ts";
import type { SourceRecord } from "../core/record.ts";
import { type Db, isDatabaseError } from "../platform/sqlite.ts";
import { SOURCES } from "../sources/index.ts";
import type { Discovery, Source, SourceContext, SourceFile } from "../sources/source.ts";
import { type FileCursor, loadCursors } from "../store/cursors.ts";
import { unreadablePaths } from "../store/skipped.ts";
import type { App } from "./app.ts";
import { Batch } from "./batch.ts";
import type { CollectResult } from "../core/import-summary.ts";
import { type ChangedFile, changedFiles } from "./changed-files.ts";
import { loadPricer } from "./prices.ts";
import { contextFor } from "./source-context.ts";

export interface CollectOptions {
  /** Ids of the sources to collect; default all that are enabled. */
  sources?: readonly string[];
}

/** Collects every enabled source. Throws only for the database and the configuration. */
export async function collect(app: App, db: Db, placer: Placer, options: CollectOptions = {}): Promise<CollectResult> {
  const settings = await loadSettings(app.paths);
  const result: CollectResult = {
    newRecords: 0,
    grownRecords: 0,
    files: 0,
    filesRead: 0,
    bytesRead: 0,
    skippedLines: 0,
    skippedFiles: 0,
    errors: [],
  };
  let pricer: Pricer | null = null;
  const run: Run = { app, db, placer, result, price: async () => (pricer ??= await loadPricer(app)) };
  for (const source of SOURCES) {
    const wanted = options.sources?.includes(source.id) ?? settings.sources[source.id]?.enabled ?? true;
    if (wanted) await collectSource(source, contextFor(source, app, settings), run);
  }
  app.progress(null);
  return result;
}

interface Run {
  app: App;
  db: Db;
  placer: Placer;
  result: CollectResult;
  /** Loaded when there is something to price. */
  price(): Promise<Pricer>;
}

async function collectSource(source: Source, context: SourceContext, run: Run): Promise<void> {
  const batch = new Batch();
  const flush = async () => {
    batch.dropKnownTotals(run.db);
    const price = batch.hasRecords ? await run.price() : UNUSED;
    const stored = await batch.flush(run.db, source.id, run.placer, price);
    run.result.newRecords += stored.newRecords;
    run.result.grownRecords += stored.grownRecords;
  };
  const { changed, all } = plan(source, context, batch, run);
  const totalBytes = changed.reduce((sum, { file, cursor }) => sum + Math.max(0, file.size - (cursor?.offset ?? 0)), 0);
  let doneBytes = 0;
  for (const [index, { file, cursor }] of changed.entries()) {
    const steps = readSteps(source, { file, cursor, all }, batch, run);
    for (let step = steps.next(); !step.done; step = steps.next()) {
      doneBytes += step.value;
      if (!batch.isFull) continue;
      await flush();
      run.app.progress(`${source.name}: file ${index + 1} of ${changed.length}, ${mebibytes(doneBytes)} of ${mebibytes(totalBytes)} MiB`);
    }
    if (batch.isFull) await flush();
  }
  run.result.bytesRead += doneBytes;
  if (!batch.isEmpty) await flush();
}

const UNUSED: Pricer = () => {
  throw new Error("priced a record before the prices were loaded");
};

function plan(
  source: Source,
  context: SourceContext,
  batch: Batch,
  { db, result }: Run,
): { changed: ChangedFile[]; all: readonly SourceFile[] } {
  let found: Discovery;
  try {
    found = source.discover(context);
  } catch (error) {
    result.errors.push({ source: source.id, message: reasonOf(error) });
    return { changed: [], all: [] };
  }
  result.files += found.files.length;
  result.skippedFiles += found.unreadable.length;
  return { changed: changedFiles(found, loadCursors(db, source.id), unreadablePaths(db), batch), all: found.files };
}

/** Bad lines of one file that are listed one by one; a file of noise must not fill the database. */
const MAX_LISTED = 1000;

interface Reading extends ChangedFile {
  /** All files of the source. */
  all: readonly SourceFile[];
}

/** Reads one file into the batch, yielding the bytes of each step. A file that fails is noted, and the rest goes on. */
function* readSteps(source: Source, { file, cursor, all }: Reading, batch: Batch, { result }: Run): Generator<number> {
  const { path, mtimeMs, inode } = file;
  let offset = cursor?.offset ?? 0;
  let last: FileCursor | null = null;
  let listed = 0;
  try {
    const sink = {
      record: (record: SourceRecord) => batch.add(record),
      total: (record: SourceRecord) => batch.total(record),
      skip: (line: number, reason: string) => {
        result.skippedLines++;
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
      // Until the end is reached, the stored size matches no file, so the next run goes on from here.
      last = { path, size: -1, mtimeMs, inode, offset: position.offset, anchor: position.anchor };
      batch.reached(last);
      yield position.offset - offset;
      offset = position.offset;
    }
    result.filesRead++;
    if (last !== null) batch.reached({ ...last, size: file.size });
    else if (cursor !== null) batch.reached({ ...cursor, size: file.size, mtimeMs, inode });
  } catch (error) {
    // What the file system or a database says concerns this file; anything else is a fault of the source.
    if (!(error instanceof Error && ("syscall" in error || isDatabaseError(error))))
      result.errors.push({ source: source.id, message: reasonOf(error) });
    result.skippedFiles++;
    batch.forgetUnreadable(path);
    batch.skip({ path, line: 0, reason: reasonOf(error) });
  }
}

function mebibytes(bytes: number): number {
  return Math.round(bytes / 1024 / 1024);
}

/** The system's code only: messages may quote what was read. */
function reasonOf(error: unknown): string {
  return error instanceof Error && "code" in error
    ? `cannot be read (${String(error.code)})`
    : `failed (${error instanceof Error ? error.name : "unknown"})`;
}
