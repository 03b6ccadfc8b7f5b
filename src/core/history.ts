/** `git history` (2.54 and later) makes commits again where they stand: its reflog entry names the branch's ends, what lies between is compared. */
import { identityOf } from "./match.ts";
import { aboveFork } from "./recommit.ts";
import type { Rewrite } from "./rewrites.ts";
import type { GitEvent } from "./timeline.ts";

type Known = ReadonlyMap<string, { parents: readonly string[]; author: string; authoredAt: number }>;

const parentIn = (known: Known) => (sha: string) => known.get(sha)?.parents[0];

/** The old and the new commits that a `git history` replaced and made, oldest first: the first of each is the one it was asked to change. */
function linesOf({ oldSha, newSha }: GitEvent, known: Known): { olds: string[]; news: string[] } {
  const parentOf = parentIn(known);
  return { olds: aboveFork(oldSha, newSha, parentOf).reverse(), news: aboveFork(newSha, oldSha, parentOf).reverse() };
}

/**
 * The pairs of every `git history`: it keeps order, authors and dates, and makes one commit more only of the one that it splits.
 * Where the commits are not as many as that (`--empty=drop`), position says nothing, and the change has to tell.
 */
export function historyPairs(events: readonly GitEvent[], known: Known): Rewrite[] {
  return events.flatMap((event): Rewrite[] => {
    if (event.kind !== "history" || !["reword", "fixup", "split"].includes(event.to ?? "")) return [];
    const { olds, news } = linesOf(event, known);
    const more = event.to === "split" ? 1 : 0;
    if (olds.length === 0 || news.length !== olds.length + more) return [];
    return news.flatMap((newSha, at): Rewrite[] => {
      const oldSha = olds[Math.max(0, at - more)] as string;
      const [before, after] = [known.get(oldSha), known.get(newSha)];
      if (before === undefined || after === undefined || identityOf(before) !== identityOf(after)) return [];
      return [{ oldSha, newSha, via: "rebase", evidence: "reflog", eventId: event.id }];
    });
  });
}

/** `git history fixup` puts what is staged into a commit further down: for the work in hand, that is where it was amended. */
export function withFixups(events: readonly GitEvent[], known: Known): GitEvent[] {
  return events.flatMap((event) => {
    if (event.kind !== "history" || event.to !== "fixup") return [event];
    const { olds, news } = linesOf(event, known);
    if (olds.length === 0 || news.length !== olds.length) return [event];
    return [{ ...event, kind: "amend", oldSha: olds[0] as string, newSha: news[0] as string, to: null }, event];
  });
}
