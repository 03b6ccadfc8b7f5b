/** Asks git which paths it ignores. */
import { tryGit } from "./run.ts";

/** Those of `paths` (relative to the worktree's root) that are ignored and not tracked; none when the worktree is gone. */
export async function ignoredPaths(root: string, paths: readonly string[], env: NodeJS.ProcessEnv): Promise<string[]> {
  if (paths.length === 0) return [];
  const result = await tryGit(["check-ignore", "-z", "--stdin"], { at: root, env, input: paths.map((path) => `${path}\0`).join("") });
  return result.code === 0
    ? result.stdout
        .toString("utf8")
        .split("\0")
        .filter((path) => path !== "")
    : [];
}
