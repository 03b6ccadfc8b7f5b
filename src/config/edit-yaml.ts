/** Changes single values of a YAML file and leaves every other byte, comments and order included, as its owner wrote it. */
import { lstatSync, readlinkSync, realpathSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { hasCode, readIfThere, writeFileAtomic } from "../platform/fs.ts";
import { nest, type YamlEdit, splice } from "./yaml-splice.ts";

export type { YamlEdit } from "./yaml-splice.ts";

/**
 * The text after the edits, in turn. What cannot be changed in place (a list rewritten in another order, for one) is written anew with
 * the whole file, whose comments then stay too, but not its spacing.
 */
export async function editedText(text: string, edits: readonly YamlEdit[]): Promise<string> {
  const yaml = await import("yaml");
  let current = text;
  for (const edit of edits) {
    const document = yaml.parseDocument(current);
    const before = content(document);
    apply(yaml, document, edit);
    const wanted = content(document);
    if (wanted === before) continue;
    const spliced = splice(yaml, current, edit);
    // Whatever the splice did is only taken if it says the same as the library's own edit.
    if (spliced !== null && reads(yaml, spliced) === wanted) current = spliced;
    else current = matchLineEnds(current, document.toString({ lineWidth: 0 }));
  }
  return current;
}

/**
 * Edits a file in one step; it keeps its mode (`mode` is for a new one), and a link stays one. False: nothing had to be changed.
 * `check` is handed the text before and after, and throws for one that is not valid: the file is then left alone.
 */
export async function editFile(
  path: string,
  edits: readonly YamlEdit[],
  check: (path: string, text: string) => Promise<unknown>,
  mode: number,
): Promise<boolean> {
  const text = readIfThere(path)?.toString("utf8") ?? "";
  await check(path, text);
  const edited = await editedText(text, edits);
  if (edited === text) return false;
  await check(path, edited);
  replaceFile(path, edited, mode);
  return true;
}

/** Writes in one step through a link, for a file that keeps its mode; `force` gives it this one. */
export function replaceFile(path: string, text: string, mode: number, force = false): void {
  const file = behindLinks(path);
  const present = statSync(file, { throwIfNoEntry: false });
  // What the umask would take away was given on purpose (a team's file).
  writeFileAtomic(file, text, force || present === undefined ? mode : present.mode & 0o777, { exactMode: present !== undefined });
}

/** What a link leads to, there or not yet. */
export function behindLinks(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if (!hasCode(error, "ENOENT")) throw error;
    const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
    return isLink ? behindLinks(resolve(realpathSync(dirname(path)), readlinkSync(path))) : path;
  }
}

type Yaml = typeof import("yaml");

function apply(yaml: Yaml, document: import("yaml").Document, { at, value }: YamlEdit): void {
  if (value === undefined) {
    if (document.hasIn(at)) document.deleteIn(at);
    return;
  }
  if (document.contents === null) document.contents = document.createNode({});
  for (let depth = 1; depth < at.length; depth++) {
    const node: unknown = document.getIn(at.slice(0, depth), true);
    // The library would make a mapping where a list is meant, and not go into a section of comments alone.
    if (node === undefined || (yaml.isScalar(node) && node.value === null))
      return document.setIn(at.slice(0, depth), document.createNode(nest(at.slice(depth), value)));
  }
  document.setIn(at, document.createNode(value));
}

function reads(yaml: Yaml, text: string): string | null {
  const document = yaml.parseDocument(text);
  return document.errors.length > 0 ? null : content(document);
}

/** A file without keys says the same as an empty one. */
function content(document: import("yaml").Document): string {
  return JSON.stringify(document.toJS() ?? {});
}

function matchLineEnds(before: string, text: string): string {
  return before.includes("\r\n") ? text.replaceAll(/\r?\n/g, "\r\n") : text;
}
