/** Which commits a range holds, and whether this clone has enough history to know. */
import { BobaError, EXIT } from "../core/errors.ts";
import { tryGit } from "./run.ts";

/** Where git runs: a folder in a worktree (HEAD is that worktree's), or a bare repository. */
export interface Place {
  at: string;
  env: NodeJS.ProcessEnv;
}

export interface Located {
  /** Absolute path of the git directory that all worktrees share. */
  commonDir: string;
  shallow: boolean;
}

/**
 * Finds the repository around a folder.
 * @throws BobaError BOBA-NOTE-1 when there is none, or git refuses to use it.
 */
export async function locateRepository(place: Place): Promise<Located> {
  const result = await tryGit(["rev-parse", "--path-format=absolute", "--git-common-dir", "--is-shallow-repository"], place);
  const [commonDir = "", shallow] = result.stdout.toString("utf8").split("\n");
  if (result.code === 0 && commonDir !== "") return { commonDir, shallow: shallow === "true" };
  const dubious = result.stderr.includes("dubious ownership");
  throw new BobaError(
    "BOBA-NOTE-1",
    EXIT.usage,
    dubious ? `git does not trust ${place.at}: it belongs to another user` : `${place.at} is not in a git repository`,
    dubious ? `tell git that you do: git config --global --add safe.directory ${place.at}` : "run it inside a clone of your project",
  );
}

/** The full id of the commit that `rev` names, or null when this clone has no such commit. */
export async function resolveCommit(place: Place, rev: string): Promise<string | null> {
  const result = await tryGit(["rev-parse", "--verify", "--quiet", "--end-of-options", `${rev}^{commit}`], place);
  const sha = result.stdout.toString("latin1").trim();
  return result.code === 0 && /^[0-9a-f]{40,64}$/.test(sha) ? sha : null;
}

/** Commits with their subjects, newest first, children before parents; null when a revision is not known here. */
export async function listCommits(place: Place, revs: readonly string[], max?: number): Promise<{ sha: string; subject: string }[] | null> {
  const limit = max === undefined ? [] : [`--max-count=${max}`];
  const args = ["rev-list", "--topo-order", "--no-commit-header", "--encoding=UTF-8", "--format=%H%x09%s", ...limit];
  const result = await tryGit([...args, "--end-of-options", ...revs, "--"], place);
  if (result.code !== 0) return null;
  const lines = result.stdout.toString("utf8").split("\n");
  return lines.filter(Boolean).map((line) => ({ sha: line.slice(0, line.indexOf("\t")), subject: line.slice(line.indexOf("\t") + 1) }));
}

/** Parents as the commit object itself names them: also those that a shallow clone does not have. */
export async function writtenParents(place: Place, sha: string): Promise<string[]> {
  const result = await tryGit(["cat-file", "commit", sha], place);
  const header = result.stdout.toString("latin1").split("\n\n")[0] ?? "";
  return [...header.matchAll(/^parent ([0-9a-f]{40,64})$/gm)].map(([, parent]) => parent as string);
}

/**
 * Whether base..head can be trusted: neither side of the fork, down to where they meet, ends in a commit whose parents were cut off.
 * In a full clone it always can, if both commits are there.
 */
export async function isRangeWhole(place: Place, base: string, head: string): Promise<boolean> {
  const { shallow } = await locateRepository(place);
  const result = await tryGit(["rev-list", "--parents", "--end-of-options", `${base}...${head}`, "--"], place);
  if (result.code !== 0 || !shallow) return result.code === 0;
  const lines = result.stdout.toString("latin1").split("\n").filter(Boolean);
  const ends = lines.filter((line) => !line.includes(" "));
  // A commit that git shows without parents is a root, or one where the history was cut: the object tells which.
  for (const sha of ends) if ((await writtenParents(place, sha)).length > 0) return false;
  return true;
}

/** How many commits this clone can reach from `sha`, counted up to `max`; 0 when it is not here. */
export async function countReachable(place: Place, sha: string, max: number): Promise<number> {
  const result = await tryGit(["rev-list", "--count", `--max-count=${max}`, "--end-of-options", sha, "--"], place);
  return result.code === 0 ? Number(result.stdout.toString("latin1")) : 0;
}
