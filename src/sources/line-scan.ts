/**
 * Finds the lines of JSON that hold a word, and takes single values out of them without building objects. The work is done by the WebAssembly
 * module of `scan/`: of a line it says either exactly what JSON.parse would find there, or that it is not sure.
 */
import type { WasmExports } from "../platform/wasm.ts";
import { ScanPlan, type Wanted } from "./scan-plan.ts";

/** What `findLine` returns: see `scan/find.ts`. */
const NONE = 0;
const READ = 1;
/** What a slot's first number says: see `scan/layout.ts`. Of a word it is `FOUND` and its place among the words. */
export const FOUND = 2;
const CODED = 3;

const NEWLINE = 10;
/** The module reads up to so many bytes beyond the end, without minding what is there. */
const CHUNK_PAD = 64;

type FindLine = (at: number, end: number, word: number, length: number, root: number) => number;

export class LineScan {
  /** What is searched. */
  readonly bytes: Buffer;
  /** To be told what is wanted, before `lookFor`. */
  readonly plan: ScanPlan;
  readonly #memory: Buffer;
  readonly #ints: Int32Array;
  readonly #doubles: Float64Array;
  readonly #find: FindLine;
  readonly #chunk: number;
  readonly #line: number;
  readonly #rowCount: number;
  readonly #rowInts: number;
  #word = 0;
  #wordLength = 0;
  #root = 0;
  /** Texts by slot, and the version that each was decoded from. */
  readonly #texts: (string | undefined)[] = [];
  readonly #versions: number[] = [];

  /** `chunkBytes` can be searched at a time. */
  constructor(exports: WasmExports, chunkBytes: number) {
    const { buffer } = exports.memory;
    this.plan = new ScanPlan(exports);
    this.#memory = Buffer.from(buffer);
    this.#ints = new Int32Array(buffer);
    this.#doubles = new Float64Array(buffer);
    this.#find = exports["findLine"] as FindLine;
    this.#chunk = this.plan.address("CHUNK");
    this.#line = this.plan.address("LINE") >> 2;
    this.#rowCount = this.plan.address("ROW_COUNT") >> 2;
    this.#rowInts = this.plan.address("ROW_BYTES") >> 2;
    if (this.#chunk + chunkBytes + CHUNK_PAD > buffer.byteLength) throw new RangeError("too large a chunk for the memory of the scan");
    this.bytes = Buffer.from(buffer, this.#chunk, chunkBytes);
  }

  /** `root` is the plan's node of a whole line; lines without `word`, in ASCII, are passed over. */
  lookFor(word: string, root: number): void {
    this.#word = this.plan.string(word);
    this.#wordLength = word.length;
    this.#root = root;
  }

  /**
   * Looks at `bytes[start, end)`, which starts with a line: calls `read` for each line whose values are known, and `parse` for those where they are not,
   * or where `read` returns false. The byte at `end` may be overwritten if there is no newline before it.
   */
  visit(start: number, end: number, read: () => boolean, parse: (start: number, end: number) => void): void {
    const stop = this.#chunk + end;
    if (this.#memory[stop - 1] !== NEWLINE) this.#memory[stop] = NEWLINE;
    for (let at = this.#chunk + start; at < stop;) {
      const found = this.#find(at, stop, this.#word, this.#wordLength, this.#root);
      if (found === NONE) return;
      const lineEnd = this.#ints[this.#line + 1] as number;
      if (found !== READ || !read()) parse((this.#ints[this.#line] as number) - this.#chunk, lineEnd - this.#chunk);
      at = lineEnd + 1;
    }
  }

  /** Objects in the list, each of which has a row. */
  get rows(): number {
    return this.#ints[this.#rowCount] as number;
  }

  /** Whether an object is there, or a flag is true. */
  has({ at }: Wanted, row = 0): boolean {
    return this.#ints[at + row * this.#rowInts] === FOUND;
  }

  /** Which of the words it is, counted from 0; below 0 for any other value, and for none. */
  word({ at }: Wanted, row = 0): number {
    return (this.#ints[at + row * this.#rowInts] as number) - FOUND;
  }

  /** A count, 0 where there is none. */
  count({ at }: Wanted): number {
    return this.#doubles[(at >> 1) + 1] as number;
  }

  /** Unix milliseconds, or null. */
  time({ at }: Wanted): number | null {
    return this.#ints[at] === FOUND ? (this.#doubles[(at >> 1) + 1] as number) : null;
  }

  /** A text that is not empty, or null. What it was the last time is not decoded again. */
  text({ at }: Wanted): string | null {
    const state = this.#ints[at] as number;
    if (state < FOUND) return null;
    const version = this.#ints[at + 1] as number;
    if (this.#versions[at] !== version) {
      this.#texts[at] = this.#decode(at, state);
      this.#versions[at] = version;
    }
    return this.#texts[at] as string;
  }

  /** The same in a row. */
  rowText({ at }: Wanted, row: number): string | null {
    const slot = at + row * this.#rowInts;
    const state = this.#ints[slot] as number;
    return state < FOUND ? null : this.#decode(slot, state);
  }

  #decode(slot: number, state: number): string {
    const start = this.#ints[slot + 2] as number;
    const end = start + (this.#ints[slot + 3] as number);
    // With its quotes, it is JSON by itself.
    if (state === CODED) return JSON.parse(this.#memory.toString("utf8", start - 1, end + 1)) as string;
    return this.#memory.toString("latin1", start, end);
  }
}
