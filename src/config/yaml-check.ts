/** What YAML allows and configuration does not. Messages never quote the file: it may hold secrets, or be a stranger's. */
import type { Document, Node, Pair } from "yaml";

export interface YamlFault {
  /** UTF-16 units from the beginning of the text. */
  offset: number;
  what: string;
}

const MAX_DEPTH = 16;
/** So many brackets, keys and items are no configuration; the parser's time grows with their square. */
const MAX_BRACKETS = 1000;
const MAX_MARKS = 4000;
const MAX_LINES = 5000;
/** Names that JavaScript objects have by themselves. */
const RESERVED = new Set(["__proto__", "constructor", "prototype"]);

/** By the parser's own codes; its messages may quote the file. */
const WORDS: Readonly<Record<string, string>> = {
  BAD_ALIAS: "a value that begins with * must be in quotes",
  BAD_DQ_ESCAPE: "\\ begins an escape in double quotes: use single quotes, where it stands for itself",
  BAD_INDENT: "the indentation does not fit the lines above",
  BAD_SCALAR_START: "a value that begins with @, ` or % must be in quotes",
  BLOCK_AS_IMPLICIT_KEY: "two keys on one line, or a value with a colon that needs quotes",
  DUPLICATE_KEY: "this key is there twice",
  MISSING_CHAR: "a closing quote or bracket, a colon, or the space after one is missing",
  MULTILINE_IMPLICIT_KEY: "expected `key: value`, with a space after the colon",
  MULTIPLE_DOCS: "a second document begins here: remove the --- line",
  RESOURCE_EXHAUSTION: "nested too deeply",
  TAB_AS_INDENT: "indent with spaces, not with tabs",
  TAG_RESOLVE_FAILED: "a value that begins with ! must be in quotes",
  UNEXPECTED_TOKEN: "unexpected text: a value with quotes, brackets or colons in it must be in quotes as a whole",
};

/** The first fault of a text that needs no parser to be seen. */
export function checkText(text: string): YamlFault | null {
  const directive = text.search(/^%/m);
  if (directive >= 0) return { offset: directive, what: "directives (lines that begin with %) are not allowed here" };
  if (text.split("\n").length > MAX_LINES) return { offset: 0, what: `more than ${MAX_LINES} lines` };
  const nested = text.search(/(?:[-?][ \t]+){17}/);
  if (nested >= 0) return { offset: nested, what: WORDS["RESOURCE_EXHAUSTION"] as string };
  let [brackets, marks] = [0, 0];
  for (const { 0: mark, index } of text.matchAll(/[[{,]|:(?=\s)|(?:^|\s)[-?&*!]/gm)) {
    if (mark === "[" || mark === "{") brackets += 1;
    marks += 1;
    if (brackets > MAX_BRACKETS || marks > MAX_MARKS) return { offset: index, what: "too many brackets, keys and list items" };
  }
  return null;
}

/** The first fault that the parser found, in our words. */
export function parserFault(document: Document.Parsed): YamlFault | null {
  const found = document.errors[0] ?? document.warnings[0];
  if (found === undefined) return null;
  return { offset: found.pos[0], what: WORDS[found.code] ?? `it cannot be parsed (${found.code.toLowerCase().replaceAll("_", " ")})` };
}

/**
 * The first fault in what was parsed: keys that are lists, repeated, or names of JavaScript's own; nesting without end.
 * With `plain`, also aliases, anchors, tags and merge keys.
 */
export function checkTree(yaml: typeof import("yaml"), document: Document.Parsed, plain: boolean): YamlFault | null {
  const pending: [Node | null | undefined, number][] = [[document.contents, 1]];
  let first: YamlFault | null = null;
  const report = (node: { range?: [number, number, number] | null | undefined } | null, what: string): void => {
    const offset = node?.range?.[0] ?? 0;
    if (first === null || offset < first.offset) first = { offset, what };
  };
  for (let entry = pending.pop(); entry !== undefined; entry = pending.pop()) {
    const [node, depth] = entry;
    if (node === null || node === undefined) continue;
    if (depth > MAX_DEPTH) return { offset: node.range?.[0] ?? 0, what: WORDS["RESOURCE_EXHAUSTION"] as string };
    if (!plain && yaml.isAlias(node) && node.resolve(document) === undefined) report(node, WORDS["BAD_ALIAS"] as string);
    if (plain) checkPlain(yaml, node, report);
    if (yaml.isMap(node)) checkKeys(yaml, node.items as Pair<Node, Node | null>[], plain, report);
    if (yaml.isCollection(node))
      for (const item of node.items as (Node | Pair<Node, Node | null>)[]) {
        if (yaml.isPair(item)) pending.push([item.key, depth + 1], [item.value, depth + 1]);
        else pending.push([item, depth + 1]);
      }
  }
  return first;
}

type Report = (node: Node | null, what: string) => void;

function checkPlain(yaml: typeof import("yaml"), node: Node, report: Report): void {
  if (yaml.isAlias(node)) report(node, "aliases (*name) are not allowed here");
  else if ("anchor" in node && node.anchor !== undefined) report(node, "anchors (&name) are not allowed here");
  if (node.tag !== undefined) report(node, "tags (!name) are not allowed here; a value that begins with ! must be in quotes");
}

function checkKeys(yaml: typeof import("yaml"), pairs: readonly Pair<Node, Node | null>[], plain: boolean, report: Report): void {
  const seen = new Set<string>();
  for (const { key } of pairs) {
    if (!yaml.isScalar(key)) {
      if (plain || !yaml.isAlias(key)) report(key, "a key must be one word");
      continue;
    }
    const name = String(key.value);
    if (RESERVED.has(name)) report(key, `\`${name}\` is not allowed as a key`);
    else if (seen.has(name)) report(key, WORDS["DUPLICATE_KEY"] as string);
    else if (plain && name === "<<") report(key, "merge keys (<<) are not allowed here");
    seen.add(name);
  }
}
