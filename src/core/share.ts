/** When to try again to push notes, and what a failure means. */

const FIRST_WAIT_MS = 5 * 60_000;
const LONGEST_WAIT_MS = 6 * 60 * 60_000;
/** A remote that said no will rarely say yes soon. */
const REFUSED_WAIT_MS = 24 * 60 * 60_000;
const MAX_REASON = 200;

export interface ShareState {
  failures: number;
  /** Unix milliseconds; null when the last try did not fail. */
  failedAtMs: number | null;
  /** Whether the remote itself said no. */
  refused: boolean;
}

/** Whether it is time to try: at once, then after 5, 10, 20, ... minutes, at most 6 hours; a day after a refusal. A clock set back does not stop it. */
export function isShareDue({ failures, failedAtMs, refused }: ShareState, nowMs: number): boolean {
  if (failures === 0 || failedAtMs === null || nowMs < failedAtMs) return true;
  const waitMs = refused ? REFUSED_WAIT_MS : Math.min(FIRST_WAIT_MS * 2 ** Math.min(failures - 1, 20), LONGEST_WAIT_MS);
  return nowMs - failedAtMs >= waitMs;
}

/** Whether git's complaint is the remote's own no: a hook, a rule, a missing right. Anything else may pass by itself. */
export function isRefusal(complaint: string): boolean {
  return /\[(remote )?rejected\]|hook declined|not allowed|permission to \S+ denied|error: 403|protected/i.test(complaint);
}

/** One line without a secret: what stands between `//` and `@` in an address goes, and control characters. */
export function plainReason(complaint: string): string {
  return withoutSecret(complaint)
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, " ")
    .slice(0, MAX_REASON);
}

/** An address without the name and password in it. */
export function withoutSecret(address: string): string {
  return address.replace(/\/\/[^/\s]*@/g, "//");
}

/** A clone's notes that did not reach a remote. */
export interface ShareTrouble {
  /** Display name of the repository. */
  repo: string;
  /** The remote's name or address. */
  remote: string;
  refused: boolean;
  reason: string;
  /** Unix milliseconds of the last try. */
  failedAtMs: number;
}
