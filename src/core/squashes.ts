/** Recognises a squash that arrived from elsewhere as the work of a branch that was made here. Pure. */

export interface ArrivedCommit {
  sha: string;
  /** `Name <email>`. */
  author: string;
  /** Unix seconds. */
  committedAt: number;
  /** Commits that its message says it was squashed from. */
  mentions: readonly string[];
}

/** A commit made here with all that lies below it, down to where it left the branch that others push to. */
export interface Line {
  tip: string;
  /** The tip and what lies below it, newest first. */
  commits: readonly { sha: string; author: string; committedAt: number }[];
}

export interface SquashMatch {
  newSha: string;
  oldShas: string[];
}

/**
 * The squash of each line. `same` says that a commit changes exactly what the whole line changes. One commit with a common change could
 * be anyone's: it must also be by one of the line's authors, or name a commit of the line. A squash is never older than its line, is
 * of the longest line that fits, and the first commit that is a line's squash is the only one: a later copy is somebody's pick.
 */
export function squashesThatArrived(
  arrived: readonly ArrivedCommit[],
  lines: readonly Line[],
  same: (commit: string, tip: string) => boolean,
): SquashMatch[] {
  const matches: SquashMatch[] = [];
  const taken = new Set<string>();
  const longest = lines.toSorted((a, b) => b.commits.length - a.commits.length);
  for (const commit of arrived.toSorted((a, b) => a.committedAt - b.committedAt)) {
    const line = longest.find(({ tip, commits }) => {
      if (taken.has(tip) || commits.some(({ committedAt }) => committedAt > commit.committedAt)) return false;
      return (commits.length > 1 || isTheirs(commit, commits)) && same(commit.sha, tip);
    });
    if (line === undefined) continue;
    for (const { sha } of line.commits) taken.add(sha);
    matches.push({ newSha: commit.sha, oldShas: line.commits.map(({ sha }) => sha) });
  }
  return matches;
}

function isTheirs(commit: ArrivedCommit, commits: Line["commits"]): boolean {
  const words = new Set(partsOf(commit.author));
  return commits.some(({ sha, author }) => commit.mentions.includes(sha) || partsOf(author).some((part) => words.has(part)));
}

/** Servers put an address of their own for the author's; the name usually stays, or the other way round. */
function partsOf(author: string): string[] {
  const [, name = "", email = ""] = /^(.*?)\s*<(.*)>$/.exec(author) ?? [];
  return [name, email].map((part) => part.trim().toLowerCase()).filter((part) => part !== "");
}
