/** The worktrees of a repository, as git lists them. */
import { tryGit } from "./run.ts";

/** Roots of those that are there; none when git cannot tell (`-z` came with 2.36). One process. */
export async function worktreeRoots(where: { at: string; env: NodeJS.ProcessEnv }): Promise<string[]> {
  const result = await tryGit(["worktree", "list", "--porcelain", "-z"], { ...where, timeoutMs: 10_000 });
  if (result.code !== 0) return [];
  const entries = result.stdout.toString("utf8").split("\0\0");
  return entries.flatMap((entry) => {
    const fields = entry.split("\0");
    const root = fields.find((field) => field.startsWith("worktree "))?.slice("worktree ".length);
    const absent = fields.some((field) => field === "bare" || field === "prunable" || field.startsWith("prunable "));
    return root === undefined || absent ? [] : [root];
  });
}
