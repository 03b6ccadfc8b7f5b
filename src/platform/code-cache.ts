/**
 * Keeps what V8 made of the program's text, so that the next start need not compile it again: half of what a command that finds nothing
 * new takes. Node.js has this built in from 22.1 on (`module.enableCompileCache`), not in 20.
 */
import { closeSync, fstatSync, openSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { Script } from "node:vm";
import { architecture, nodeVersion, userId } from "./self.ts";

/** Of this file, which the build puts beside those it loads. */
const ownRequire = createRequire(import.meta.url);
/** https://nodejs.org/docs/latest-v20.x/api/modules.html#the-module-wrapper */
const WRAPPER = "(function (exports, require, module, __filename, __dirname) { ";

/** The program's text, loaded. */
export interface LoadedCode {
  /** Where what V8 made of it is kept. */
  path: string;
  /** When what was used was written (Unix milliseconds); null when the text was compiled. */
  keptAtMs: number | null;
  /** What V8 has made of it by now: what has run is part of it. */
  compiled(): Buffer;
}

/**
 * Loads the built CommonJS file `file` as `require` would, from what was kept in `folder` if that is ours and whole. The name of `file` has to
 * tell its text apart from any other. `keepCode` then keeps it for the next start.
 */
export function loadKept(file: string, folder: string): LoadedCode {
  const path = join(folder, `${nodeVersion}-${architecture}-${basename(file)}`);
  const kept = readOwn(path);
  const script = new Script(`${WRAPPER}${readFileSync(file, "latin1")}\n})`, {
    filename: file,
    ...(kept === null ? {} : { cachedData: kept.data }),
  });
  const folderOfFile = dirname(file);
  const module = { exports: {}, id: file, filename: file, path: folderOfFile, loaded: false, children: [], paths: [] };
  ownRequire.cache[file] = module as unknown as NodeJS.Module;
  script.runInThisContext()(module.exports, ownRequire, module, file, folderOfFile);
  module.loaded = true;
  const isUsed = kept !== null && script.cachedDataRejected !== true;
  return { path, keptAtMs: isUsed ? kept.atMs : null, compiled: () => script.createCachedData() };
}

/** What V8 takes for code is as good as a program: only a file that this user alone may write, with every bit as it was. Null otherwise. */
function readOwn(path: string): { data: Buffer; atMs: number } | null {
  let fd: number;
  try {
    fd = openSync(path, "r");
  } catch {
    return null; // not kept yet, or not ours to read: the text is compiled
  }
  try {
    const { uid, mode, mtimeMs } = fstatSync(fd);
    if ((mode & 0o022) !== 0 || uid !== userId) return null;
    const bytes = readFileSync(fd);
    const half = Math.floor(bytes.length / 2);
    const data = bytes.subarray(0, half);
    return half > 0 && data.equals(bytes.subarray(half)) ? { data, atMs: mtimeMs } : null;
  } finally {
    closeSync(fd);
  }
}
