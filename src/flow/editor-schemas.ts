/**
 * Copies of the JSON Schemas beside the configuration files, for editors: the first line of each template names its schema by `./schemas/...`.
 * A path relative to the file stays true when Node.js or boba move to another folder, and in files that a team shares; the copies are boba's own, and
 * are renewed by every `boba init`, `boba doctor` and `boba edit` of a newer version.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readIfThere, writeFileAtomic } from "../platform/fs.ts";
import { PACKAGE_ROOT, type Paths } from "../platform/paths.ts";

/** Writes those that are missing or of another version; whether there were any. */
export function copySchemas(paths: Paths): boolean {
  const from = join(PACKAGE_ROOT, "schemas");
  let wrote = false;
  for (const name of readdirSync(from)) {
    const wanted = readFileSync(join(from, name));
    const path = join(paths.schemas, name);
    if (readIfThere(path)?.equals(wanted) === true) continue;
    writeFileAtomic(path, wanted);
    wrote = true;
  }
  return wrote;
}
