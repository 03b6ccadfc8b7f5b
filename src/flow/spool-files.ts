/** Where hooks write what they have to say: a file of boba's own and, where a hook may not write there, one in the repository. */
import { readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** As `hooks/spool.sh` names it. */
export const spoolIn = (commonDir: string): string => join(commonDir, "boba-spool");

/** What a run sets aside while it takes a spool in. */
export const takenPrefix = (spool: string): string => `${spool}.taken-`;

/** Every file that was set aside, those of a run that was killed included; the oldest first. */
export function takenFrom(spool: string): string[] {
  try {
    const names = readdirSync(dirname(spool)).filter((name) => name.startsWith(takenPrefix(basename(spool))));
    return names.sort().map((name) => join(dirname(spool), name));
  } catch {
    return []; // the repository is gone, or closed to us: then nothing can be taken from it
  }
}
