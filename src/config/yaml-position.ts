/** Where in a YAML file a key or value stands. */
import type { Document, LineCounter } from "yaml";

/** From 1, as editors count. */
export interface Place {
  line: number;
  column: number;
}

/** The place of the key (or list item) at `where`, or of the nearest thing around it that is in the file. */
export function placeOf(document: Document.Parsed, lines: LineCounter, where: readonly PropertyKey[]): Place {
  for (let depth = where.length; depth > 0; depth--) {
    const found = itemAt(document, where.slice(0, depth));
    const node = keyNode(found) ?? found;
    if (hasRange(node)) return placeAt(lines, node.range[0]);
  }
  return { line: 1, column: 1 };
}

/** Where the text of the value at `where` begins: after its opening quote, or on the line below a `|` or `>`. */
export function textPlaceOf(document: Document.Parsed, lines: LineCounter, where: readonly PropertyKey[], text: string): Place {
  const found = itemAt(document, where);
  const node = typeof found === "object" && found !== null && "value" in found && keyNode(found) !== null ? found.value : found;
  if (!hasRange(node)) return placeOf(document, lines, where);
  const kind = "type" in node ? String(node.type) : "";
  let offset = node.range[0];
  if (kind.startsWith("QUOTE")) offset += 1;
  if (kind.startsWith("BLOCK")) {
    const below = text.indexOf("\n", offset) + 1;
    offset = below + Math.max(0, text.slice(below).search(/\S/));
  }
  return placeAt(lines, offset);
}

export function placeAt(lines: LineCounter, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}

/** The pair of a mapping or the item of a list at `where`. */
function itemAt(document: Document.Parsed, where: readonly PropertyKey[]): unknown {
  const parent = where.length === 1 ? document.contents : document.getIn(where.slice(0, -1), true);
  const items: unknown[] =
    typeof parent === "object" && parent !== null && "items" in parent && Array.isArray(parent.items) ? parent.items : [];
  const last = where.at(-1);
  return items.find((item, index) => (keyNode(item) === null ? index === last : String(keyValue(item)) === String(last)));
}

function keyNode(item: unknown): object | null {
  return typeof item === "object" && item !== null && "key" in item && typeof item.key === "object" ? item.key : null;
}

function keyValue(item: unknown): unknown {
  const node = keyNode(item);
  return node !== null && "value" in node ? node.value : undefined;
}

function hasRange(node: unknown): node is { range: [number, number, number] } {
  return typeof node === "object" && node !== null && "range" in node && Array.isArray(node.range);
}
