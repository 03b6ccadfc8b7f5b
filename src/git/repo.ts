/** Finds the repository a folder lies in. The walk upwards decides whether git need be asked at all; git's answer is what counts. */
import { type Stats, realpathSync, statSync } from "node:fs";
import { basename, dirname, isAbsolute, join, resolve } from "node:path";
import { normaliseRemote } from "../core/remote.ts";
import { peekBytes } from "./hook-file.ts";
import { tryGit } from "./run.ts";

export interface Location {
  /** The worktree's root; of a bare repository the git directory itself. */
  root: string;
  /** This worktree's own git directory. */
  gitDir: string;
  /** Shared by all worktrees: what identifies the repository. */
  commonDir: string;
}

/** A `.git` file holds one path. */
const MAX_POINTER_BYTES = 65_536;

/** The nearest folder at or above `folder` that holds a `.git`, with what that `.git` points to; null when there is none. */
export function nearestRepository(folder: string): { root: string; gitDir: string } | null {
  for (let at = folder; ; at = dirname(at)) {
    const dotGit = join(at, ".git");
    const found = statIfThere(dotGit);
    if (found?.isDirectory()) return { root: at, gitDir: dotGit };
    if (found?.isFile()) {
      const bytes = found.size > MAX_POINTER_BYTES ? null : peekBytes(dotGit);
      const target = /^gitdir: (.+?)\s*$/s.exec(Buffer.from(bytes ?? "", "latin1").toString("utf8"))?.[1];
      if (target !== undefined) return { root: at, gitDir: isAbsolute(target) ? target : resolve(at, target) };
    }
    if (dirname(at) === at) return null;
  }
}

/** Asks git where `folder` lies; null when git says that it is in no repository it will use. */
export async function locate(folder: string, env: NodeJS.ProcessEnv): Promise<Location | null> {
  const args = ["rev-parse", "--path-format=absolute", "--absolute-git-dir", "--git-common-dir", "--show-toplevel"];
  const result = await tryGit(args, { at: folder, env, timeoutMs: 10_000 });
  const text = result.stdout.toString("utf8").replace(/\n$/, "");
  // Each path is absolute, and a folder's name may hold a newline. One that ends in it cannot be told from two.
  const [gitDir, commonDir, root, more] = text.split(text.startsWith("/") ? /\n(?=\/)/ : "\n");
  if (!gitDir || !commonDir || more !== undefined) return null;
  return { root: root || gitDir, gitDir, commonDir };
}

/** The remote's normalised name and the repository's display name (the remote's, else the folder's). */
export async function nameRepository(location: Location, env: NodeJS.ProcessEnv): Promise<{ remote: string | null; name: string }> {
  const result = await tryGit(["config", "--null", "--get-regexp", "^remote\\..*\\.url$"], { at: location.gitDir, env, timeoutMs: 10_000 });
  const urls = result.stdout
    .toString("utf8")
    .split("\0")
    .filter((entry) => entry !== "")
    .map((entry) => entry.split("\n") as [string, string]);
  const chosen = urls.find(([key]) => key === "remote.origin.url") ?? urls[0];
  const remote = chosen === undefined ? null : normaliseRemote(chosen[1]);
  const folder = basename(location.commonDir) === ".git" ? basename(dirname(location.commonDir)) : basename(location.commonDir, ".git");
  return { remote, name: remote ?? folder };
}

/** The display name of the repository that `folder` lies in; null outside any. */
export async function repositoryName(folder: string, env: NodeJS.ProcessEnv): Promise<string | null> {
  const location = await locate(folder, env);
  return location === null ? null : (await nameRepository(location, env)).name;
}

/** The path with links resolved, or null when nothing is there. */
export function realPathIfThere(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null; // gone, or not ours to look into: both mean that git cannot be asked there
  }
}

function statIfThere(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined; // a parent that is a file, or not ours to look into
  }
}
