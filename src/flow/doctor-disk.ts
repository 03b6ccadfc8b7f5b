/** Is there room for the ledger and its backups to grow? */
import { existsSync, statfsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { fault, type Finding, fine } from "../core/finding.ts";
import { byteSize } from "../core/text.ts";
import type { App } from "./app.ts";

/** Less than this stops SQLite and git soon. */
const NEARLY_FULL_BYTES = 20 * 1024 * 1024;
/** A backup copies the ledger, packs the copy, and an upgrade makes one first. */
const COPIES = 2;
const LEAST_BYTES = 200 * 1024 * 1024;

export function checkDisk({ paths }: App): Finding[] {
  const ledgerBytes = statSync(paths.db, { throwIfNoEntry: false })?.size ?? 0;
  const wanted = Math.max(LEAST_BYTES, COPIES * ledgerBytes);
  const seen = new Set<number>();
  return [paths.home, dirname(paths.db), paths.backups].flatMap((folder): Finding[] => {
    if (!existsSync(folder)) return [];
    // Folders of one disk are told once.
    const disk = statSync(folder).dev;
    if (seen.has(disk)) return [];
    seen.add(disk);
    const { bavail, bsize } = statfsSync(folder);
    const free = bavail * bsize;
    if (free >= wanted) return [fine("disk", `${byteSize(free)} free at ${folder}`)];
    const isFull = free < NEARLY_FULL_BYTES;
    return [
      fault(isFull ? "error" : "warn", "disk", {
        what: `only ${byteSize(free)} are free at ${folder}; the ledger has ${byteSize(ledgerBytes)}`,
        why: isFull ? "boba cannot store what agents log from now on" : "a backup needs twice the ledger's size",
        mend: "free some space; old backups: boba backup prune, old records: boba db prune --older-than 365d, free pages: boba db vacuum",
      }),
    ];
  });
}
