/**
 * Keeps what V8 made of the program's text, so that the next start need not compile it again: half of what a command that finds nothing
 * new takes. Node.js has this built in from 22.1 on (`module.enableCompileCache`), not in 20.
 */
import { closeSync, existsSync, fstatSync, openSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { createRequire, Module } from "node:module";
import { basename, dirname, join } from "node:path";
import { Script } from "node:vm";
import { writeFileAtomic } from "./fs.ts";
import { architecture, nodeVersion, userId } from "./self.ts";

const DAY_MS = 86_400_000;
/** Another version of boba or of Node.js that is still used writes its own anew every day. */
const UNUSED_DAYS = 7;

/**
 * Loads the built CommonJS file `file` as `require` would, from what was kept in `folder` if that is ours and whole, and returns a function
 * that keeps it for the next start: to be called when the program has done its work, for what it ran is then part of what is kept. The name of
 * `file` has to tell its text apart from any other.
 */
export function loadKept(file: string, folder: string, now: () => number): () => void {
  const name = `${nodeVersion}-${architecture}-${basename(file)}`;
  const kept = readOwn(join(folder, name));
  const script = new Script(Module.wrap(readFileSync(file, "latin1")), {
    filename: file,
    ...(kept === null ? {} : { cachedData: kept.data }),
  });
  const require = createRequire(file);
  const module = new Module(file);
  module.filename = file;
  require.cache[file] = module;
  script.runInThisContext()(module.exports, require, module, file, dirname(file));
  module.loaded = true;
  return () => {
    if (kept === null || script.cachedDataRejected === true || now() - kept.atMs > DAY_MS)
      keep(folder, name, script.createCachedData(), now());
  };
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

/** What nobody used for a week is removed. Where nothing can be written the next start is as slow as this one. */
function keep(folder: string, name: string, data: Buffer, nowMs: number): void {
  try {
    // Never the first thing in a home: that is for `boba init` and its rights to make.
    if (!existsSync(dirname(folder))) return;
    // V8 checks little but the length, and a changed bit would run. Twice the same is faster to tell than any sum that JavaScript can work out.
    writeFileAtomic(join(folder, name), Buffer.concat([data, data]), 0o600);
    for (const other of readdirSync(folder)) {
      const path = join(folder, other);
      if (nowMs - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? nowMs) > UNUSED_DAYS * DAY_MS) rmSync(path, { force: true });
    }
  } catch {
    // a full disk, or a home that may not be written
  }
}
