/** Reads what agents logged since the last run and stores it: every response once, priced, with its place. */
import { loadSettings } from "../config/settings.ts";
import type { Placer } from "../core/place.ts";
import type { Pricer } from "../core/price.ts";
import { type Db, inBulk } from "../platform/sqlite.ts";
import { SOURCES } from "../sources/index.ts";
import type { Discovery, Source, SourceContext } from "../sources/source.ts";
import { type FileCursor, loadCursors } from "../store/cursors.ts";
import { unreadablePaths } from "../store/skipped.ts";
import type { App } from "./app.ts";
import { Batch, type Parcel } from "./batch.ts";
import type { CollectResult } from "../core/import-summary.ts";
import { changedFiles } from "./changed-files.ts";
import { loadPricer } from "./prices.ts";
import { type Reading, readFiles, reasonOf } from "./read-files.ts";
import { contextFor } from "./source-context.ts";
import { storeParcel } from "./store-parcel.ts";

export interface CollectOptions {
  /** Ids of the sources to collect; default all that are enabled. */
  sources?: readonly string[];
}

/** Collects every enabled source of `from`. Throws only for the database and the configuration. */
export async function collect(
  app: App,
  db: Db,
  placer: Placer,
  options: CollectOptions = {},
  from: readonly Source[] = SOURCES,
): Promise<CollectResult> {
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
  let pricer: Promise<Pricer> | null = null;
  const run: Run = {
    app,
    db,
    placer,
    result,
    price: () => (pricer ??= loadPricer(app)),
    cursors: loadCursors(db),
    unreadable: unreadablePaths(db),
  };
  for (const source of from) {
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
  /** By source, as they were before this run: each source changes only its own. */
  cursors: ReadonlyMap<string, ReadonlyMap<string, FileCursor>>;
  /** As noted now, of all sources. */
  unreadable: ReadonlyMap<string, string>;
}

async function collectSource(source: Source, context: SourceContext, run: Run): Promise<void> {
  const { app, db, placer, result } = run;
  const batch = new Batch();
  const store = async (parcel: Parcel) => {
    const stored = await storeParcel(db, source.id, placer, () => run.price(), parcel);
    result.newRecords += stored.newRecords;
    result.grownRecords += stored.grownRecords;
    run.unreadable = unreadablePaths(db);
  };
  const reading = plan(source, context, batch, run);
  if (!batch.isEmpty) await store(batch.take());
  if (reading.changed.length === 0) return;
  const bytes = reading.changed.reduce((sum, { file, cursor }) => sum + Math.max(0, file.size - (cursor?.offset ?? 0)), 0);
  let at = 0;
  const step = (index: number) => (at = index + 1);
  const before = result.bytesRead;
  const storeAll = async (parcels: Iterable<Parcel> | AsyncIterable<Parcel>) => {
    for await (const parcel of parcels) {
      await store(parcel);
      const done = mebibytes(result.bytesRead - before);
      if (done < mebibytes(bytes))
        app.progress(`${source.name}: file ${at} of ${reading.changed.length}, ${done} of ${mebibytes(bytes)} MiB`);
    }
  };
  const { reader } = app;
  if (reader === undefined || bytes < WORTH_A_THREAD_BYTES) return storeAll(readFiles(source, reading, result, step));
  const { readApart } = await import("./read-apart.ts");
  // What the first parcel needs is loaded while the thread gets under way; whoever needs prices is told why there are none.
  const prepare = async () => void (await Promise.allSettled([run.price()]));
  await inBulk(db, () => storeAll(readApart(reader, source, reading, result, step, prepare)));
}

/** Starting a thread costs about as much as reading this many bytes. */
const WORTH_A_THREAD_BYTES = 16 * 1024 * 1024;

/** Finds the files and says which are to be read; what else came to light is put into the batch. */
function plan(source: Source, context: SourceContext, batch: Batch, { cursors, unreadable, result }: Run): Reading {
  let found: Discovery;
  try {
    found = source.discover(context);
  } catch (error) {
    result.errors.push({ source: source.id, message: reasonOf(error) });
    return { changed: [], all: [] };
  }
  result.files += found.files.length;
  result.skippedFiles += found.unreadable.length;
  return { changed: changedFiles(found, cursors.get(source.id) ?? new Map(), unreadable, batch), all: found.files };
}

function mebibytes(bytes: number): number {
  return Math.round(bytes / 1024 / 1024);
}
