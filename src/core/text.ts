/** Makes text of others fit to print: branch names, subjects, authors and paths may hold anything. */

// C0, DEL and C1 controls, soft hyphen, Arabic letter mark, zero-width and directional marks, line separators, bidi overrides and
// isolates, byte order mark, interlinear and tag characters, lone surrogates: Unicode TR36 (security) names them as what deceives.
const DECEIVING = /\p{Cc}|[\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]|\p{Cs}/gu;

/** One line that a terminal shows as it is: white space becomes a space, what could steer the terminal is spelled out (`\u001b`). */
export function printable(text: string): string {
  return text.replace(/[\t\n\r\v\f]+/g, " ").replace(DECEIVING, escapeCharacter);
}

/** Text of several lines that a terminal shows as it is; what could steer the terminal is spelled out. */
export function printableLines(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, (found) => (found === "\r" ? "" : escapeCharacter(found)));
}

/** JSON text whose strings hold no character that steers a terminal; the same value to any parser. */
export function safeJson(value: unknown, indent = 2): string {
  return JSON.stringify(value, null, indent).replace(
    /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g,
    escapeCharacter,
  );
}

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0) as number;
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, "0")}`;
}

// East Asian Wide and Fullwidth blocks and emoji, Unicode Annex 11; enough for aligning columns.
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const COMBINING = /\p{Mn}|\p{Me}/u;

/** How many columns a terminal gives to `text`. */
export function displayWidth(text: string): number {
  if (/^[\u0020-\u007e]*$/.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += COMBINING.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return width;
}

/** `text` in at most `width` columns, its end replaced by an ellipsis when it is longer. */
export function truncate(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let kept = "";
  let used = 0;
  for (const character of text) {
    const next = displayWidth(character);
    if (used + next > width - 1) break;
    kept += character;
    used += next;
  }
  return `${kept}…`;
}

/** `text` filled up with spaces to `width` columns. */
export function pad(text: string, width: number, align: "left" | "right"): string {
  const fill = " ".repeat(Math.max(0, width - displayWidth(text)));
  return align === "left" ? text + fill : fill + text;
}

const BLOCK_CHARS = 65_536;

/** Joins small texts to blocks: a system call for each line would take longer than making it. */
export function* inBlocks(texts: Iterable<string>): Generator<string> {
  let block = "";
  for (const text of texts) {
    block += text;
    if (block.length < BLOCK_CHARS) continue;
    yield block;
    block = "";
  }
  if (block !== "") yield block;
}

/** A word as a POSIX shell reads it back unchanged. */
export function shellQuote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/** E.g. `12 KiB`, `3.4 MiB`, `1.20 GiB`. */
export function byteSize(bytes: number): string {
  if (bytes < 1024 * 1024) return `${Math.ceil(bytes / 1024)} KiB`;
  return bytes < 1024 ** 3 ? `${(bytes / 1024 ** 2).toFixed(1)} MiB` : `${(bytes / 1024 ** 3).toFixed(2)} GiB`;
}
