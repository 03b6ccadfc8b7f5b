/** What an edit changes, as lines of a unified diff. Pure. */

const CONTEXT = 3;
/** Above this the changed middle is shown as taken out and put in whole: a configuration file never is. */
const MAX_CELLS = 4_000_000;

interface Line {
  mark: " " | "-" | "+";
  text: string;
}

/** Hunks with three lines of context; none when the texts are the same. */
export function unifiedDiff(before: string, after: string): string[] {
  const lines = changes(linesOf(before), linesOf(after));
  const shown = lines.map((_, at) => lines.slice(Math.max(0, at - CONTEXT), at + CONTEXT + 1).some(({ mark }) => mark !== " "));
  const out: string[] = [];
  let [oldAt, newAt] = [1, 1];
  for (const [at, { mark, text }] of lines.entries()) {
    if (shown[at] === true) {
      if (shown[at - 1] !== true) out.push(header(lines, shown, at, oldAt, newAt));
      out.push(`${mark}${text}`);
    }
    if (mark !== "+") oldAt++;
    if (mark !== "-") newAt++;
  }
  return out;
}

function header(lines: readonly Line[], shown: readonly boolean[], start: number, oldAt: number, newAt: number): string {
  const end = shown.indexOf(false, start);
  const hunk = lines.slice(start, end < 0 ? lines.length : end);
  const range = (at: number, skip: Line["mark"]) => {
    const count = hunk.filter(({ mark }) => mark !== skip).length;
    return `${count === 0 ? at - 1 : at},${count}`;
  };
  return `@@ -${range(oldAt, "+")} +${range(newAt, "-")} @@`;
}

function linesOf(text: string): string[] {
  if (text === "") return [];
  return (text.endsWith("\n") ? text.slice(0, -1) : text).split("\n");
}

function changes(before: readonly string[], after: readonly string[]): Line[] {
  let front = 0;
  while (front < before.length && front < after.length && before[front] === after[front]) front++;
  let back = 0;
  while (back < before.length - front && back < after.length - front && before.at(-1 - back) === after.at(-1 - back)) back++;
  const same = (lines: readonly string[]): Line[] => lines.map((text) => ({ mark: " ", text }));
  const middle = longest(before.slice(front, before.length - back), after.slice(front, after.length - back));
  return [...same(before.slice(0, front)), ...middle, ...same(before.slice(before.length - back))];
}

/** By the longest common subsequence: lengths from every pair of places to the ends, then forwards along them. */
function longest(before: readonly string[], after: readonly string[]): Line[] {
  const removed = (text: string): Line => ({ mark: "-", text });
  const added = (text: string): Line => ({ mark: "+", text });
  if (before.length * after.length > MAX_CELLS) return [...before.map(removed), ...after.map(added)];
  const width = after.length + 1;
  const lengths = new Uint32Array((before.length + 1) * width);
  const lengthAt = (at: number, to: number) => lengths[at * width + to] as number;
  for (let at = before.length - 1; at >= 0; at--) {
    for (let to = after.length - 1; to >= 0; to--) {
      lengths[at * width + to] =
        before[at] === after[to] ? lengthAt(at + 1, to + 1) + 1 : Math.max(lengthAt(at + 1, to), lengthAt(at, to + 1));
    }
  }
  const lines: Line[] = [];
  let [at, to] = [0, 0];
  while (at < before.length || to < after.length) {
    if (at < before.length && to < after.length && before[at] === after[to]) {
      lines.push({ mark: " ", text: before[at++] as string });
      to++;
    } else if (at < before.length && (to === after.length || lengthAt(at + 1, to) >= lengthAt(at, to + 1))) {
      lines.push(removed(before[at++] as string));
    } else lines.push(added(after[to++] as string));
  }
  return lines;
}
