/** Whether a commit holds exactly what a merge would have given. */
import type { Place } from "./history.ts";
import { tryGit } from "./run.ts";

/**
 * Whether merging `theirs` into `ours` gives the tree of `result`, without a conflict, and that is not the tree of `ours`.
 * False with a git that cannot tell (`merge-tree --write-tree` came with 2.38).
 */
export async function mergesTo(place: Place, ours: string, theirs: string, result: string): Promise<boolean> {
  const trees = await tryGit(["rev-parse", "--verify", "--end-of-options", `${ours}^{tree}`], place);
  const wanted = await tryGit(["rev-parse", "--verify", "--end-of-options", `${result}^{tree}`], place);
  const [before, after] = [trees, wanted].map(({ code, stdout }) => (code === 0 ? stdout.toString("latin1").trim() : null));
  if (!before || !after || before === after) return false;
  const merged = await tryGit(["merge-tree", "--write-tree", "--no-messages", ours, theirs], place);
  return merged.code === 0 && merged.stdout.toString("latin1").trim() === after;
}

/** Whether `below` is `above` or one of its ancestors, as far as this clone knows. */
export async function isAncestor(place: Place, below: string, above: string): Promise<boolean> {
  return (await tryGit(["merge-base", "--is-ancestor", below, above], place)).code === 0;
}

/** The best common ancestor of two commits, or null. */
export async function mergeBase(place: Place, one: string, other: string): Promise<string | null> {
  const result = await tryGit(["merge-base", one, other], place);
  return result.code === 0 ? result.stdout.toString("latin1").trim() : null;
}

/** The commits from `sha` down along first parents, newest first, `sha` included. */
export async function firstParents(place: Place, sha: string, max: number): Promise<string[]> {
  const result = await tryGit(["rev-list", "--first-parent", `--max-count=${max}`, "--end-of-options", sha, "--"], place);
  return result.stdout.toString("latin1").split("\n").filter(Boolean);
}
