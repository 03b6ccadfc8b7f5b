/** A condition that is refused: what is wrong, where, and what to write instead. */
import { nearest } from "../nearest.ts";

export class ConditionError extends Error {
  /** From 1, in UTF-16 units, within the condition. */
  readonly column: number;
  readonly hint: string;

  /** `offset` counts from 0. */
  constructor(message: string, offset: number, hint: string) {
    super(message);
    this.name = "ConditionError";
    this.column = offset + 1;
    this.hint = hint;
  }
}

/** `text` in quotes, short enough for a message, with nothing in it that steers a terminal. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}...` : text);
}

const MAX_QUOTED = 40;

/** `did you mean "x"? ` when one of `names` is what was meant, else nothing. */
export function didYouMean(name: string, names: readonly string[]): string {
  const near = nearest(name, names);
  return near === null ? "" : `did you mean ${JSON.stringify(near)}? `;
}
