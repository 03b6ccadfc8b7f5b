/** The door to files that must not be half-written or half-read. */
import {
  closeSync,
  existsSync,
  fchmodSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { pid } from "./self.ts";

let counter = 0;

/** Replaces `path` in one step: readers see the old bytes or the new ones. Creates parent folders (0700). `exactMode`: whatever the umask says. */
export function writeFileAtomic(path: string, data: string | Buffer, mode = 0o644, { exactMode = false } = {}): void {
  writeAtomic(path, mode, (fd) => {
    if (exactMode) fchmodSync(fd, mode);
    writeAll(fd, typeof data === "string" ? Buffer.from(data, "utf8") : data);
  });
}

function writeAtomic(path: string, mode: number, write: (fd: number) => void): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = join(dirname(path), `.${pid}.${Date.now()}.${counter++}.tmp`);
  try {
    const fd = openSync(temporary, "wx", mode);
    try {
      write(fd);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function writeAll(fd: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at);
}

/** Makes a file that is not there yet, whole or not at all. Throws EEXIST when it is. */
export function writeNewFile(path: string, data: Buffer, mode: number): void {
  const fd = openSync(path, "wx", mode);
  try {
    writeAll(fd, data);
    fsyncSync(fd);
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  } finally {
    closeSync(fd);
  }
}

/** `writeFileAtomic` for data that comes in pieces. */
export function writeChunksAtomic(path: string, chunks: Iterable<string>, mode = 0o644): void {
  writeAtomic(path, mode, (fd) => {
    for (const chunk of chunks) writeAll(fd, Buffer.from(chunk, "utf8"));
  });
}

/**
 * Gives the finished file `from` the name `to` in one step, if nothing has it; false when something does. Where a file cannot have two names for a
 * moment (FAT, some network folders), two processes that do this in the same instant may overwrite each other.
 */
export function takeName(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    rmSync(from);
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    if (!hasCode(error, "EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK")) throw error;
    if (existsSync(to)) return false;
    renameSync(from, to);
    return true;
  }
}

/** The bytes of a file, or null when there is none (or its folder is gone). Other failures are thrown. */
export function readIfThere(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return null;
    throw error;
  }
}

/** Whether an error carries one of these system codes (`ENOENT`, `EACCES`, ...). */
export function hasCode(error: unknown, ...codes: string[]): error is Error & { code: string } {
  return error instanceof Error && "code" in error && codes.includes(String(error.code));
}

/** Flushes a file, or a folder's list of names, to the disk. */
export function sync(path: string): void {
  const fd = openSync(path, "r");
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/**
 * From now on no core file of this process, nor of what it starts, holds any of its memory, keys included: no kind of it is to be dumped
 * (core(5), "Controlling which mappings are written"). Linux alone has that.
 */
export function keepOutOfCores(): void {
  try {
    writeFileSync("/proc/self/coredump_filter", "0");
  } catch {
    // Another system, or one without /proc: there core files are off unless somebody asks for them.
  }
}
