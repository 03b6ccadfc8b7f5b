/**
 * The standard streams. Node.js takes longer to make a stream of one than boba needs for a run that finds nothing new; into files, pipes and
 * `/dev/null` a stream writes at once and whole, and so does this.
 */
import { fstatSync, writeSync } from "node:fs";
import { hasCode } from "./fs.ts";
import { pause } from "./pause.ts";

export interface Output {
  /** False when a stream is full; what writes at once never is. */
  write(text: string): boolean;
  /** Only a terminal has them. */
  columns?: number;
  isTTY?: boolean;
  /** Nobody reads on (`boba ... | head`): what is written goes nowhere. The work is done all the same, unless there is no end to it. */
  gone?: boolean;
}

/** `/dev/null` on Linux (major 1, minor 3): a character device as a terminal is. */
const NULL_DEVICE = 0x103;
const FULL_PIPE_PAUSE_MS = 2;

/** The stream with the number `fd`; `terminal` makes the one of Node.js, where a terminal may be behind it. */
export function openOutput(fd: 1 | 2, terminal: () => Output): Output {
  if (mayBeTerminal(fd)) return terminal();
  const output: Output = {
    write(text) {
      if (output.gone) return true;
      try {
        writeAll(fd, Buffer.from(text, "utf8"));
      } catch (error) {
        if (!hasCode(error, "EPIPE")) throw error;
        output.gone = true;
      }
      return true;
    },
  };
  return output;
}

function mayBeTerminal(fd: number): boolean {
  try {
    const stats = fstatSync(fd);
    return stats.isCharacterDevice() && stats.rdev !== NULL_DEVICE;
  } catch {
    return true; // closed by whoever started us: Node.js knows what to do
  }
}

function writeAll(fd: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(fd, bytes, at);
    } catch (error) {
      // Another process may have made the pipe that we share answer "later": then the reader is slow.
      if (!hasCode(error, "EAGAIN")) throw error;
      pause(FULL_PIPE_PAUSE_MS);
    }
  }
}
