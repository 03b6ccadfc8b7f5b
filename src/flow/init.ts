/** `boba init`: makes what is missing below `~/.boba`. Whatever is there, a link to nowhere included, stays as it is. */
import { chmodSync, lstatSync, mkdirSync, readFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { BobaError, EXIT } from "../core/errors.ts";
import type { SetupReport } from "../core/setup.ts";
import { hasCode, writeNewFile } from "../platform/fs.ts";
import { PACKAGE_ROOT } from "../platform/paths.ts";
import type { App } from "./app.ts";
import { copySchemas } from "./editor-schemas.ts";

const FOLDER_MODE = 0o700;
const FILE_MODE = 0o644;
const SECRET_MODE = 0o600;

/** @throws BobaError BOBA-FS-1 when something cannot be made. */
export function setUp(app: App): SetupReport {
  const { home, logDir, backups, gitHooks, profiles, routes, pricing, settings, secrets } = app.paths;
  const report = { home, made: [] as string[], kept: [] as string[] };
  const note = (path: string, made: boolean) => void (made ? report.made : report.kept).push(relative(home, path) || ".");
  try {
    for (const folder of [home, logDir, backups, gitHooks]) note(folder, makeFolder(folder));
    for (const file of [profiles, routes, pricing, settings]) note(file, makeFile(file, template(file), FILE_MODE));
    note(secrets, makeFile(secrets, template(secrets), SECRET_MODE));
    note(`${secrets}.example`, makeFile(`${secrets}.example`, template(secrets), FILE_MODE));
    note(app.paths.schemas, copySchemas(app.paths));
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    const path = "path" in error ? String(error.path) : home;
    throw new BobaError(
      "BOBA-FS-1",
      EXIT.permission,
      `${path} cannot be made (${String(error.code)})`,
      `check that ${home} is a folder you may write to, or name another one in BOBA_HOME`,
      error,
    );
  }
  return report;
}

/** The bytes of what a new file begins with, by its name. */
export const template = (file: string): Buffer => readFileSync(join(PACKAGE_ROOT, "templates", "config", basename(file)));

function makeFolder(path: string): boolean {
  // Through a link too: only a folder that was made here gets its mode from here.
  if (mkdirSync(path, { recursive: true, mode: FOLDER_MODE }) === undefined) return false;
  chmodSync(path, FOLDER_MODE);
  return true;
}

/** Makes a file that is not there; false when there is something of that name. @throws the system's error. */
export function makeFile(path: string, text: Buffer, mode: number): boolean {
  try {
    writeNewFile(path, text, mode);
  } catch (error) {
    if (hasCode(error, "EEXIST") || isThere(path)) return false;
    throw error;
  }
  chmodSync(path, mode);
  return true;
}

/** In a folder that may not be written, the system says so before it looks whether the file is there. */
function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
