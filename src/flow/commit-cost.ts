/** What the commit at HEAD cost: for the one line that hooks print in the mode `summary`. */
import type { Counts } from "../core/summary.ts";
import { currentBranch } from "../git/head.ts";
import { resolveCommit } from "../git/history.ts";
import { locate } from "../git/repo.ts";
import { heldBy } from "../store/evidence.ts";
import { repoByCommonDir } from "../store/places.ts";
import type { App } from "./app.ts";
import { withLedger } from "./ledger.ts";

export interface CommitCost {
  sha: string;
  /** Null on a detached HEAD. */
  branch: string | null;
  counts: Counts;
}

/** Null outside a repository, and for a commit that holds no request. */
export async function costOfHead(app: App): Promise<CommitCost | null> {
  const location = await locate(app.cwd, app.env);
  if (location === null) return null;
  const [sha, branch] = await Promise.all([resolveCommit({ at: app.cwd, env: app.env }, "HEAD"), currentBranch(app.cwd, app.env)]);
  return withLedger(app, (db) => {
    const repo = repoByCommonDir(db, location.commonDir);
    if (repo === undefined || sha === null) return null;
    const counts = heldBy(db, repo.id, sha);
    return counts.requests === 0 ? null : { sha, branch, counts };
  });
}
