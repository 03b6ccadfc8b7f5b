/** Where a line of commits left another, from a part of the graph. Pure. */

/** Parents by commit: what is missing is not known. */
export type Graph = ReadonlyMap<string, readonly string[]>;

/** Everything that `from` reaches, itself included; what the graph lacks too. */
export function reachedFrom(from: string, graph: Graph): Set<string> {
  const reached = new Set([from]);
  // A set grows while it is walked, and what was added is walked too.
  for (const sha of reached) for (const parent of graph.get(sha) ?? []) reached.add(parent);
  return reached;
}

/**
 * What `tip` has and `trunk` (what a commit reaches) has not, and the one commit of the trunk that it was last made upon: the merge base. Null when they share
 * nothing, when there is more than one, and when the graph does not go down far enough to say.
 */
export function forkOf(tip: string, trunk: ReadonlySet<string>, graph: Graph): { above: string[]; base: string } | null {
  const above = new Set([tip]);
  const bases = new Set<string>();
  for (const sha of above) {
    const parents = graph.get(sha);
    if (trunk.has(sha) || parents === undefined) return null;
    for (const parent of parents) (trunk.has(parent) ? bases : above).add(parent);
  }
  const best = [...bases].filter((base) => ![...bases].some((other) => other !== base && reachedFrom(other, graph).has(base)));
  return best.length === 1 ? { above: [...above], base: best[0] as string } : null;
}
