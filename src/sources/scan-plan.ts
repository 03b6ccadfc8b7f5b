/**
 * Tells the WebAssembly module of `scan/` which values are wanted, by writing them into its memory as `scan/layout.ts` says. Each wanted value
 * has a slot. One that is wanted in two places has the same slot in both, and a line that has it in both is left to JSON.parse.
 */
import type { WasmExports } from "../platform/wasm.ts";

/** A value that is wanted; what it is given as depends on its kind. */
export interface Wanted {
  kind: "TEXT" | "WORD" | "COUNT" | "FLAG" | "TIME" | "OBJECT" | "LIST";
  /** Index of the slot's first number in the memory as 32-bit numbers. In a row: of the first row. */
  at: number;
  /** The slot's address, in a row counted from the start of the row. */
  slot: number;
  first: number;
  second: number;
}

/** What is wanted of an object, by name. */
export type Names = Readonly<Record<string, Wanted>>;

/** A comparison of the module reads up to so many bytes beyond. */
const PAD = 16;
/** Before a text that is kept: its version and its length, rounded up. */
const TEXT_HEAD = 16;

export class ScanPlan {
  readonly #exports: WasmExports;
  readonly #bytes: Buffer;
  readonly #ints: Int32Array;
  #free: number;
  readonly #end: number;
  #freeText: number;
  readonly #endOfTexts: number;
  #slots = 0;
  #rowSlots = 0;

  constructor(exports: WasmExports) {
    const { buffer } = exports.memory;
    this.#exports = exports;
    this.#bytes = Buffer.from(buffer);
    this.#ints = new Int32Array(buffer);
    this.#free = this.address("PLAN");
    this.#end = this.address("SLOTS");
    this.#freeText = this.address("TEXTS");
    this.#endOfTexts = this.address("CHUNK");
  }

  /** A number that `scan/layout.ts` exports. */
  address(name: string): number {
    return Number(this.#exports[name]);
  }

  /** A text of at most `max` bytes; a line in which it is longer is left to JSON.parse. */
  text(max: number): Wanted {
    const first = this.#freeText;
    this.#freeText = round(first + TEXT_HEAD + max + PAD, 16);
    if (this.#freeText > this.#endOfTexts) throw new RangeError("too many texts for the memory of the scan");
    return this.#slot("TEXT", first, max);
  }

  /** Which of these, in ASCII, a string is. */
  word(...words: string[]): Wanted {
    return this.#slot("WORD", this.#words(words));
  }

  /** A whole number from 0 to 10^12, 0 for null; a line in which it is anything else is left to JSON.parse. */
  count(): Wanted {
    return this.#slot("COUNT");
  }

  /** Whether it is true. */
  flag(): Wanted {
    return this.#slot("FLAG");
  }

  /** `2026-05-01T10:00:00.000Z`; a line in which a string of another form is there is left to JSON.parse. */
  time(): Wanted {
    return this.#slot("TIME");
  }

  /** An object with a node of its own: see `node`. */
  object(node: number): Wanted {
    return this.#slot("OBJECT", node);
  }

  /** A list, of whose objects each fills a row. There can be one such list. */
  list(node: number): Wanted {
    return this.#slot("LIST", node);
  }

  /** As the methods of the same names, but for the objects in a list and what is in them. */
  readonly row = {
    text: (max: number) => this.#rowSlot("TEXT", 0, max),
    word: (...words: string[]) => this.#rowSlot("WORD", this.#words(words)),
    object: (node: number) => this.#rowSlot("OBJECT", node),
  };

  /** What is wanted of one kind of object, for `object`, `list` or as the whole line. */
  node(names: Names): number {
    const entries = Object.entries(names).map(([name, wanted]) => ({ name: this.string(name), length: name.length, wanted }));
    const at = this.#put(entries.length, 0);
    for (const { name, length, wanted } of entries) {
      this.#put(name, length, this.address(wanted.kind), wanted.slot, wanted.first, wanted.second);
    }
    return at;
  }

  /** The address of an ASCII string that is put into the memory. */
  string(text: string): number {
    const at = this.#free;
    this.#reserve(round(text.length + PAD, 8));
    this.#bytes.write(text, at, "latin1");
    return at;
  }

  #words(words: readonly string[]): number {
    const places = words.flatMap((word) => [this.string(word), word.length]);
    return this.#put(words.length, 0, ...places);
  }

  #slot(kind: Wanted["kind"], first = 0, second = 0): Wanted {
    if (this.#slots === this.address("MAX_SLOTS")) throw new RangeError("too many slots for the memory of the scan");
    const slot = this.address("SLOTS") + this.#slots++ * this.address("SLOT_BYTES");
    return { kind, at: slot >> 2, slot, first, second };
  }

  #rowSlot(kind: Wanted["kind"], first = 0, second = 0): Wanted {
    if (this.#rowSlots === this.address("ROW_SLOTS")) throw new RangeError("too many slots for a row of the scan");
    const slot = this.#rowSlots++ * this.address("SLOT_BYTES");
    return { kind, at: (this.address("ROWS") + slot) >> 2, slot, first, second };
  }

  /** Returns the address of the first. */
  #put(...numbers: number[]): number {
    const at = this.#free;
    this.#reserve(numbers.length * Int32Array.BYTES_PER_ELEMENT);
    this.#ints.set(numbers, at >> 2);
    return at;
  }

  #reserve(bytes: number): void {
    this.#free += bytes;
    if (this.#free > this.#end) throw new RangeError("too large a plan for the memory of the scan");
  }
}

const round = (size: number, to: number): number => Math.ceil(size / to) * to;
