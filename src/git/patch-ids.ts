/** Digests of changes, for any number of commits in two processes. */
import { tryGit } from "./run.ts";

const MAX_PATCH_BYTES = 256 * 1024 * 1024;

/**
 * The stable patch id of each commit against its parent, or of `sha` against `against`. Commits without a change, merges and
 * commits that git cannot read have none.
 */
export async function patchIds(
  commits: readonly { sha: string; against?: string }[],
  where: { at: string; env: NodeJS.ProcessEnv },
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  if (commits.length === 0) return found;
  const input = commits.map(({ sha, against }) => (against === undefined ? sha : `${sha} ${against}`)).join("\n");
  const patches = await tryGit(["diff-tree", "--stdin", "-p", "--root", "--no-ext-diff", "--no-textconv", "--full-index"], {
    ...where,
    input: `${input}\n`,
    maxBytes: MAX_PATCH_BYTES,
  });
  // Cut off, it would give another change's id.
  if (patches.code !== 0) return found;
  const ids = await tryGit(["patch-id", "--stable"], { ...where, input: patches.stdout });
  for (const line of ids.stdout.toString("utf8").split("\n")) {
    const [patchId, sha] = line.split(" ");
    if (patchId !== undefined && sha !== undefined && sha !== "") found.set(sha, patchId);
  }
  return found;
}
