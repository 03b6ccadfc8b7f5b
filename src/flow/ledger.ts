/** The ledger, open for one piece of work. What goes wrong in it is put into words where commands end (`known-error.ts`). */
import { existsSync } from "node:fs";
import type { Db } from "../platform/sqlite.ts";
import { openLedger } from "../store/open.ts";
import type { App } from "./app.ts";

/** Makes the ledger if there is none, and closes it when `work` returns. @throws BobaError BOBA-DB-* when it cannot be opened. */
export function withLedger<T>(app: App, work: (db: Db) => T): T {
  const db = openLedger(app.paths.db);
  try {
    return work(db);
  } finally {
    db.close();
  }
}

/** Looks only: a ledger that is not there is not made, and `none` is the answer. */
export function inLedgerIfThere<T>(app: App, none: NoInfer<T>, look: (db: Db) => T): T {
  return existsSync(app.paths.db) ? withLedger(app, look) : none;
}
