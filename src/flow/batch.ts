/** What has been read but not yet stored: responses merged as they come, and how far each file has been read. */
import { dirname, isAbsolute, normalize, resolve } from "node:path";
import type { PlacedFile, Placer } from "../core/place.ts";
import type { Pricer } from "../core/price.ts";
import { mergeCounters, type SourceRecord } from "../core/record.ts";
import { type Db, transaction } from "../platform/sqlite.ts";
import { cursorWriter, type FileCursor } from "../store/cursors.ts";
import { type Skipped, skippedWriter } from "../store/skipped.ts";
import { knownTotals, runningTotals } from "../store/running-totals.ts";
import { usageWriter } from "../store/usage.ts";

export interface Stored {
  newRecords: number;
  grownRecords: number;
}

/** Enough that a transaction's fixed cost does not count, few enough to hold in memory. */
const FULL_RECORDS = 16_000;
const FULL_SKIPPED = 4000;
/** Hostile logs may hold very long paths: then a batch is full sooner. */
const FULL_CHARS = 16_000_000;
const MAX_FILES_PER_RECORD = 200;

export class Batch {
  /** The first variant of each key. */
  readonly #records = new Map<string, SourceRecord>();
  /** The others, which are rare, by key and variant. */
  readonly #variants = new Map<string, SourceRecord>();
  /** Running counters, the newest of each session. */
  readonly #totals = new Map<string, SourceRecord>();
  readonly #cursors = new Map<string, FileCursor>();
  readonly #notes: ({ forget: string } | { forgetWhole: string } | { add: Skipped })[] = [];
  readonly #gone: string[] = [];
  /** Characters of paths and branches held. */
  #chars = 0;

  get isFull(): boolean {
    return (
      this.#records.size + this.#variants.size + this.#totals.size >= FULL_RECORDS ||
      this.#chars >= FULL_CHARS ||
      this.#notes.length >= FULL_SKIPPED
    );
  }

  get isEmpty(): boolean {
    return this.#records.size + this.#totals.size + this.#cursors.size + this.#notes.length + this.#gone.length === 0;
  }

  get hasRecords(): boolean {
    return this.#records.size + this.#totals.size > 0;
  }

  /** The lines of one response are merged here, so that the database sees it once. */
  add(record: SourceRecord): void {
    this.#weigh(record);
    let known = this.#records.get(record.key);
    if (known === undefined) {
      this.#records.set(record.key, record);
      return;
    }
    if (known.variant !== record.variant) {
      const key = `${record.key}\0${record.variant ?? "\0"}`;
      known = this.#variants.get(key);
      if (known === undefined) {
        this.#variants.set(key, record);
        return;
      }
    }
    mergeCounters(known.counters, record.counters);
    known.fast ||= record.fast;
    known.atMs = Math.min(known.atMs, record.atMs);
    known.cwd ??= record.cwd;
    if (record.reportedNanoUsd !== null) known.reportedNanoUsd = Math.max(known.reportedNanoUsd ?? 0, record.reportedNanoUsd);
    if (record.files.length > 0) known.files = [...new Set([...known.files, ...record.files])].slice(0, MAX_FILES_PER_RECORD);
  }

  /** Of a session's running counters only the newest matter. */
  total(record: SourceRecord): void {
    this.#weigh(record);
    const known = this.#totals.get(record.key);
    if (known === undefined || known.atMs <= record.atMs) this.#totals.set(record.key, record);
  }

  /** Forgets the running counters that say nothing new, so that neither prices nor places are looked up for them. */
  dropKnownTotals(db: Db): void {
    if (this.#totals.size === 0) return;
    const isKnown = knownTotals(db);
    for (const [key, total] of this.#totals) if (isKnown(total)) this.#totals.delete(key);
  }

  #weigh({ cwd, loggedBranch, files }: SourceRecord): void {
    this.#chars += (cwd?.length ?? 0) + (loggedBranch?.length ?? 0);
    for (const file of files) this.#chars += file.length;
  }

  skip(skipped: Skipped): void {
    this.#notes.push({ add: skipped });
  }

  /** Everything skipped in the file so far is out of date. */
  forgetSkipped(path: string): void {
    this.#notes.push({ forget: path });
  }

  /** The file as a whole can be read again. */
  forgetUnreadable(path: string): void {
    this.#notes.push({ forgetWhole: path });
  }

  reached(cursor: FileCursor): void {
    this.#cursors.set(cursor.path, cursor);
  }

  /** The file is gone; its records stay. */
  gone(path: string): void {
    this.#gone.push(path);
  }

  /** Writes all of it in one transaction: a process killed at any moment has stored both the records and how far they reach, or neither. */
  async flush(db: Db, tool: string, placer: Placer, price: Pricer): Promise<Stored> {
    const cwds = new Set<string>();
    const records = [...this.#records.values(), ...this.#variants.values()];
    const totals = [...this.#totals.values()];
    const fileFolders = new Set<string>();
    for (const record of [...records, ...totals]) {
      if (record.cwd !== null) cwds.add(record.cwd);
      for (const file of absoluteFiles(record)) fileFolders.add(dirname(file));
    }
    await placer.resolve(cwds, fileFolders);
    const stored: Stored = { newRecords: 0, grownRecords: 0 };
    transaction(db, () => {
      stored.newRecords = 0;
      stored.grownRecords = 0;
      const store = usageWriter(db, price);
      const grown = runningTotals(db);
      for (const record of [...records, ...totals.flatMap((total) => grown(total) ?? [])]) {
        const files = record.files.length === 0 ? NO_FILES : absoluteFiles(record).flatMap((file) => placer.placeFile(file) ?? []);
        // Who edits in another worktree works there, wherever it stands.
        const outcome = store({ record, place: files[0]?.place ?? placer.placeOf(record.cwd), files });
        if (outcome === "new") stored.newRecords++;
        else if (outcome === "grown") stored.grownRecords++;
      }
      this.#writeFiles(db, tool);
    });
    this.#records.clear();
    this.#variants.clear();
    this.#totals.clear();
    this.#chars = 0;
    this.#cursors.clear();
    this.#notes.length = 0;
    this.#gone.length = 0;
    return stored;
  }

  #writeFiles(db: Db, tool: string): void {
    const cursors = cursorWriter(db, tool);
    const skipped = skippedWriter(db);
    for (const note of this.#notes) {
      if ("add" in note) skipped.add(note.add);
      else if ("forget" in note) skipped.forget(note.forget);
      else skipped.forgetWhole(note.forgetWhole);
    }
    for (const cursor of this.#cursors.values()) cursors.save(cursor);
    for (const path of this.#gone) {
      cursors.forget(path);
      skipped.forget(path);
    }
  }
}

const NO_FILES: readonly PlacedFile[] = [];

/** The edited files as absolute paths; a relative path without a folder to stand on could be anywhere and is not kept. */
function absoluteFiles({ files, cwd }: SourceRecord): string[] {
  return files.flatMap((file) => {
    if (isAbsolute(file)) return [normalize(file)];
    return cwd === null ? [] : [resolve(cwd, file)];
  });
}
