/** A notes ref that several pipelines write: set on top of what the remote has, so that the next push fits. */
import { isAncestor } from "./merge-tree.ts";
import { NOTES_PREFIX, readNotes } from "./notes.ts";
import { inRepository, type Repository } from "./objects.ts";
import { fetchFrom, type Remote } from "./remote.ts";
import { tryGit } from "./run.ts";

const ASIDE = "refs/boba/carry/";

/**
 * Fetches the remote's `refs/notes/boba/<writer>` and makes the local one start from it. Returns the notes that only the local one
 * had, by commit: they must be written again. A remote that cannot be asked leaves all as it is.
 */
export async function alignWithRemote(repo: Repository, remote: Remote, writer: string, depth1: boolean): Promise<Map<string, Buffer>> {
  const kept = new Map<string, Buffer>();
  const [own, aside] = [NOTES_PREFIX + writer, ASIDE + writer];
  // A pattern: a remote that has no such ref yet is no failure then.
  const said = await fetchFrom(remote, [`+${own}*:${aside}*`], ["--no-filter", ...(depth1 ? ["--depth=1"] : [])]);
  const theirs = said === null ? await tipOf(repo, aside) : null;
  if (theirs === null) return kept;
  const place = { at: repo.commonDir, env: repo.env };
  const ours = await tipOf(repo, own);
  if (ours !== null && ours !== theirs && !(await isAncestor(place, ours, theirs)) && !(await isAncestor(place, theirs, ours))) {
    const notes = await readNotes(repo, { commits: null, writer });
    for (const { sha, blob } of notes.entries) {
      const body = notes.bodies.get(blob);
      if (body) kept.set(sha, body);
    }
  }
  const ahead = ours !== null && ours !== theirs && (await isAncestor(place, theirs, ours));
  if (!ahead && ours !== theirs) await inRepository(repo, ["update-ref", own, theirs, ours ?? ""]);
  await inRepository(repo, ["update-ref", "-d", aside]);
  return kept;
}

async function tipOf(repo: Repository, ref: string): Promise<string | null> {
  const args = ["--git-dir", repo.commonDir, "rev-parse", "--verify", "--quiet", ref];
  const result = await tryGit(args, { at: repo.commonDir, env: repo.env });
  return result.code === 0 ? result.stdout.toString("latin1").trim() : null;
}
