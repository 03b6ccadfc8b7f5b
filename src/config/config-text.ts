/** The text of a configuration file, or why it is not read. */
import { BobaError, EXIT } from "../core/errors.ts";
import { type BoundedFile, readBounded } from "../platform/bounded-read.ts";
import { hasCode } from "../platform/fs.ts";

const MAX_BYTES = 1024 * 1024;

/** The text of a configuration file, or null when it is missing or holds nothing but comments: then no parser needs to be loaded. */
export function readConfigText(path: string): string | null {
  const file = readConfigFile(path);
  return file === null ? null : textOf(path, file.bytes);
}

/**
 * The bytes of a configuration file and who may read it; null when it is missing.
 * @throws BobaError BOBA-CFG-1 it cannot be read, BOBA-CFG-2 it is too large, BOBA-CFG-12 it is a pipe, a device or, with `follow` false, a link.
 */
export function readConfigFile(path: string, maxBytes = MAX_BYTES, follow = true): BoundedFile | null {
  let file: ReturnType<typeof readBounded>;
  try {
    file = readBounded(path, maxBytes, follow);
  } catch (error) {
    const exit = hasCode(error, "EACCES", "EPERM") ? EXIT.permission : EXIT.usage;
    throw unreadable(path, exit, error instanceof Error && "code" in error ? String(error.code) : "unknown error", error);
  }
  if (file === null || !("refused" in file)) return file;
  if (file.refused === "a folder") throw unreadable(path, EXIT.usage, "EISDIR");
  if (file.refused === "too large")
    throw new BobaError(
      "BOBA-CFG-2",
      EXIT.usage,
      `${path} is larger than ${maxBytes >= MAX_BYTES ? `${maxBytes / MAX_BYTES} MiB` : `${maxBytes / 1024} KiB`}`,
      "a configuration file is a few lines: check what is in it",
    );
  const kind = file.refused === "a link" ? "is a link, which is not followed here" : "is not a file";
  throw new BobaError("BOBA-CFG-12", EXIT.usage, `${path} ${kind}`, "put a file of its own in its place, or remove it");
}

/**
 * Bytes as text, without a byte order mark; null when there are only comments.
 * @throws BobaError BOBA-CFG-13 when it is not UTF-8 or holds control characters.
 */
export function textOf(path: string, bytes: Buffer): string | null {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw notText(path, firstBadByte(bytes), "not UTF-8 text", error);
  }
  const control = text.search(/[\0-\u0008\u000b\u000c\u000e-\u001f\u007f]/);
  if (control >= 0) throw notText(path, Buffer.byteLength(text.slice(0, control)), "a control character, so this is not a text file");
  return /^[^\S\r\n]*[^\s#]/m.test(text) ? text : null;
}

/** How many bytes there are before the first letter that is not UTF-8. */
function firstBadByte(bytes: Buffer): number {
  let [from, to] = [0, bytes.length];
  while (from < to) {
    const middle = Math.ceil((from + to) / 2);
    if (decoded(bytes.subarray(0, middle)) === null) to = middle - 1;
    else from = middle;
  }
  return Buffer.byteLength(decoded(bytes.subarray(0, from)) ?? "");
}

/** Without a letter that is cut off at the end; null when there are bytes that begin no letter. */
function decoded(bytes: Buffer): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes, { stream: true });
  } catch {
    return null; // whether it throws was the question
  }
}

function notText(path: string, offset: number, what: string, cause?: unknown): BobaError {
  return new BobaError(
    "BOBA-CFG-13",
    EXIT.usage,
    `${path}: ${what} (byte ${offset + 1})`,
    "save it as plain UTF-8 text, or remove it",
    cause,
  );
}

function unreadable(path: string, exit: typeof EXIT.permission | typeof EXIT.usage, reason: string, cause?: unknown): BobaError {
  return new BobaError("BOBA-CFG-1", exit, `${path} cannot be read (${reason})`, "make it a file you may read, or remove it", cause);
}
