/** What became of sharing a clone's notes, for commands that only look. */
import { existsSync } from "node:fs";
import { plainReason, type ShareTrouble } from "../core/share.ts";
import type { App } from "./app.ts";

/** The remotes that this repository's notes did not reach; opens the ledger only if there is one. */
export async function sharingOf(app: App, commonDir: string): Promise<ShareTrouble[]> {
  if (!existsSync(app.paths.db)) return [];
  const [{ withLedger }, { shareTroubles }] = await Promise.all([import("./ledger.ts"), import("./share.ts")]);
  return withLedger(app, (db) => shareTroubles(db, commonDir));
}

/** A push by hand went through: there is nothing to tell of that remote any more. */
export async function forgetTrouble(app: App, commonDir: string, remote: string): Promise<void> {
  if (!existsSync(app.paths.db)) return;
  const [{ withLedger }, { forgetShare }] = await Promise.all([import("./ledger.ts"), import("./share.ts")]);
  withLedger(app, (db) => forgetShare(db, commonDir, remote));
}

/** A push by hand went through, at this time. A clone that has no ledger keeps none for it. */
export async function tellPush(app: App, remote: string): Promise<void> {
  if (!existsSync(app.paths.db)) return;
  try {
    const [{ withLedger }, { rememberPush }, { transaction }] = await Promise.all([
      import("./ledger.ts"),
      import("../store/shares.ts"),
      import("../platform/sqlite.ts"),
    ]);
    withLedger(app, (db) => transaction(db, () => rememberPush(db, plainReason(remote), app.now())));
  } catch (error) {
    // The notes are where they should be: a ledger that cannot be written takes nothing away from that.
    app.log.write("debug", "push not remembered", { reason: error instanceof Error ? error.name : "unknown" });
  }
}

/** One line about it. */
export function shareWarning({ remote, refused, reason }: ShareTrouble): string {
  return refused ? `${remote} refuses notes: ${reason}` : `notes did not reach ${remote} yet: ${reason}`;
}
