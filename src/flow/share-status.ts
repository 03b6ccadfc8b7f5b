/** What became of sharing a clone's notes, for commands that only look. */
import { existsSync } from "node:fs";
import type { ShareTrouble } from "../core/share.ts";
import type { App } from "./app.ts";

/** The remotes that this repository's notes did not reach; opens the ledger only if there is one. */
export async function sharingOf(app: App, commonDir: string): Promise<ShareTrouble[]> {
  if (!existsSync(app.paths.db)) return [];
  const [{ openLedger }, { shareTroubles }] = await Promise.all([import("../store/open.ts"), import("./share.ts")]);
  const db = openLedger(app.paths.db);
  try {
    return shareTroubles(db, commonDir);
  } finally {
    db.close();
  }
}

/** A push by hand went through: there is nothing to tell of that remote any more. */
export async function forgetTrouble(app: App, commonDir: string, remote: string): Promise<void> {
  if (!existsSync(app.paths.db)) return;
  const [{ openLedger }, { forgetShare }] = await Promise.all([import("../store/open.ts"), import("./share.ts")]);
  const db = openLedger(app.paths.db);
  try {
    forgetShare(db, commonDir, remote);
  } finally {
    db.close();
  }
}

/** One line about it. */
export function shareWarning({ remote, refused, reason }: ShareTrouble): string {
  return refused ? `${remote} refuses notes: ${reason}` : `notes did not reach ${remote} yet: ${reason}`;
}
