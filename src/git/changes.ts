/** What commits changed, path by path, for any number of them in one process. */
import { tryGit } from "./run.ts";

interface At {
  at: string;
  env: NodeJS.ProcessEnv;
}

/**
 * Paths in which each commit differs from `against`, or, without it, from its parents (a merge: from all of them).
 * Commits that git cannot read have no entry.
 */
export async function changedPaths(commits: readonly { sha: string; against?: string }[], where: At): Promise<Map<string, Set<string>>> {
  const found = new Map<string, Set<string>>();
  if (commits.length === 0) return found;
  const input = commits.map(({ sha, against }) => (against === undefined ? sha : `${sha} ${against}`)).join("\n");
  const args = ["diff-tree", "--stdin", "--always", "--root", "-r", "-c", "--name-only", "--no-renames", "-z"];
  const out = (await tryGit(args, { ...where, input: `${input}\n` })).stdout.toString("utf8");
  const wanted = new Set(commits.map(({ sha }) => sha));
  let paths: Set<string> | undefined;
  for (const field of out.split("\0")) {
    if (wanted.has(field)) {
      paths = new Set();
      found.set(field, paths);
    } else if (field !== "") paths?.add(field);
  }
  return found;
}

/** Paths that each commit changed against its first parent, with the blob each has now (zeros when deleted). Merges have none. */
export async function changedBlobs(shas: readonly string[], where: At): Promise<Map<string, Map<string, string>>> {
  const found = new Map<string, Map<string, string>>();
  if (shas.length === 0) return found;
  const args = ["diff-tree", "--stdin", "--always", "--root", "-r", "--raw", "--no-renames", "--no-abbrev", "-z"];
  const fields = (await tryGit(args, { ...where, input: `${shas.join("\n")}\n` })).stdout.toString("utf8").split("\0");
  let blobs: Map<string, string> | undefined;
  for (let at = 0; at < fields.length; at++) {
    const field = fields[at] as string;
    if (field.startsWith(":")) {
      // :old-mode new-mode old-blob new-blob status, then the path.
      const blob = field.split(" ")[3];
      if (blob !== undefined) blobs?.set(fields[++at] ?? "", blob);
    } else if (field !== "") {
      blobs = new Map();
      found.set(field, blobs);
    }
  }
  return found;
}
