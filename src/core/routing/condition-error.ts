/** A condition that is refused: what is wrong, where, and what to write instead. */

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

/** `did you mean "x"? ` when one of `names` is at most a third of its letters away from `name`, else nothing. */
export function didYouMean(name: string, names: readonly string[]): string {
  const ranked = names
    .map((candidate) => ({ candidate, distance: editDistance(name.toLowerCase().slice(0, 64), candidate.toLowerCase()) }))
    .filter(({ candidate, distance }) => distance <= Math.max(1, Math.floor(candidate.length / 3)))
    .sort((a, b) => a.distance - b.distance);
  return ranked[0] === undefined ? "" : `did you mean ${JSON.stringify(ranked[0].candidate)}? `;
}

/** Letters to insert, delete, replace or swap with their neighbour (optimal string alignment). */
function editDistance(from: string, to: string): number {
  const rows = [Array.from({ length: to.length + 1 }, (_, at) => at)];
  const cell = (i: number, j: number): number => rows[i]?.[j] ?? Number.POSITIVE_INFINITY;
  for (let i = 1; i <= from.length; i++) {
    rows.push([i]);
    for (let j = 1; j <= to.length; j++) {
      const swapped = from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1] ? cell(i - 2, j - 2) + 1 : Number.POSITIVE_INFINITY;
      const replaced = cell(i - 1, j - 1) + (from[i - 1] === to[j - 1] ? 0 : 1);
      (rows[i] as number[])[j] = Math.min(cell(i - 1, j) + 1, cell(i, j - 1) + 1, replaced, swapped);
    }
  }
  return cell(from.length, to.length);
}
