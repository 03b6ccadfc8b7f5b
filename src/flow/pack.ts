/** Parcels as they go from thread to thread: columns of numbers and one list of the words that repeat cost a fraction of copied objects. */
import { COUNTER_NAMES, type SourceRecord } from "../core/record.ts";
import type { Parcel } from "./batch.ts";

export interface PackedRecords {
  count: number;
  keys: readonly string[];
  variants: readonly (string | null)[];
  /** Their distinct words; the first numbers of a record say which are its own. */
  words: readonly (string | null)[];
  /** `WIDTH` numbers a record. The buffer is handed over, not copied. */
  numbers: Float64Array<ArrayBuffer>;
  /** Edited files of the records that have any, by the record's index. */
  files: ReadonlyMap<number, readonly string[]>;
}

export type PackedParcel = Omit<Parcel, "records" | "totals"> & { records: PackedRecords; totals: PackedRecords };

/** Columns, in this order, written out below: names looked up at run time cost more than all the rest of it. */
const WORDS = ["tool", "provider", "model", "sessionId", "cwd", "loggedBranch", "loggedCommit"] as const satisfies (keyof SourceRecord)[];
const AT = WORDS.length + COUNTER_NAMES.length;
const FAST = AT + 1;
const APPROXIMATE = AT + 2;
/** NaN stands for null. */
const REPORTED = AT + 3;
const WIDTH = AT + 4;

export function packParcel(parcel: Parcel): PackedParcel {
  return { ...parcel, records: pack(parcel.records), totals: pack(parcel.totals) };
}

export function unpackParcel(parcel: PackedParcel): Parcel {
  return { ...parcel, records: unpack(parcel.records), totals: unpack(parcel.totals) };
}

function pack(records: readonly SourceRecord[]): PackedRecords {
  const numbers = new Float64Array(records.length * WIDTH);
  const known = new Map<string | null, number>();
  const files = new Map<number, readonly string[]>();
  /** What each column last held: most records repeat the one before. */
  const lastWords: (string | null | undefined)[] = Array.from({ length: WORDS.length });
  const lastPlaces: number[] = Array.from({ length: WORDS.length }, () => 0);
  let at = 0;
  const put = (column: number, word: string | null) => {
    if (lastWords[column] !== word) {
      let place = known.get(word);
      if (place === undefined) known.set(word, (place = known.size));
      lastWords[column] = word;
      lastPlaces[column] = place;
    }
    numbers[at + column] = lastPlaces[column] as number;
  };
  for (const [index, record] of records.entries()) {
    const { counters } = record;
    put(0, record.tool);
    put(1, record.provider);
    put(2, record.model);
    put(3, record.sessionId);
    put(4, record.cwd);
    put(5, record.loggedBranch);
    put(6, record.loggedCommit);
    numbers[at + 7] = counters.input;
    numbers[at + 8] = counters.output;
    numbers[at + 9] = counters.reasoning;
    numbers[at + 10] = counters.cacheRead;
    numbers[at + 11] = counters.cacheWrite5m;
    numbers[at + 12] = counters.cacheWrite1h;
    numbers[at + 13] = counters.webSearches;
    numbers[at + AT] = record.atMs;
    numbers[at + FAST] = record.fast ? 1 : 0;
    numbers[at + APPROXIMATE] = record.approximate ? 1 : 0;
    numbers[at + REPORTED] = record.reportedNanoUsd ?? Number.NaN;
    if (record.files.length > 0) files.set(index, record.files);
    at += WIDTH;
  }
  return {
    count: records.length,
    keys: records.map(({ key }) => key),
    variants: records.map(({ variant }) => variant),
    words: [...known.keys()],
    numbers,
    files,
  };
}

const NO_FILES: readonly string[] = [];

function unpack({ count, keys, variants, words, numbers, files }: PackedRecords): SourceRecord[] {
  return Array.from({ length: count }, (_, index) => {
    const base = index * WIDTH;
    const number = (column: number) => numbers[base + column] as number;
    const word = (column: number) => words[number(column)] as string | null;
    const reported = number(REPORTED);
    return {
      key: keys[index] as string,
      variant: variants[index] as string | null,
      tool: word(0) as string,
      provider: word(1) as string,
      model: word(2) as string,
      sessionId: word(3) as string,
      cwd: word(4),
      loggedBranch: word(5),
      loggedCommit: word(6),
      counters: {
        input: number(7),
        output: number(8),
        reasoning: number(9),
        cacheRead: number(10),
        cacheWrite5m: number(11),
        cacheWrite1h: number(12),
        webSearches: number(13),
      },
      atMs: number(AT),
      fast: number(FAST) === 1,
      approximate: number(APPROXIMATE) === 1,
      reportedNanoUsd: Number.isNaN(reported) ? null : reported,
      files: files.get(index) ?? NO_FILES,
    };
  });
}
