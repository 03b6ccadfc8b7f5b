/** Reading in a thread: the main one stores meanwhile, and neither a crash nor an endless loop in a source can stop it. */
import { rowIdsOf } from "../core/row-id.ts";
import { startThread, type Thread } from "../platform/thread.ts";
import type { Source } from "../sources/source.ts";
import type { FileCursor } from "../store/cursors.ts";
import type { ReaderProgram } from "./app.ts";
import type { FileNote, Parcel } from "./batch.ts";
import type { ChangedFile } from "./changed-files.ts";
import { unpackParcel } from "./pack.ts";
import { emptyTally, type Reading, type Tally } from "./read-files.ts";
import { BEAT, type ReadNews, type ReadOrder } from "./serve-reads.ts";

const LOOK_EVERY_MS = 1000;
/** Files of one source that may end their thread before the rest of the source is left for the next run. */
const MAX_LOST = 3;

/**
 * The parcels of `reading`, each of which is stored when the next is asked for. A file whose reading dies or stands still is noted and left
 * until it changes; what had not been stored yet is read again, without it. `prepare` runs beside a thread that has just been started.
 */
export async function* readApart(
  program: ReaderProgram,
  source: Source,
  reading: Reading,
  tally: Tally,
  step: (index: number) => void,
  prepare: () => Promise<void>,
): AsyncGenerator<Parcel> {
  let left = reading.changed;
  for (let lost = 0; left.length > 0;) {
    const progress = new Progress(left);
    const skipped = reading.changed.length - left.length;
    const tell = (news: Tally) => {
      add(tally, news, progress.tally);
      progress.tally = news;
      step(skipped + progress.fileIndex);
    };
    const failure = yield* readOnce(program, source, { ...reading, changed: left }, progress, tell, prepare);
    if (failure === null) return;
    tally.errors.push({ source: source.id, message: failure });
    // A thread that never began says nothing of any file: the next run tries again.
    if (!progress.hasBegun) return;
    const culprit = left[progress.fileIndex] as ChangedFile;
    tally.skippedFiles++;
    yield leave(culprit, progress.reached.get(culprit.file.path) ?? null, failure);
    left = progress.unread().filter(({ file }) => file !== culprit.file);
    if (++lost === MAX_LOST) return;
  }
}

/** What has come of the files so far, as far as it is stored. */
class Progress {
  readonly beat = new Int32Array(new SharedArrayBuffer(BEAT.length * Int32Array.BYTES_PER_ELEMENT));
  readonly reached = new Map<string, FileCursor>();
  readonly #failed = new Set<string>();
  readonly #changed: readonly ChangedFile[];
  tally = emptyTally();

  constructor(changed: readonly ChangedFile[]) {
    this.#changed = changed;
  }

  get fileIndex(): number {
    return Atomics.load(this.beat, BEAT.fileIndex);
  }

  get hasBegun(): boolean {
    return Atomics.load(this.beat, BEAT.steps) > 0;
  }

  take({ cursors, notes }: Parcel): void {
    for (const cursor of cursors) this.reached.set(cursor.path, cursor);
    for (const note of notes) if (isWhole(note)) this.#failed.add(note.add.path);
  }

  /** The files that were not read to their end, each from where it was left. */
  unread(): ChangedFile[] {
    return this.#changed.flatMap(({ file, cursor }) => {
      const reached = this.reached.get(file.path);
      return reached?.size === file.size || this.#failed.has(file.path) ? [] : [{ file, cursor: reached ?? cursor }];
    });
  }
}

const isWhole = (note: FileNote): note is Extract<FileNote, { add: unknown }> => "add" in note && note.add.line === 0;

/** Returns why reading ended early, or null. */
async function* readOnce(
  program: ReaderProgram,
  source: Source,
  reading: Reading,
  progress: Progress,
  tell: (news: Tally) => void,
  prepare: () => Promise<void>,
): AsyncGenerator<Parcel, string | null> {
  const order: ReadOrder = { source: source.id, reading, beat: progress.beat.buffer };
  const thread = startThread(program.file, order);
  try {
    await prepare();
    for (;;) {
      const news = await nextNews(thread, progress.beat, program.patienceMs);
      if (typeof news === "string") return news;
      tell(news.tally);
      if (news.parcel === null) return null;
      const parcel = unpackParcel(news.parcel);
      yield parcel;
      progress.take(parcel);
      Atomics.add(progress.beat, BEAT.stored, 1);
      Atomics.notify(progress.beat, BEAT.stored);
    }
  } finally {
    await thread.stop();
  }
}

/** The next news, or why there will be none. Time is counted in looks, so that a machine that slept does not count against the thread. */
async function nextNews(thread: Thread, beat: Int32Array, patienceMs: number): Promise<ReadNews | string> {
  const lookEveryMs = Math.min(LOOK_EVERY_MS, patienceMs);
  let seen = -1;
  try {
    for (let waitedMs = 0; waitedMs <= patienceMs; waitedMs += lookEveryMs) {
      const news = (await thread.next(lookEveryMs)) as ReadNews | null;
      if (news !== null) return news;
      const steps = Atomics.load(beat, BEAT.steps);
      if (steps !== seen) waitedMs = 0;
      seen = steps;
    }
  } catch (error) {
    return `reading ended (${error instanceof Error && "code" in error ? String(error.code) : "it crashed"})`;
  }
  return `reading stopped: nothing came for ${patienceMs / 1000} s`;
}

/** The file as it is now is not tried again: what it holds beyond what was stored stays unread until it changes, and that is told. */
function leave({ file, cursor }: ChangedFile, reached: FileCursor | null, reason: string): Parcel {
  const { path, size, mtimeMs, inode } = file;
  const { offset, anchor } = reached ?? cursor ?? { offset: 0, anchor: "" };
  return {
    records: [],
    rows: rowIdsOf([]),
    totals: [],
    cursors: [{ path, size, mtimeMs, inode, offset, anchor }],
    notes: [{ forgetWhole: path }, { add: { path, line: 0, reason } }],
    gone: [],
  };
}

/** Adds to `to` what `now` has more than `before`: a thread tells all of it each time. */
function add(to: Tally, now: Tally, before: Tally): void {
  to.filesRead += now.filesRead - before.filesRead;
  to.bytesRead += now.bytesRead - before.bytesRead;
  to.skippedLines += now.skippedLines - before.skippedLines;
  to.skippedFiles += now.skippedFiles - before.skippedFiles;
  to.errors.push(...now.errors.slice(before.errors.length));
}
