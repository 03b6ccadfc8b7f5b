/** Reading and replacing hook files and git configuration byte by byte. Text is kept as one character per byte (latin1). */
import { createHash } from "node:crypto";
import { closeSync, fchmodSync, fsyncSync, lstatSync, openSync, realpathSync, renameSync, rmSync, statSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { hasCode, readIfThere, writeFileAtomic } from "../platform/fs.ts";

/** The form of a text in which every character is one byte, so that any bytes survive being cut and joined. */
export function asBytes(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}

/** A file's bytes, or null when there is none. */
export function readBytes(path: string): string | null {
  return readIfThere(path)?.toString("latin1") ?? null;
}

/** Like `readBytes`, for looking only: what cannot be read (a folder, a foreign file) is as good as absent. */
export function peekBytes(path: string): string | null {
  try {
    return readBytes(path);
  } catch {
    // Whoever only looks has nothing to do about a file it may not read.
    return null;
  }
}

/** Replaces a file in one step, keeping exactly `mode` whatever the umask. */
export function replaceFile(path: string, bytes: string, mode: number): void {
  writeFileAtomic(path, Buffer.from(bytes, "latin1"), mode, { exactMode: true });
}

/** The permission bits of a file, or null when there is none. Does not follow a link. */
export function modeOf(path: string): number | null {
  try {
    return lstatSync(path).mode & 0o7777;
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return null;
    throw error;
  }
}

/** The real path of what exists of `path`, with the rest appended: works for files that are still to be made. */
export function realPathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    // Not there (or not visible): the nearest folder that is decides.
    const parent = dirname(path);
    return parent === path ? path : join(realPathOf(parent), path.slice(parent === "/" ? 1 : parent.length + 1));
  }
}

/**
 * Rewrites a git configuration file under git's own lock (`<file>.lock`), following links to where the bytes are.
 * @returns whether it was written; false when `edit` returned what it was given.
 * @throws an error with code EEXIST while another git holds the lock, EACCES, EPERM or EROFS when it cannot be written.
 */
export function editConfigFile(path: string, edit: (text: string) => string): boolean {
  const target = realPathOf(path);
  const before = readBytes(target);
  // Deciding first without the lock leaves no trace of a run that has nothing to change.
  if (edit(before ?? "") === (before ?? "")) return false;
  const lock = `${target}.lock`;
  const mode = before === null ? 0o644 : statSync(target).mode & 0o7777;
  const fd = openSync(lock, "wx", mode);
  try {
    const current = readBytes(target) ?? "";
    const text = edit(current);
    if (text === current) {
      rmSync(lock);
      return false;
    }
    const bytes = Buffer.from(text, "latin1");
    for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at);
    fsyncSync(fd);
    fchmodSync(fd, mode);
    renameSync(lock, target);
    return true;
  } catch (error) {
    // Only here is it surely ours still: once it was renamed, another git may hold a lock of that name.
    rmSync(lock, { force: true });
    throw error;
  } finally {
    closeSync(fd);
  }
}

/** SHA-256 in hex of a text that is one character per byte. */
export function sha256(bytes: string): string {
  return createHash("sha256").update(bytes, "latin1").digest("hex");
}
