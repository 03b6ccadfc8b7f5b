/** One drain at a time: a lease in the ledger, worthless once its process is gone. */
import { type Db, transactionInAny } from "../platform/sqlite.ts";
import { deleteMeta, getMeta, setMeta } from "./meta.ts";

/** Longer than any drain takes: a lease this old is broken even if its process id lives on under another program. */
const MAX_AGE_MS = 10 * 60_000;

/** Takes the lease `name` for process `pid`; false when a living process holds it. */
export function takeLease(db: Db, name: string, pid: number, nowMs: number, isAlive: (pid: number) => boolean): boolean {
  return transactionInAny(db, () => {
    const [holder, since] = (getMeta(db, name) ?? "").split(":").map(Number);
    const held = holder !== undefined && since !== undefined && holder !== pid && nowMs - since < MAX_AGE_MS && isAlive(holder);
    if (held) return false;
    setMeta(db, name, `${pid}:${nowMs}`);
    return true;
  });
}

export function releaseLease(db: Db, name: string, pid: number): void {
  transactionInAny(db, () => {
    if (getMeta(db, name)?.startsWith(`${pid}:`)) deleteMeta(db, name);
  });
}

/** Who holds the lease `name`, alive or not, and since when (Unix milliseconds). */
export function leaseHolder(db: Db, name: string): { pid: number; sinceMs: number } | null {
  const [pid, sinceMs] = (getMeta(db, name) ?? "").split(":").map(Number);
  return pid === undefined || sinceMs === undefined ? null : { pid, sinceMs };
}
