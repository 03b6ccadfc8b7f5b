/** Reads a small file that may not be what its name says: never waits for a pipe, never reads without end. */
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { hasCode } from "./fs.ts";

export interface BoundedFile {
  bytes: Buffer;
  /** Permission bits, as in `chmod`. */
  mode: number;
  /** The owner's number. */
  uid: number;
}

/** Why there is something of that name that is not read. */
export type Refusal = { refused: "a link" | "a folder" | "not a file" | "too large" };

/**
 * The file at `path`, at most `maxBytes` long; null when there is none. A link is followed only with `follow`.
 * @throws the system's error when it cannot be opened or read (EACCES, ...).
 */
export function readBounded(path: string, maxBytes: number, follow: boolean): BoundedFile | Refusal | null {
  let fd: number;
  try {
    // Opening a pipe that nobody writes to would wait for ever.
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY | (follow ? 0 : constants.O_NOFOLLOW));
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return null;
    if (!follow && hasCode(error, "ELOOP", "EMLINK")) return { refused: "a link" };
    if (hasCode(error, "ENXIO")) return { refused: "not a file" }; // a socket
    throw error;
  }
  try {
    const stats = fstatSync(fd);
    if (stats.isDirectory()) return { refused: "a folder" };
    // A link to /dev/null is a usual way to say "none".
    if (!stats.isFile() && !(follow && stats.isCharacterDevice())) return { refused: "not a file" };
    const bytes = readUpTo(fd, maxBytes + 1);
    return bytes.length > maxBytes ? { refused: "too large" } : { bytes, mode: stats.mode & 0o7777, uid: stats.uid };
  } finally {
    closeSync(fd);
  }
}

function readUpTo(fd: number, limit: number): Buffer {
  const buffer = Buffer.allocUnsafe(limit);
  let length = 0;
  while (length < limit) {
    const got = readSync(fd, buffer, length, limit - length, null);
    if (got === 0) break;
    length += got;
  }
  return buffer.subarray(0, length);
}
