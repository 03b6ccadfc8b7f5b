/** The writing half of `code-cache`: no start needs it before its work is done. */
import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import type { LoadedCode } from "./code-cache.ts";
import { writeFileAtomic } from "./fs.ts";

const DAY_MS = 86_400_000;
/** Another version of boba or of Node.js that is still used writes its own anew every day. */
const UNUSED_DAYS = 7;

/**
 * Keeps what V8 made of the program for its next start, when none was kept or it is a day old: to be called when the program has done its work.
 * What nobody used for a week is removed. Where nothing can be written the next start is as slow as this one.
 */
export function keepCode(code: LoadedCode, nowMs: number): void {
  const { path, keptAtMs } = code;
  if (keptAtMs !== null && nowMs - keptAtMs <= DAY_MS) return;
  const folder = dirname(path);
  try {
    // Never the first thing in a home: that is for `boba init` and its rights to make.
    if (!existsSync(dirname(folder))) return;
    const data = code.compiled();
    // V8 checks little but the length, and a changed bit would run. Twice the same is faster to tell than any sum that JavaScript can work out.
    writeFileAtomic(path, Buffer.concat([data, data]), 0o600);
    for (const other of readdirSync(folder)) {
      const at = join(folder, other);
      if (nowMs - (statSync(at, { throwIfNoEntry: false })?.mtimeMs ?? nowMs) > UNUSED_DAYS * DAY_MS) rmSync(at, { force: true });
    }
  } catch {
    // a full disk, or a home that may not be written
  }
}
