/** What has been read but not yet stored: responses merged as they come, and how far each file has been read. */
import { mergeCounters, type SourceRecord } from "../core/record.ts";
import { type RowIds, rowIdsOf } from "../core/row-id.ts";
import type { FileCursor } from "../store/cursors.ts";
import type { Skipped } from "../store/skipped.ts";

/** What is written in one transaction: records, and how far the files they came from were read. */
export interface Parcel {
  records: readonly SourceRecord[];
  /** Of the records: worked out by the thread that reads, which the one that writes would wait for. */
  rows: RowIds;
  /** Running counters, the newest of each session. */
  totals: readonly SourceRecord[];
  cursors: readonly FileCursor[];
  /** In the order in which they were noted. */
  notes: readonly FileNote[];
  /** Files that are no longer there. */
  gone: readonly string[];
}

export type FileNote = { forget: string } | { forgetWhole: string } | { add: Skipped };

/** Enough that a transaction's fixed cost does not count, few enough to hold in memory. */
const FULL_RECORDS = 2_500;
/** The first ones are smaller, each twice the one before: who stores them need not wait for a whole one. */
const FIRST_RECORDS = 250;
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
  #notes: FileNote[] = [];
  #gone: string[] = [];
  /** Characters of paths and branches held. */
  #chars = 0;
  #fullRecords = FIRST_RECORDS;

  get isFull(): boolean {
    return (
      this.#records.size + this.#variants.size + this.#totals.size >= this.#fullRecords ||
      this.#chars >= FULL_CHARS ||
      this.#notes.length >= FULL_SKIPPED
    );
  }

  get isEmpty(): boolean {
    return this.#records.size + this.#totals.size + this.#cursors.size + this.#notes.length + this.#gone.length === 0;
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

  /** Everything held, which is then no longer held. */
  take(): Parcel {
    const records = [...this.#records.values(), ...this.#variants.values()];
    const parcel: Parcel = {
      records,
      rows: rowIdsOf(records),
      totals: [...this.#totals.values()],
      cursors: [...this.#cursors.values()],
      notes: this.#notes,
      gone: this.#gone,
    };
    this.#records.clear();
    this.#variants.clear();
    this.#totals.clear();
    this.#chars = 0;
    this.#cursors.clear();
    this.#notes = [];
    this.#gone = [];
    this.#fullRecords = Math.min(2 * this.#fullRecords, FULL_RECORDS);
    return parcel;
  }
}
