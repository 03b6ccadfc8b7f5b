/** One rebase, from its command to its end, and what was seen of it on the way. */
import type { Head } from "./world.ts";

export interface Run {
  before: Head;
  /** HEAD as last looked at. */
  at: string;
  /** Records from here on were logged during the operation. */
  since: number;
  /** Edits from then on may as well have come after its beginning: git tells the second only, and did not renew ORIG_HEAD. */
  blurredFromMs: number;
  /** Clean throughout: no stop at all. */
  clean: boolean;
  aborted: boolean;
  /** The user committed at a stop. */
  byHand: boolean;
  /** Commits seen on the way: the rebase may yet unite them with the next one. */
  made: string[];
  /** Amends at stops. */
  amends: { from: string; to: string }[];
  /** The commit that is to be taken apart where the rebase stops at it, and what became of those that were. */
  split: string | null;
  parts: { old: string; sha: string; sure: boolean }[];
}
