/** Changes of values in one of the user's YAML files, worked out before anything is written; comments stay. */
import { realpathSync, rmSync, statSync } from "node:fs";
import type { Document } from "yaml";
import { BobaError, EXIT } from "../core/errors.ts";
import { hasCode, readIfThere, writeFileAtomic } from "../platform/fs.ts";

export interface ValueEdit {
  path: readonly string[];
  /** Undefined removes what is at `path`. */
  value: unknown;
  /** The value goes to the end of the list at `path`. */
  append?: boolean;
}

export interface PlannedEdit {
  /** Where the bytes are: behind a link, if the file is one. */
  file: string;
  /** Null: there is no file yet. */
  before: Buffer | null;
  after: string;
}

type Yaml = typeof import("yaml");

/**
 * What `file` would hold after the edits. A name in a path also finds the entry of a list that has it as its `key` or `name`.
 * @throws BobaError BOBA-BUD-7 when the file is no YAML, or has a value of another kind in the way.
 */
export async function planEdit(file: string, edits: readonly ValueEdit[]): Promise<PlannedEdit> {
  const yaml = await import("yaml");
  const { parseDocument } = yaml;
  const before = readIfThere(file);
  const text = before?.toString("utf8") ?? "";
  const document: Document = parseDocument(text);
  if (document.errors.length > 0) throw inTheWay(file, "it is not valid YAML");
  const isBlank = document.contents === null;
  // Nothing but comments: they stay in front of what is added.
  const target: Document = isBlank ? parseDocument("") : document;
  for (const edit of edits) change(yaml, target, file, edit);
  const front = isBlank && text.trim() !== "" ? `${text.trimEnd()}\n\n` : "";
  return { file: behindLinks(file), before, after: target.contents === null ? text : front + target.toString({ lineWidth: 0 }) };
}

function change({ isSeq, isMap, isScalar }: Yaml, document: Document, file: string, { path, value, append = false }: ValueEdit): void {
  const found: (string | number)[] = [];
  for (const [at, name] of path.entries()) {
    const list: unknown = document.getIn(found, true);
    const items = isSeq(list) ? list.items : [];
    const index = items.findIndex((item) => isMap(item) && (item.has("key") ? item.get("key") : item.get("name")) === name);
    found.push(index >= 0 ? index : name);
    const isLast = at === path.length - 1;
    if (isLast && !append) continue;
    const there: unknown = document.getIn(found, true);
    const isEmpty = there === undefined || (isScalar(there) && there.value === null);
    if (isEmpty && value === undefined) return;
    if (isEmpty) document.setIn(found, document.createNode(isLast ? [] : {}));
    else if (isScalar(there)) throw inTheWay(file, `\`${found.join(".")}\` holds a single value`);
  }
  if (append) document.addIn(found, document.createNode(value));
  else if (value === undefined) {
    if (document.hasIn(found)) document.deleteIn(found);
  } else document.setIn(found, value);
}

const OWNER_ONLY = 0o600;

/** Writes it. @throws BobaError BOBA-BUD-8 when somebody else changed the file meanwhile; it is then left alone. */
export function writePlanned({ file, before, after }: PlannedEdit): void {
  replace(file, before, Buffer.from(after));
}

/** Puts `now` (null: no file) in the place of what is known to be there. @throws BobaError BOBA-BUD-8 when that is something else. */
export function replace(file: string, known: Buffer | null, now: Buffer | null): void {
  const found = readIfThere(file);
  if (found === null ? known !== null : known === null || !found.equals(known)) {
    throw new BobaError("BOBA-BUD-8", EXIT.failed, `${file} was changed meanwhile`, "look at it, then run the same command again");
  }
  const mode = (statSync(file, { throwIfNoEntry: false })?.mode ?? OWNER_ONLY) & 0o777;
  if (now === null) rmSync(file, { force: true });
  else writeFileAtomic(file, now, mode);
}

function behindLinks(file: string): string {
  try {
    return realpathSync(file);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return file;
    throw error;
  }
}

function inTheWay(file: string, why: string): BobaError {
  return new BobaError("BOBA-BUD-7", EXIT.usage, `${file} cannot be edited: ${why}`, "correct it by hand");
}
