/** The far side of reading in a thread: reads one source's files and sends what it finds, never more than one parcel ahead of the ledger. */
import type { NearSide } from "../platform/thread.ts";
import type { Source } from "../sources/source.ts";
import { packParcel, type PackedParcel } from "./pack.ts";
import { emptyTally, readFiles, type Reading, type Tally } from "./read-files.ts";

/** What the thread is started with. */
export interface ReadOrder {
  source: string;
  reading: Reading;
  /** Shared: see `BEAT`. */
  beat: SharedArrayBuffer;
}

/** What the thread sends: what it has read since the last time, or that it has read everything. */
export interface ReadNews {
  parcel: PackedParcel | null;
  /** All of it so far. */
  tally: Tally;
}

/** Where in the shared numbers the thread says how it is getting on, and is told how many parcels are stored. */
export const BEAT = { steps: 0, fileIndex: 1, stored: 2, length: 3 } as const;

const MAX_AHEAD = 2;

/** Reads what was ordered of whichever of `sources` was named. */
export function serveReads(sources: readonly Source[], near: NearSide): void {
  const { source: id, reading, beat } = near.data as ReadOrder;
  const source = sources.find((one) => one.id === id);
  if (source === undefined) throw new Error("asked to read a source that is not in the list");
  const numbers = new Int32Array(beat);
  const tally = emptyTally();
  const step = (index: number) => {
    Atomics.store(numbers, BEAT.fileIndex, index);
    Atomics.add(numbers, BEAT.steps, 1);
  };
  let sent = 0;
  for (const parcel of readFiles(source, reading, tally, step)) {
    for (let stored = Atomics.load(numbers, BEAT.stored); sent - stored >= MAX_AHEAD; stored = Atomics.load(numbers, BEAT.stored)) {
      Atomics.wait(numbers, BEAT.stored, stored);
    }
    const packed = packParcel(parcel);
    near.post({ parcel: packed, tally } satisfies ReadNews, [packed.records.numbers.buffer, packed.totals.numbers.buffer]);
    sent++;
  }
  near.post({ parcel: null, tally } satisfies ReadNews, []);
}
