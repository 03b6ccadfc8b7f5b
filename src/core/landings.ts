/** Where work landed that the ledger knows only on commits that are gone: what others noted tells. Pure. */
import type { Cell } from "./cell.ts";
import type { HeldCell } from "./shared.ts";

/**
 * For each commit of the ledger that no ref reaches: the commit that holds, by the notes, all that it holds, as a pipeline noted of a squash or another
 * machine of a commit that it made again. `choose` takes one of those that a ref reaches, or none.
 */
export function landingsOf(
  own: ReadonlyMap<string, readonly Cell[]>,
  noted: Iterable<HeldCell>,
  isLost: (sha: string) => boolean,
  choose: (shas: readonly string[]) => string | undefined,
): Map<string, string> {
  const commits = new Map<string, readonly string[]>();
  for (const { cell, commits: shas } of noted)
    commits.set(
      cell.id,
      shas.filter((sha) => !isLost(sha)),
    );
  const landings = new Map<string, string>();
  for (const [sha, cells] of own) {
    if (!isLost(sha)) continue;
    const [first = [], ...rest] = cells.map(({ id }) => commits.get(id) ?? []);
    const to = choose(first.filter((one) => rest.every((shas) => shas.includes(one))));
    if (to !== undefined) landings.set(sha, to);
  }
  return landings;
}
