/** "Did you mean ...?": the known word that a mistyped one comes closest to. */

const MAX_LENGTH = 64;

/** The word of `known` within two typing errors of `word` (one for short words); null when none is. The first of equals. */
export function nearest(word: string, known: Iterable<string>): string | null {
  if (word.length > MAX_LENGTH) return null;
  const typed = word.toLowerCase();
  let best: string | null = null;
  let least = word.length <= 4 ? 2 : 3;
  for (const candidate of known) {
    if (candidate.length > MAX_LENGTH || Math.abs(candidate.length - word.length) >= least) continue;
    const errors = distance(typed, candidate.toLowerCase());
    if (errors < least) [best, least] = [candidate, errors];
  }
  return best;
}

/** Ends a message: a suggestion if there is one, else what there is (at most twelve of them). */
export function suggest(word: string, known: readonly string[]): string {
  const near = nearest(word, known);
  if (near !== null) return `did you mean \`${near}\`?`;
  if (known.length === 0) return "there is none";
  return `there ${known.length === 1 ? "is" : "are"}: ${known.slice(0, 12).join(", ")}${known.length > 12 ? ", ..." : ""}`;
}

/** Typing errors between two words: a letter more, less, other, or two swapped (optimal string alignment). */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const line = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      line[column] = Math.min(
        (above[column] as number) + 1,
        (line[column - 1] as number) + 1,
        (above[column - 1] as number) + (same ? 0 : 1),
        swapped ? (before[column - 2] as number) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    [before, above] = [above, line];
  }
  return above[b.length] as number;
}
