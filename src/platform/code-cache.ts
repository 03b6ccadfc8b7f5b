/**
 * Keeps what V8 made of the program's text, so that the next start need not compile it again: half of what a command that finds nothing
 * new takes. Node.js has this built in from 22.1 on (`module.enableCompileCache`), not in 20.
 */
import { closeSync, existsSync, fstatSync, openSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { createRequire, Module } from "node:module";
import { dirname, join } from "node:path";
import { Script } from "node:vm";
import { writeFileAtomic } from "./fs.ts";
import { nodeVersion, userId } from "./self.ts";

const MAX_AGE_MS = 24 * 3_600_000;

/**
 * Loads the built CommonJS file `file` as `require` would, from what was kept in `folder` if that is ours and fits, and returns a function
 * that keeps it for the next start: to be called when the program has done its work, for what it ran is then part of what is kept.
 */
export function loadKept(file: string, folder: string, now: () => number): () => void {
  const { size, mtimeMs } = statSync(file);
  const name = `${nodeVersion}-${size}-${Math.floor(mtimeMs)}`;
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
    if (kept === null || script.cachedDataRejected === true || now() - kept.atMs > MAX_AGE_MS)
      keep(folder, name, script.createCachedData());
  };
}

/** What V8 takes for code is as good as a program: only a file that this user alone may write. Null when there is none. */
function readOwn(path: string): { data: Buffer; atMs: number } | null {
  let fd: number;
  try {
    fd = openSync(path, "r");
  } catch {
    return null; // not kept yet, or not ours to read: the text is compiled
  }
  try {
    const { uid, mode, mtimeMs } = fstatSync(fd);
    return (mode & 0o022) === 0 && uid === userId ? { data: readFileSync(fd), atMs: mtimeMs } : null;
  } finally {
    closeSync(fd);
  }
}

/** What other versions left is removed. Where nothing can be written the next start is as slow as this one. */
function keep(folder: string, name: string, data: Buffer): void {
  try {
    // Never the first thing in a home: that is for `boba init` and its rights to make.
    if (!existsSync(dirname(folder))) return;
    writeFileAtomic(join(folder, name), data, 0o600);
    for (const other of readdirSync(folder)) if (other !== name) rmSync(join(folder, other), { force: true });
  } catch {
    // a full disk, or a home that may not be written
  }
}
