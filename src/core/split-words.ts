/** A line of words as people write programs in variables: `code --wait`, `"/opt/my editor/ed" -x`. No shell, no expansion of anything. */

/** The words of a line; quotes hold spaces, a backslash takes the next letter as it is (not in single quotes). Null when a quote is not closed. */
export function splitWords(line: string): string[] | null {
  const words: string[] = [];
  let word: string | null = null;
  let quote = "";
  for (let at = 0; at < line.length; at++) {
    const letter = line[at] as string;
    if (letter === "\\" && quote !== "'" && at + 1 < line.length) {
      at += 1;
      // As shells do: in double quotes a backslash is one unless something special follows.
      word = `${word ?? ""}${quote === '"' && !/["\\$`]/.test(line[at] as string) ? "\\" : ""}${line[at] as string}`;
    } else if (quote !== "") {
      if (letter === quote) quote = "";
      else word = `${word ?? ""}${letter}`;
    } else if (letter === '"' || letter === "'") {
      quote = letter;
      word ??= "";
    } else if (/\s/.test(letter)) {
      if (word !== null) words.push(word);
      word = null;
    } else word = `${word ?? ""}${letter}`;
  }
  if (quote !== "") return null;
  return word === null ? words : [...words, word];
}
