/** The worktrees of a repository, from the files that git keeps of them: no process, so that every run can look. Source: gitrepository-layout. */
import { readdirSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { hasCode } from "../platform/fs.ts";
import { nearestRepository } from "./repo.ts";
import { peekBytes } from "./hook-file.ts";

export interface WorktreePlace {
  root: string;
  gitDir: string;
}

/** The main one, unless the repository is bare or its root cannot be told, and the linked ones; of these only such as are there. */
export function worktreesOf(commonDir: string): WorktreePlace[] {
  const main = basename(commonDir) === ".git" ? [{ root: dirname(commonDir), gitDir: commonDir }] : [];
  const linked = namesIn(join(commonDir, "worktrees")).flatMap((name): WorktreePlace[] => {
    const gitDir = join(commonDir, "worktrees", name);
    // The path of the worktree's `.git` file, in bytes; since git 2.48 it may be relative.
    const bytes = peekBytes(join(gitDir, "gitdir"));
    const dotGit = bytes === null ? "" : Buffer.from(bytes, "latin1").toString("utf8").replace(/\n$/, "");
    return dotGit === "" ? [] : [{ root: dirname(resolve(gitDir, dotGit)), gitDir }];
  });
  return [...main, ...linked].filter(({ root, gitDir }) => nearestRepository(root)?.gitDir === gitDir);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR", "EACCES", "EPERM")) return []; // no linked worktree, or none that one may see
    throw error;
  }
}
