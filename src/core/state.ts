/** Whether committed work shipped, is still open, or was taken back: from the commit graph alone. Pure. */

/** A commit of the default branch whose message says that it reverts others. */
export interface Revert {
  sha: string;
  /** `base`: what was reverted is a merge, and all that it brought to that commit. */
  reverts: { sha: string; base: string | null }[];
}

/** A commit that stands for another, which may be gone. */
export interface Standing {
  oldSha: string;
  newSha: string;
  via: string;
}

export interface Graph {
  /** Of the commits asked about, those that the default branch reaches. */
  onDefault: ReadonlySet<string>;
  reverts: readonly Revert[];
  standings: readonly Standing[];
  /** Parents of the default branch's commits, as far as they matter; needed only where a merge was reverted. */
  parents: ReadonlyMap<string, readonly string[]>;
}

/** Says what became of a commit that some ref reaches. */
export function stateFinder(graph: Graph): (sha: string) => "shipped" | "open" | "reverted" {
  const all = sources(graph.standings);
  const picks = sources(graph.standings.filter(({ via }) => via === "cherry-pick"));
  const taken = takenBack(graph);
  // A revert that names a commit which is on the branch means that one alone. One that is not there any more it can only name
  // in place of the version that is.
  const reverted = (sha: string) => taken.has(sha) || [...closure(sha, all)].some((old) => taken.has(old) && !graph.onDefault.has(old));
  return (sha) => {
    // The same work picked to another branch has shipped if either has.
    const shipped = [sha, ...closure(sha, picks)].filter((one) => graph.onDefault.has(one));
    if (shipped.length === 0) return "open";
    return shipped.every(reverted) ? "reverted" : "shipped";
  };
}

/** Every commit that a revert takes back which was not itself taken back. */
function takenBack({ reverts, parents }: Graph): Set<string> {
  const byTarget = new Map<string, Revert[]>();
  for (const revert of reverts) {
    for (const { sha } of revert.reverts) byTarget.set(sha, [...(byTarget.get(sha) ?? []), revert]);
  }
  const known = new Map<string, boolean>();
  const stands = (revert: Revert): boolean => {
    const answer = known.get(revert.sha);
    if (answer !== undefined) return answer;
    // Only a message that lies can make a circle: the one that closes it counts as standing.
    known.set(revert.sha, true);
    const result = !(byTarget.get(revert.sha) ?? []).some(stands);
    known.set(revert.sha, result);
    return result;
  };
  const taken = new Set<string>();
  for (const revert of reverts.filter(stands)) {
    for (const { sha, base } of revert.reverts) {
      taken.add(sha);
      if (base === null) continue;
      const kept = reach(base, parents, new Set());
      for (const brought of reach(sha, parents, kept)) taken.add(brought);
    }
  }
  return taken;
}

/** The commits reachable from `from`, itself included, without those in `except`. */
function reach(from: string, parents: ReadonlyMap<string, readonly string[]>, except: ReadonlySet<string>): Set<string> {
  const found = new Set<string>();
  const open = [from];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (found.has(at) || except.has(at)) continue;
    found.add(at);
    open.push(...(parents.get(at) ?? []));
  }
  return found;
}

function sources(standings: readonly Standing[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { oldSha, newSha } of standings) found.set(newSha, [...(found.get(newSha) ?? []), oldSha]);
  return found;
}

function closure(sha: string, from: ReadonlyMap<string, readonly string[]>): Set<string> {
  const found = reach(sha, from, new Set());
  found.delete(sha);
  return found;
}
