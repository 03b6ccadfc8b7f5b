/** Finds the rewritten version of a commit by what rebase, cherry-pick, am and servers keep: author, author date, and the change itself. */

export interface Candidate {
  sha: string;
  author: string;
  authoredAt: number;
  subject: string;
  parents: readonly string[];
  committedAt: number;
}

export interface Match {
  oldSha: string;
  newSha: string;
  evidence: "patch-id" | "reflog";
}

/** How a commit came to be: written by hand here; made here from another that is known; made here from we know not what; made elsewhere. */
export type Origin = "hand" | "told" | "rewrite" | "elsewhere";

/** What a rewrite keeps of who wrote a commit, and when. */
export const identityOf = ({ author, authoredAt }: Pick<Candidate, "author" | "authoredAt">): string => `${authoredAt} ${author}`;

/** Commits that share author and author date with another: the only ones whose changes need comparing. */
export function suspects(commits: readonly Candidate[]): Candidate[] {
  const counts = new Map<string, number>();
  for (const commit of commits) counts.set(identityOf(commit), (counts.get(identityOf(commit)) ?? 0) + 1);
  return commits.filter((commit) => (counts.get(identityOf(commit)) as number) > 1);
}

/**
 * Pairs commits with the version they replaced. `commits` are in the order in which they came to be known (`known` has them and more).
 * `origin` says of a commit that it was written by hand and so is nobody's version, made here by a rewrite, or made elsewhere: then
 * it must be later than what it is a version of, or that must have been written here, and gets what the first version holds: it may have
 * been made from that. The change decides; where a conflict made it another one, or several have it, the subject does, if it was written
 * here. What a rebase made is a version of a commit on the line that it moved (`lineOf`) when one there can be meant: another version of that
 * one may hold what was said later. A commit is never a version of its own ancestor, and where two could be meant, neither is.
 */
export function matchVersions(
  commits: readonly Candidate[],
  known: ReadonlyMap<string, Pick<Candidate, "parents">>,
  patchIds: ReadonlyMap<string, string>,
  origin: (sha: string) => Origin,
  lineOf: (sha: string) => ReadonlySet<string> | undefined,
): Match[] {
  const earlier = new Map<string, Candidate[]>();
  const matches: Match[] = [];
  for (const fresh of commits) {
    const twins = earlier.get(identityOf(fresh)) ?? [];
    earlier.set(identityOf(fresh), [...twins, fresh]);
    const from = origin(fresh.sha);
    if (twins.length === 0 || from === "hand" || from === "told") continue;
    const above = ancestors(fresh, known);
    const older = (twin: Candidate) => from === "rewrite" || twin.committedAt < fresh.committedAt || origin(twin.sha) === "hand";
    const others = twins.filter((twin) => !above.has(twin.sha) && older(twin));
    const onLine = (versions: readonly Candidate[]) => {
      const moved = versions.filter(({ sha }) => lineOf(fresh.sha)?.has(sha));
      return moved.length > 0 ? moved : versions;
    };
    const patch = patchIds.get(fresh.sha);
    const same = patch === undefined ? [] : onLine(others.filter((twin) => patchIds.get(twin.sha) === patch));
    // Of versions with one change, those are meant that it shares the subject with: the others were reworded from them, or to be reworded.
    const reworded = same.every((twin) => twin.subject !== fresh.subject);
    const equal = reworded ? same : same.filter((twin) => twin.subject === fresh.subject);
    // Of what somebody else wrote there are versions elsewhere, known or not, beside those that were made here.
    const ours = twins.some((twin) => origin(twin.sha) === "hand");
    const unclear = !ours && equal.length > 1 && equal.some((twin) => origin(twin.sha) === "elsewhere");
    const alike = from === "elsewhere" ? firstOf(equal, origin) : unclear ? [] : equal.slice(-MAX_VERSIONS);
    for (const { sha } of alike) matches.push({ oldSha: sha, newSha: fresh.sha, evidence: "patch-id" });
    if (same.length > 0 || !ours) continue;
    const named = onLine(others.filter((twin) => twin.subject === fresh.subject && patchIds.has(twin.sha) === (patch !== undefined)));
    const [one] = from === "elsewhere" ? firstOf(named, origin) : named.slice(-1);
    if (one === undefined || named.some((twin) => twin !== one && ancestors(one, known).has(twin.sha))) continue;
    matches.push({ oldSha: one.sha, newSha: fresh.sha, evidence: "reflog" });
  }
  return matches;
}

/** The version that the others were made from: what it holds, all of them hold. None where two were written by hand. */
function firstOf(versions: readonly Candidate[], origin: (sha: string) => Origin): Candidate[] {
  const written = versions.filter(({ sha }) => origin(sha) === "hand");
  if (written.length > 0) return written.length === 1 ? written : [];
  const came = versions.filter(({ sha }) => origin(sha) === "elsewhere");
  return (came.length > 0 ? came : versions).toSorted((a, b) => a.committedAt - b.committedAt).slice(0, 1);
}

/** Of versions with one change, more than this are not looked at. */
const MAX_VERSIONS = 20;
const MAX_DEPTH = 2000;

/** The commits known above a commit along first parents, as far as they are known. */
function ancestors(commit: Candidate, known: ReadonlyMap<string, Pick<Candidate, "parents">>): Set<string> {
  const found = new Set<string>();
  for (let at = commit.parents[0]; at !== undefined && found.size < MAX_DEPTH; at = known.get(at)?.parents[0]) found.add(at);
  return found;
}
