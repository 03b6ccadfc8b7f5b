/** Folders for half-made files: beside their destination, so that a finished file takes its name in one step. */
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { hasCode } from "../platform/fs.ts";
import { isAlive, pid } from "../platform/self.ts";

const PREFIX = ".boba-work-";
const DAY_MS = 86_400_000;

/** Makes a folder of its own below `parent`, named after this process; whoever asks removes it. */
export function makeWorkFolder(parent: string): string {
  return mkdtempSync(join(parent, `${PREFIX}${pid}-`));
}

/** What killed processes left half-made in `parent`, whether they were making a copy, an archive or anything else. */
export function leftoversIn(parent: string, nowMs: number): string[] {
  return namesIn(parent).flatMap((name) => {
    const maker = makerOf(name);
    if (maker === null) return [];
    const path = join(parent, name);
    const at = statSync(path, { throwIfNoEntry: false });
    // A process id is used again after a while: what is older than a day has no maker, whoever has the number now.
    return at !== undefined && (at.mtimeMs < nowMs - DAY_MS || !isAlive(maker)) ? [path] : [];
  });
}

export function removeLeftovers(parent: string, nowMs: number): void {
  for (const path of leftoversIn(parent, nowMs)) rmSync(path, { recursive: true, force: true });
}

/** The process that made a work folder or a temporary file of `platform/fs`, from its name; null for what is neither. */
function makerOf(name: string): number | null {
  const maker = /^\.boba-work-(\d{1,10})-/.exec(name)?.[1] ?? /^\.(\d{1,10})\.\d+\.\d+\.tmp$/.exec(name)?.[1];
  return maker === undefined ? null : Number(maker);
}

/** The names in a folder; none when there is no such folder. */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return [];
    throw error;
  }
}
