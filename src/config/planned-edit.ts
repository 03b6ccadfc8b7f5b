/** Changes of values in one of the user's YAML files, worked out before anything is written. */
import { rmSync, statSync } from "node:fs";
import type { Document } from "yaml";
import { BobaError, EXIT } from "../core/errors.ts";
import { readIfThere, writeFileAtomic } from "../platform/fs.ts";
import { behindLinks, editedText } from "./edit-yaml.ts";

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

/**
 * What `file` would hold after the edits. A name in a path also finds the entry of a list that has it as its `key` or `name`.
 * @throws BobaError BOBA-BUD-7 when the file has a value of another kind in the way.
 */
export async function planEdit(file: string, edits: readonly ValueEdit[]): Promise<PlannedEdit> {
  const yaml = await import("yaml");
  const before = readIfThere(file);
  let after = before?.toString("utf8") ?? "";
  for (const { path, value, append = false } of edits) {
    const at = placesOf(yaml, yaml.parseDocument(after), file, path, append);
    after = await editedText(after, [{ at, value }]);
  }
  return { file: behindLinks(file), before, after };
}

type Yaml = typeof import("yaml");

/** The path with positions instead of names where it goes through a list; with `append`, the one behind the list's end. */
function placesOf(yaml: Yaml, document: Document, file: string, path: readonly string[], append: boolean): (string | number)[] {
  const at: (string | number)[] = [];
  for (const name of path) {
    const parent: unknown = document.getIn(at, true);
    if (yaml.isScalar(parent) && parent.value !== null) {
      throw new BobaError(
        "BOBA-BUD-7",
        EXIT.usage,
        `${file} cannot be edited: \`${at.join(".")}\` is a single value`,
        "correct it by hand",
      );
    }
    const items = yaml.isSeq(parent) ? parent.items : [];
    const index = items.findIndex((item) => yaml.isMap(item) && (item.has("key") ? item.get("key") : item.get("name")) === name);
    at.push(index >= 0 ? index : name);
  }
  const list: unknown = document.getIn(at, true);
  return append ? [...at, yaml.isSeq(list) ? list.items.length : 0] : at;
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
  else writeFileAtomic(file, now, mode, { exactMode: true });
}
