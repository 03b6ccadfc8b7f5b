/** Can other accounts read what is nobody's business but the owner's? */
import { chmodSync, realpathSync, type Stats, statSync } from "node:fs";
import { sep } from "node:path";
import { fault } from "../core/finding.ts";
import { userId } from "../platform/self.ts";
import type { App } from "./app.ts";
import { type Diagnosis, withRemedy } from "./doctor-remedy.ts";

const OTHERS = 0o077;
const OTHERS_WRITE = 0o002;

export function checkPermissions({ paths }: App): Diagnosis[] {
  const { home, secrets, db, logDir } = paths;
  const figures = "your figures and folder names can be read by others";
  const isClosed = ((look(home)?.mode ?? 0) & OTHERS) === 0;
  return [
    ...closed(home, home, { mode: 0o700, mask: OTHERS, level: "warn", why: figures }),
    ...closed(secrets, home, { mode: 0o600, mask: OTHERS, level: "error", why: "whoever reads it can use your keys" }),
    ...closed(db, home, { mode: 0o600, mask: OTHERS, level: "warn", why: figures }),
    // Rotating scripts and `mkdir` leave the log as the umask says: behind a closed door that is harmless, unless all may write.
    ...closed(logDir, home, {
      mode: 0o700,
      mask: isClosed ? OTHERS_WRITE : OTHERS,
      level: "warn",
      why: "others can read what boba did, or write what it did not",
    }),
  ];
}

interface Rule {
  mode: number;
  /** The bits that must not be set. */
  mask: number;
  level: "warn" | "error";
  why: string;
}

function closed(path: string, home: string, { mode, mask, level, why }: Rule): Diagnosis[] {
  const stats = look(path);
  if (stats === undefined || (stats.mode & mask) === 0) return [];
  const octal = mode.toString(8);
  const finding = fault(level, "permissions", {
    what: `${path} is open to other accounts (${(stats.mode & 0o777).toString(8)})`,
    why,
    mend: `chmod ${octal} ${path}`,
  });
  return [
    withRemedy(finding, {
      key: `chmod ${path}`,
      does: `takes the rights of others away (chmod ${octal})`,
      apply: () => close(path, home, mode),
    }),
  ];
}

/** What a link leads to elsewhere may be meant for a team; another account's file is its own business. */
function close(path: string, home: string, mode: number): string | null {
  if (path !== home && !isBelow(path, home))
    return "it lies outside boba's own folder: whether others may read it there is yours to decide";
  if (userId !== null && look(path)?.uid !== userId) return "it belongs to another account";
  chmodSync(path, mode);
  return null;
}

function look(path: string): Stats | undefined {
  return statSync(path, { throwIfNoEntry: false });
}

/** Whether `path` is, links followed, below `folder`. */
function isBelow(path: string, folder: string): boolean {
  try {
    return `${realpathSync(path)}${sep}`.startsWith(`${realpathSync(folder)}${sep}`);
  } catch {
    return false; // gone, or not to be seen: then nothing is done to it
  }
}
