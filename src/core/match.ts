/** Finds the rewritten version of a commit by what rebase, cherry-pick, am and servers keep: author, author date, and the change itself. */

export interface Candidate {
  sha: string;
  author: string;
  authoredAt: number;
  subject: string;
  parents: readonly string[];
}

export interface Match {
  oldSha: string;
  newSha: string;
  evidence: "patch-id" | "reflog";
}

/** What a rewrite keeps of who wrote a commit, and when. */
export const identityOf = ({ author, authoredAt }: Pick<Candidate, "author" | "authoredAt">): string => `${authoredAt} ${author}`;

/** Commits that share author and author date with another: the only ones whose changes need comparing. */
export function suspects(commits: readonly Candidate[]): Candidate[] {
  const counts = new Map<string, number>();
  for (const commit of commits) counts.set(identityOf(commit), (counts.get(identityOf(commit)) ?? 0) + 1);
  return commits.filter((commit) => (counts.get(identityOf(commit)) as number) > 1);
}

/**
 * Pairs commits with the version they replaced. `commits` are in the order in which they came to be (`known` has them and more); `original` says that a commit
 * was written by hand and so is nobody's version. The change decides; where a conflict made it another one, the subject does.
 * A commit is never a version of its own ancestor, and where two could be meant, neither is.
 */
export function matchVersions(
  commits: readonly Candidate[],
  known: ReadonlyMap<string, Pick<Candidate, "parents">>,
  patchIds: ReadonlyMap<string, string>,
  original: (sha: string) => boolean,
): Match[] {
  const earlier = new Map<string, Candidate[]>();
  const matches: Match[] = [];
  for (const fresh of commits) {
    const twins = earlier.get(identityOf(fresh)) ?? [];
    earlier.set(identityOf(fresh), [...twins, fresh]);
    if (twins.length === 0 || original(fresh.sha)) continue;
    const above = ancestors(fresh, known);
    const others = twins.filter((twin) => !above.has(twin.sha));
    const patch = patchIds.get(fresh.sha);
    const same = patch === undefined ? undefined : others.findLast((twin) => patchIds.get(twin.sha) === patch);
    if (same !== undefined) {
      matches.push({ oldSha: same.sha, newSha: fresh.sha, evidence: "patch-id" });
      continue;
    }
    const named = others.filter((twin) => twin.subject === fresh.subject && patchIds.has(twin.sha) === (patch !== undefined));
    const last = named.at(-1);
    if (last === undefined || named.some((twin) => twin !== last && ancestors(last, known).has(twin.sha))) continue;
    matches.push({ oldSha: last.sha, newSha: fresh.sha, evidence: "reflog" });
  }
  return matches;
}

const MAX_DEPTH = 2000;

/** The commits known above a commit along first parents, as far as they are known. */
function ancestors(commit: Candidate, known: ReadonlyMap<string, Pick<Candidate, "parents">>): Set<string> {
  const found = new Set<string>();
  for (let at = commit.parents[0]; at !== undefined && found.size < MAX_DEPTH; at = known.get(at)?.parents[0]) found.add(at);
  return found;
}
