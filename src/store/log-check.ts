/** Looks into SQLite's log (`usage.db-wal`) before SQLite does: from the first damaged page on it takes nothing in, and tells nobody. */
import { readIfThere } from "../platform/fs.ts";
import { pause } from "../platform/pause.ts";

/** https://sqlite.org/fileformat2.html#the_write_ahead_log */
const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
const MAGIC = 0x377f0682;

/** Pages of the log, and how many of those that belong to finished transactions come behind a damaged one. */
export interface LogState {
  pages: number;
  unreadable: number;
}

/** Longer than SQLite takes to write what it has of a transaction. */
const SETTLED_MS = 50;

/** Null when there is no log, when it is no log, or while somebody writes to it. */
export function logState(database: string): LogState | null {
  const path = `${database}-wal`;
  const bytes = readIfThere(path);
  if (bytes === null) return null;
  const state = stateOf(bytes);
  if (state === null || state.unreadable === 0) return state;
  // Half of a page that is being written looks like damage, but damage stays as it is.
  pause(SETTLED_MS);
  return readIfThere(path)?.equals(bytes) === true ? state : null;
}

function stateOf(bytes: Buffer): LogState | null {
  if (bytes.length <= HEADER_BYTES) return null;
  const isBigEndian = bytes.readUInt32BE(0) === MAGIC + 1;
  if (!isBigEndian && bytes.readUInt32BE(0) !== MAGIC) return null;
  return countFrames(bytes, isBigEndian);
}

function countFrames(bytes: Buffer, isBigEndian: boolean): LogState {
  const frameBytes = FRAME_HEADER_BYTES + bytes.readUInt32BE(8);
  const salts = bytes.subarray(16, 24);
  let sum = checksum([0, 0], bytes.subarray(0, 24), isBigEndian);
  let isIntact = sum[0] === bytes.readUInt32BE(24) && sum[1] === bytes.readUInt32BE(28);
  let [pages, intact, finished] = [0, 0, 0];
  for (let at = HEADER_BYTES; at + frameBytes <= bytes.length; at += frameBytes) {
    const isCurrent = bytes.subarray(at + 8, at + 16).equals(salts);
    // Behind the newest page lie those of an earlier round, which have other salts.
    if (!isCurrent && isIntact && !anyCurrent(bytes, at, frameBytes, salts)) break;
    pages++;
    if (isIntact) {
      sum = checksum(
        checksum(sum, bytes.subarray(at, at + 8), isBigEndian),
        bytes.subarray(at + FRAME_HEADER_BYTES, at + frameBytes),
        isBigEndian,
      );
      isIntact = isCurrent && sum[0] === bytes.readUInt32BE(at + 16) && sum[1] === bytes.readUInt32BE(at + 20);
    }
    if (isIntact) intact = pages;
    // The last page of a transaction says how large the database is then; a transaction without one was never finished.
    if (isCurrent && bytes.readUInt32BE(at + 4) > 0) finished = pages;
  }
  return { pages, unreadable: Math.max(0, finished - intact) };
}

function anyCurrent(bytes: Buffer, from: number, frameBytes: number, salts: Buffer): boolean {
  for (let at = from; at + frameBytes <= bytes.length; at += frameBytes) if (bytes.subarray(at + 8, at + 16).equals(salts)) return true;
  return false;
}

type Sum = readonly [number, number];

function checksum([first, second]: Sum, data: Buffer, isBigEndian: boolean): Sum {
  let [a, b] = [first, second];
  for (let at = 0; at < data.length; at += 8) {
    a = (a + (isBigEndian ? data.readUInt32BE(at) : data.readUInt32LE(at)) + b) >>> 0;
    b = (b + (isBigEndian ? data.readUInt32BE(at + 4) : data.readUInt32LE(at + 4)) + a) >>> 0;
  }
  return [a, b];
}
