/** Where things are in this module's memory, in bytes from its start. Whoever loads the module writes the plan and the chunk, and reads the slots. */

/** Where the line that was found last starts; four bytes on, where it ends. */
export const LINE: usize = 0x10;
/** The number of rows of that line. */
export const ROW_COUNT: usize = 0x18;

/**
 * The plan: nodes one after another. A node is what is wanted of one kind of object: the number of its entries, four bytes of nothing, then
 * the entries. An entry is a name that is wanted: the name's address, its length, a kind, the slot's address, and two arguments.
 */
export const PLAN: usize = 0x400;
export const ENTRY_BYTES: usize = 24;

/** One slot for each value that is wanted. */
export const SLOTS: usize = 0x4000;
export const SLOT_BYTES: usize = 16;
export const MAX_SLOTS: usize = 64;
/** The slots of each object in the one list that is wanted. Their addresses in the plan are counted from the start of a row. */
export const ROWS: usize = 0x4800;
export const MAX_ROWS: i32 = 128;
export const ROW_SLOTS: usize = 8;
export const ROW_BYTES: usize = 128;
/** What texts were the last time: for each a version, a length, and (after 16 bytes) the text with room for 16 more. */
export const TEXTS: usize = 0x8800;
/** What is searched. */
export const CHUNK: usize = 0x14000;

/** Kinds of entries. Text: any string; `first` is where the last one is kept (0: nowhere), `second` the most bytes it may have. */
export const TEXT: i32 = 1;
/** One of a list of words, which `first` is the address of: their number, then the address and the length of each. */
export const WORD: i32 = 2;
/** A whole number from 0 to 10^12, or null, which counts as 0. */
export const COUNT: i32 = 3;
export const FLAG: i32 = 4;
/** `2026-05-01T10:00:00.000Z`. */
export const TIME: i32 = 5;
/** An object; `first` is its node. */
export const OBJECT: i32 = 6;
/** The list; `first` is the node of its objects, whose slots are counted from the start of a row. */
export const LIST: i32 = 7;

/** What a slot's first number says. 0: there is no such name in the line. */
export const OTHER: i32 = 1;
/** There is such a value. Words add their place in the list. */
export const FOUND: i32 = 2;
/** A text that is not plain ASCII as it stands: it has escapes, or bytes of 0x80 and above. */
export const CODED: i32 = 3;
