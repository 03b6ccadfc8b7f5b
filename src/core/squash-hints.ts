/** Tells which commits `merge --squash` folded into one, by what hooks and messages say of it. */
import { type Changes, type History, PLAIN } from "./recommit.ts";
import type { Rewrite, RewritePair } from "./rewrites.ts";
import type { GitEvent } from "./timeline.ts";

/** What is known of the commits that `merge --squash` folded together, the newest first. */
export interface SquashHints {
  /** Each with the commit whose message names it. */
  named: readonly RewritePair[];
  /** Each with the commit that was made next: what was folded together may have been thrown away before. */
  next: readonly RewritePair[];
  /** Each with where HEAD was then. */
  begun: readonly RewritePair[];
}

/**
 * The commits that `merge --squash` folded into one, if that one changes a file that they changed. Where the message does not name them and there
 * may have been a reset in between, it must hold such a file just as they left it.
 */
export function squashesOf(events: readonly GitEvent[], { named, next, begun }: SquashHints, history: History): Rewrite[] {
  const made = new Map(events.flatMap((event, at) => (PLAIN.has(event.kind) ? [[event.newSha, at] as const] : [])));
  const bases = new Set(begun.map(({ oldSha, newSha }) => `${oldSha} ${newSha}`));
  const left = new Map<string, Map<string, string>>();
  for (const { oldSha, newSha } of next) {
    const files = left.get(newSha) ?? new Map<string, string>();
    left.set(newSha, files);
    for (const [path, blob] of history.changesOf(oldSha) ?? []) if (!files.has(path)) files.set(path, blob);
  }
  const squashes = (pairs: readonly RewritePair[], isEnough: (pair: RewritePair, at: number, paths: string[], now: Changes) => boolean) =>
    pairs.flatMap((pair): Rewrite[] => {
      const [at, now] = [made.get(pair.newSha), history.changesOf(pair.newSha)];
      if (at === undefined || now === undefined) return [];
      const paths = [...(history.changesOf(pair.oldSha)?.keys() ?? [])].filter((path) => now.has(path));
      if (paths.length === 0 || !isEnough(pair, at, paths, now)) return [];
      return [{ ...pair, via: "squash", evidence: "hint", eventId: events[at]?.id ?? null }];
    });
  return [
    ...squashes(named, () => true),
    ...squashes(next, ({ oldSha, newSha }, at, paths, now) => {
      const mayBeUndone = !bases.has(`${oldSha} ${events[at]?.oldSha}`) || wasResetBefore(events, at);
      return !mayBeUndone || paths.some((path) => left.get(newSha)?.get(path) === now.get(path));
    }),
  ];
}

/** Whether something was reset between HEAD's coming to where the commit was made and the commit: a `merge --squash` may have been thrown away. */
function wasResetBefore(events: readonly GitEvent[], made: number): boolean {
  const base = events[made]?.oldSha;
  for (let at = made - 1; ; at--) {
    const event = events[at];
    if (event === undefined || event.newSha !== base || event.oldSha !== base) return false;
    if (event.kind === "reset") return true;
  }
}
