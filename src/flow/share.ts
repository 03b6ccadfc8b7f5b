/** Pushes the notes of clones that share to the remotes that were pushed to. Part of a drain: nobody waits for it, and nothing asks. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { withoutSecrets } from "../core/secret.ts";
import { isRefusal, isShareDue, plainReason, type ShareTrouble } from "../core/share.ts";
import { ensureCloneId } from "../git/clone-id.ts";
import { realPathOf } from "../git/hook-file.ts";
import { listNotes } from "../git/notes.ts";
import { rememberPushed } from "../git/notes-pushed.ts";
import { pushNotes } from "../git/remote.ts";
import { spawnDetached } from "../platform/exec.ts";
import { NODE_PATH, PACKAGE_ROOT } from "../platform/paths.ts";
import { isAlive, pid } from "../platform/self.ts";
import { type Db, transaction } from "../platform/sqlite.ts";
import { releaseLease, takeLease } from "../store/lease.ts";
import { allRepos, type RepoRow } from "../store/places.ts";
import { rememberPush, type Share, shareDone, shareFailed, sharesOf, wantedShares, wantShare } from "../store/shares.ts";
import type { App } from "./app.ts";
import { giveCloneId } from "./clone-id.ts";
import { isShared, readManifest } from "./hooks-manifest.ts";

const LEASE = "share";
/** A push to a remote that never answers ends here, and is tried again later. */
const TIME_LIMIT_MS = 60_000;
/** Each round is a whole pass; more are needed only while somebody pushes faster than we do. */
const MAX_ROUNDS = 5;

/** A push was announced in a repository: if it shares, its notes are to follow. Gives the clone its id where none was needed so far. */
export function noteWish(app: App, db: Db, repo: RepoRow, remote: string, cwd: string): void {
  const commonDir = realPathOf(repo.commonDir);
  if (remote === "" || !isShared(readManifest(app.paths.hooksManifest), commonDir)) return;
  if (giveCloneId(app, commonDir) === null) return;
  wantShare(db, repo.id, remote, cwd);
}

/** Starts a drain when something is due: where no hook starts one, or the last try failed, a command that reads is the next chance. */
export function shareInBackground(app: App, db: Db): void {
  if (!isSomethingDue(db, app.now())) return;
  const env = { ...withoutSecrets(app.env), BOBA_HOOKS: "0", BOBA_HOME: app.paths.home };
  spawnDetached(NODE_PATH, [join(PACKAGE_ROOT, "dist", "main.js"), "drain"], { env });
}

function isSomethingDue(db: Db, nowMs: number): boolean {
  return wantedShares(db).some((share) => isDue(share, nowMs));
}

/** Pushes what is due. Returns how many remotes were reached. One process at a time; what comes in meanwhile is looked at again. */
export async function shareNotes(app: App, db: Db, options: { timeLimitMs?: number } = {}): Promise<number> {
  let pushed = 0;
  for (let round = 0; round < MAX_ROUNDS && isSomethingDue(db, app.now()); round++) {
    if (!takeLease(db, LEASE, pid, app.now(), isAlive)) return pushed;
    try {
      for (const share of wantedShares(db)) {
        if (isDue(share, app.now()) && (await pushShare(app, db, share, options.timeLimitMs ?? TIME_LIMIT_MS))) pushed++;
      }
    } finally {
      releaseLease(db, LEASE, pid);
    }
  }
  return pushed;
}

async function pushShare(app: App, db: Db, share: Share, timeLimitMs: number): Promise<boolean> {
  const repo = allRepos(db).find(({ id }) => id === share.repo);
  const commonDir = repo === undefined ? null : realPathOf(repo.commonDir);
  // Uninstalled, or deleted, since the push: then there is nothing to share any more.
  const shared = commonDir !== null && existsSync(commonDir) && isShared(readManifest(app.paths.hooksManifest), commonDir);
  const cloneId = shared ? ensureCloneId(commonDir) : null;
  const place = { commonDir: commonDir ?? "", env: app.env };
  const tip = cloneId === null ? undefined : (await listNotes(place, { commits: new Set(), writer: cloneId })).tips.get(cloneId);
  if (cloneId === null || tip === undefined) {
    transaction(db, () => shareDone(db, share));
    return false;
  }
  const at = existsSync(share.cwd) ? share.cwd : place.commonDir;
  const said = await pushNotes({ at, env: app.env, name: share.remote }, cloneId, { unseen: true, timeLimitMs });
  if (said === null) {
    transaction(db, () => {
      shareDone(db, share);
      rememberPush(db, plainReason(share.remote), app.now());
    });
    await rememberPushed(place, cloneId, tip);
    app.log.write("info", "notes-shared", { remote: plainReason(share.remote) });
    return true;
  }
  const why = { reason: plainReason(said), refused: isRefusal(said), nowMs: app.now() };
  transaction(db, () => shareFailed(db, share, why));
  app.log.write("warn", "notes-not-shared", { remote: plainReason(share.remote), reason: why.reason, refused: why.refused });
  return false;
}

function isDue(share: Share, nowMs: number): boolean {
  return isShareDue({ ...share, refused: share.refused === 1 }, nowMs);
}

/** All that is in the notes has just been pushed to `remote` by other means. */
export function forgetShare(db: Db, commonDir: string, remote: string): void {
  for (const repo of allRepos(db).filter((one) => realPathOf(one.commonDir) === commonDir)) {
    for (const share of sharesOf(db, repo.id)) if (share.remote === remote) shareDone(db, share);
  }
}

/** Remotes that the notes did not reach at the last try, of one repository or of all: a line each for `doctor`, however often it was tried. */
export function shareTroubles(db: Db, commonDir?: string): ShareTrouble[] {
  return allRepos(db)
    .filter((repo) => commonDir === undefined || realPathOf(repo.commonDir) === commonDir)
    .flatMap((repo) =>
      sharesOf(db, repo.id).flatMap(({ remote, refused, reason, failedAtMs }): ShareTrouble[] =>
        failedAtMs === null
          ? []
          : [{ repo: repo.name, remote: plainReason(remote), refused: refused === 1, reason: reason ?? "", failedAtMs }],
      ),
    );
}
