/** What is checked out. */
import { tryGit } from "./run.ts";

/** The branch that is checked out in the worktree around `folder`, also one without a commit; null when HEAD is detached or there is none. */
export async function currentBranch(folder: string, env: NodeJS.ProcessEnv): Promise<string | null> {
  const result = await tryGit(["symbolic-ref", "--quiet", "HEAD"], { at: folder, env, timeoutMs: 10_000 });
  const prefix = "refs/heads/";
  const ref = result.stdout.toString("utf8").replace(/\n$/, "");
  return result.code === 0 && ref.startsWith(prefix) ? ref.slice(prefix.length) : null;
}
