/** One edit of a YAML text, made in the text itself. */
import type { Node, Pair, YAMLMap, YAMLSeq } from "yaml";

export interface YamlEdit {
  /** Keys and list positions; a position right behind the end of a list adds to it. */
  at: readonly (string | number)[];
  /** Undefined removes what is there. */
  value: unknown;
}

type Yaml = typeof import("yaml");
type Parsed = ReturnType<Yaml["parseDocument"]>;
type Block = YAMLMap<Node, Node | null> | YAMLSeq<Node>;

/** The text with the edit made in place; null when that takes more than this knows. The caller checks what it now says. */
export function splice(yaml: Yaml, text: string, { at, value }: YamlEdit): string | null {
  const document = yaml.parseDocument(text);
  if (document.errors.length > 0) return null;
  const { contents } = document;
  if (contents === null) return value === undefined ? text : appendTo(text, block(yaml, nest(at, value), 0));
  const existing: unknown = document.getIn(at, true);
  const parent: unknown = at.length === 1 ? contents : document.getIn(at.slice(0, -1), true);
  if (value === undefined) return yaml.isCollection(parent) ? remove(yaml, text, document, at, parent as Block) : null;
  if (yaml.isSeq(existing) && Array.isArray(value)) return relist(yaml, text, at, existing as YAMLSeq<Node>, value);
  if (yaml.isNode(existing) && !isEmpty(yaml, existing)) return replace(yaml, text, existing, value);
  return insert(yaml, text, document, at, value);
}

/** In place of a value that stands within one line. */
function replace(yaml: Yaml, text: string, node: Node, value: unknown): string | null {
  const [from, to] = node.range ?? [0, 0];
  const old = text.slice(from, to);
  if (old === "" || old.includes("\n") || !(yaml.isScalar(node) || (yaml.isCollection(node) && node.flow === true))) return null;
  const fresh = typeof value === "string" && !/[[{]/.test(lineBefore(text, from)) ? scalar(yaml, value) : flow(value);
  return fresh.includes("\n") ? null : text.slice(0, from) + fresh + text.slice(to);
}

/** A key (or list item) that is not there, in the innermost collection that is. */
function insert(yaml: Yaml, text: string, document: Parsed, at: YamlEdit["at"], value: unknown): string | null {
  for (let depth = at.length - 1; depth >= 0; depth--) {
    const node: unknown = depth === 0 ? document.contents : document.getIn(at.slice(0, depth), true);
    const fresh = nest(at.slice(depth), value);
    if (yaml.isCollection(node)) return add(yaml, text, node as Block, fresh);
    if (yaml.isScalar(node) && node.value === null && depth > 0) {
      // `key:` with nothing, or only comments, behind it.
      const pair = pairAt(yaml, document, at.slice(0, depth));
      if (pair === undefined || text.slice(...range(node)) !== "" || /[[{]/.test(lineBefore(text, range(pair.key)[0]))) return null;
      const from = range(pair.key)[0];
      return insertLines(text, endOfLine(text, from), block(yaml, fresh, from - startOfLine(text, from) + 2));
    }
    if (node !== undefined) return null;
  }
  return null;
}

function add(yaml: Yaml, text: string, collection: Block, fresh: unknown): string | null {
  const last = collection.items.at(-1);
  if (collection.flow === true) {
    const inner = flow(fresh).slice(1, -1).trim();
    if (last === undefined) return text.slice(0, range(collection)[0]) + flow(fresh) + text.slice(range(collection)[1]);
    const end = endOf(yaml, last);
    return `${text.slice(0, end)}, ${inner}${text.slice(end)}`;
  }
  if (last === undefined) return null;
  const from = range(yaml.isPair(collection.items[0]) ? collection.items[0].key : collection)[0];
  const end = endOf(yaml, last);
  // A `|` text ends behind its last line break.
  const lastLine = text[end - 1] === "\n" ? end - 1 : endOfLine(text, end);
  return insertLines(text, lastLine, block(yaml, fresh, from - startOfLine(text, from)));
}

/** Takes the lines of one key or item out; comments around it stay. */
function remove(yaml: Yaml, text: string, document: Parsed, at: YamlEdit["at"], collection: Block): string | null {
  const name = at.at(-1);
  const item = collection.items.find((one, index) => (yaml.isPair(one) ? nameOf(yaml, one.key) === name : index === name));
  if (item === undefined || collection.flow === true) return null;
  const from = startOfLine(text, range(yaml.isPair(item) ? item.key : item)[0]);
  const end = endOf(yaml, item);
  const to = text[end - 1] === "\n" ? end : endOfLine(text, end) + 1;
  const without = text.slice(0, from) + text.slice(to);
  if (collection.items.length > 1 || at.length === 1) return without;
  // The last of its kind: `key:` alone would be no list or mapping any more.
  const key = pairAt(yaml, document, at.slice(0, -1))?.key;
  if (key === undefined || text[range(key)[1]] !== ":" || range(key)[1] > from) return null;
  const colon = range(key)[1] + 1;
  return `${without.slice(0, colon)} ${yaml.isMap(collection) ? "{}" : "[]"}${without.slice(colon)}`;
}

function pairAt(yaml: Yaml, document: Parsed, at: YamlEdit["at"]): Pair<Node> | undefined {
  const parent: unknown = at.length === 1 ? document.contents : document.getIn(at.slice(0, -1), true);
  return yaml.isMap(parent) ? (parent.items as Pair<Node>[]).find(({ key }) => nameOf(yaml, key) === at.at(-1)) : undefined;
}

/** A list that loses items and gains some at its end, item by item, so that comments between them stay. */
function relist(yaml: Yaml, text: string, at: YamlEdit["at"], list: YAMLSeq<Node>, values: readonly unknown[]): string | null {
  if (list.flow === true) return replace(yaml, text, list, values);
  const old = list.items.map((item) => JSON.stringify(item.toJSON()));
  const fresh = values.map((value) => JSON.stringify(value));
  let kept = 0;
  const gone: number[] = [];
  for (const [index, item] of old.entries()) {
    if (item === fresh[kept]) kept++;
    else gone.unshift(index);
  }
  let current: string | null = text;
  for (let index = kept; index < fresh.length && current !== null; index++)
    current = splice(yaml, current, { at: [...at, old.length + index - kept], value: values[index] });
  for (const index of gone) current = current === null ? null : splice(yaml, current, { at: [...at, index], value: undefined });
  return current;
}

/** `value` below keys: `["a", "b"]` gives `{ a: { b: value } }`; a number begins a list. */
export function nest(at: YamlEdit["at"], value: unknown): unknown {
  return at.reduceRight((inner: unknown, key) => (typeof key === "number" ? [inner] : { [key]: inner }), value);
}

function block(yaml: Yaml, value: unknown, indent: number): string {
  return yaml
    .stringify(value, { lineWidth: 0 })
    .trimEnd()
    .replaceAll(/^(?=.)/gm, " ".repeat(indent));
}

/** JSON with the spaces that people write. */
function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([key, inner]) => `${/^[A-Za-z_][\w.-]*$/.test(key) ? key : JSON.stringify(key)}: ${flow(inner)}`)
    .join(", ")} }`;
}

const scalar = (yaml: Yaml, value: string): string => yaml.stringify(value, { lineWidth: 0 }).trimEnd();

function insertLines(text: string, at: number, lines: string): string {
  const end = text.includes("\r\n") ? "\r\n" : "\n";
  const before = text.slice(0, at).replace(/\r$/, "");
  const after = text.slice(before.length);
  return `${before}${end}${lines.replaceAll("\n", end)}${after === "" ? end : after}`;
}

/** Behind a text of comments alone. */
function appendTo(text: string, lines: string): string {
  const end = text.includes("\r\n") ? "\r\n" : "\n";
  return `${text.trim() === "" ? "" : `${text.trimEnd()}${end}${end}`}${lines.replaceAll("\n", end)}${end}`;
}

function endOf(yaml: Yaml, item: unknown): number {
  if (yaml.isPair(item)) return item.value === null ? range(item.key as Node)[1] + 1 : lastOf(yaml, item.value as Node);
  return lastOf(yaml, item as Node);
}

/** Where a value's own text ends: a collection's range would take in the comments behind it. */
function lastOf(yaml: Yaml, node: Node): number {
  if (!yaml.isCollection(node) || node.flow === true || node.items.length === 0) return range(node)[1];
  return endOf(yaml, node.items.at(-1));
}

const range = (node: Node): [number, number] => [node.range?.[0] ?? 0, node.range?.[1] ?? 0];
const startOfLine = (text: string, at: number): number => text.lastIndexOf("\n", at - 1) + 1;
const lineBefore = (text: string, at: number): string => text.slice(startOfLine(text, at), at);

function endOfLine(text: string, at: number): number {
  const found = text.indexOf("\n", at);
  return found < 0 ? text.length : found;
}

function nameOf(yaml: Yaml, key: Node): unknown {
  return yaml.isScalar(key) ? key.value : undefined;
}

function isEmpty(yaml: Yaml, node: Node): boolean {
  return yaml.isScalar(node) && node.value === null;
}
