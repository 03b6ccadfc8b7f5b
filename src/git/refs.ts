/** Refs of a repository: whether any may have moved (no process), where they point, and what came with them. */
import { hash } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { tryGit } from "./run.ts";

interface At {
  at: string;
  env: NodeJS.ProcessEnv;
}

const MAX_FOLDERS = 5000;

/** Notes, and what boba remembers of having pushed them: no work of the user's is reached by these. */
const OWN_REFS = ["refs/notes", "refs/boba"];
/** For `git rev-list --all`, which has to follow. */
export const WITHOUT_OWN_REFS: readonly string[] = OWN_REFS.map((name) => `--exclude=${name}/*`);

/**
 * Changes whenever a ref (notes and our own aside) or a worktree's HEAD is written: git replaces ref files by renaming, which touches their folder.
 * Null when the repository is gone.
 */
export function refsSignature(commonDir: string): string | null {
  if (statSync(commonDir, { throwIfNoEntry: false }) === undefined) return null;
  const stamps: string[] = [];
  const stamp = (path: string) => {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found !== undefined) stamps.push(`${path} ${found.mtimeMs} ${found.size}`);
  };
  for (const name of ["HEAD", "packed-refs", "reftable/tables.list"]) stamp(join(commonDir, name));
  const folders = [join(commonDir, "refs")];
  const own = OWN_REFS.map((name) => join(commonDir, name));
  for (let folder = folders.pop(); folder !== undefined && stamps.length < MAX_FOLDERS; folder = folders.pop()) {
    stamp(folder);
    for (const entry of listIfThere(folder)) {
      const inner = join(folder, entry.name);
      if (entry.isDirectory() && !own.includes(inner)) folders.push(inner);
    }
  }
  for (const entry of listIfThere(join(commonDir, "worktrees"))) stamp(join(commonDir, "worktrees", entry.name, "HEAD"));
  return hash("sha256", stamps.join("\n"), "hex").slice(0, 16);
}

function listIfThere(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return []; // removed meanwhile, or never there: its parent's time tells
  }
}

/** The commits (or tags) that refs other than notes and our own point to; null when git cannot read the repository. */
export async function refTips(where: At): Promise<string[] | null> {
  const result = await tryGit(["for-each-ref", "--format=%(objectname) %(refname)"], where);
  if (result.code !== 0) return null;
  const lines = result.stdout
    .toString("utf8")
    .split("\n")
    .filter((line) => line !== "" && !OWN_REFS.some((name) => line.includes(` ${name}/`)));
  return [...new Set(lines.map((line) => line.split(" ", 1)[0] as string))].sort();
}

/** Whether a branch is called so, here or on a remote. */
export async function knowsBranch(name: string, where: At): Promise<boolean> {
  const result = await tryGit(["for-each-ref", "--count=1", "--format=%(refname)", `refs/heads/${name}`, `refs/remotes/*/${name}`], where);
  return result.code === 0 && result.stdout.length > 0;
}

export interface Arrival {
  sha: string;
  /** `Name <email>`. */
  author: string;
  /** Unix seconds. */
  authoredAt: number;
}

const MAX_ARRIVALS = 50_000;

/** What `rebase --rebase-merges` names its commits by until it has ended. */
const UNFINISHED = "--exclude=refs/rewritten/*";

/**
 * Commits that refs reach now and did not from `seen`; without `seen`, those committed since `sinceS` (Unix seconds). Oldest first.
 * What only a HEAD points to did not come from elsewhere: it was made there, perhaps by a rebase that is yet to be aborted.
 */
export async function arrivals(seen: readonly string[], sinceS: number, where: At): Promise<Arrival[]> {
  const bound = seen.length > 0 ? ["--stdin"] : [`--since=${sinceS}`];
  const args = ["rev-list", "--ignore-missing", `--max-count=${MAX_ARRIVALS}`, "--no-commit-header", "--format=%H%x09%at%x09%an <%ae>"];
  const result = await tryGit([...args, ...WITHOUT_OWN_REFS, UNFINISHED, "--glob=refs/*", ...bound], {
    ...where,
    input: seen.map((sha) => `^${sha}\n`).join(""),
  });
  if (result.code !== 0) return [];
  const lines = result.stdout
    .toString("utf8")
    .split("\n")
    .filter((line) => line !== "");
  return lines.reverse().map((line) => {
    const [sha = "", authoredAt = "0", author = ""] = line.split("\t");
    return { sha, author, authoredAt: Number(authoredAt) };
  });
}
