/** What of the own notes a remote is known to have. Kept as a ref, so that git keeps what it points at. */
import { inRepository, type Repository } from "./objects.ts";
import { tryGit } from "./run.ts";

const PUSHED_PREFIX = "refs/boba/pushed/";

/** Records the tip that a push has just delivered. */
export async function rememberPushed(repo: Repository, cloneId: string, tip: string): Promise<void> {
  await inRepository(repo, ["update-ref", PUSHED_PREFIX + cloneId, tip]);
}

/** How many notes have changed since the last push; null when nothing was ever pushed from here. */
export async function countUnpushed(repo: Repository, cloneId: string, tip: string): Promise<number | null> {
  const pushed = PUSHED_PREFIX + cloneId;
  const args = ["--git-dir", repo.commonDir, "diff-tree", "-r", "--name-only", "-z", "--end-of-options", pushed, tip];
  const result = await tryGit(args, { at: repo.commonDir, env: repo.env });
  if (result.code !== 0) return null;
  // A tree that fans out anew moves every note: the same commit under another path is still one note.
  const paths = result.stdout.toString("latin1").split("\0").filter(Boolean);
  return new Set(paths.map((path) => path.replaceAll("/", ""))).size;
}
