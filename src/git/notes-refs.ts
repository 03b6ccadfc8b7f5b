/** Forgets every note of boba in a repository: only for `boba hooks uninstall --purge`. */
import { tryGit } from "./run.ts";

/** Deletes the refs below `refs/notes/boba/`. Returns their names. */
export async function deleteNotesRefs(at: string, env: NodeJS.ProcessEnv): Promise<string[]> {
  const listed = await tryGit(["for-each-ref", "--format=%(refname)", "refs/notes/boba/"], { at, env });
  const names = listed.stdout.toString("utf8").split("\n").filter(Boolean);
  if (names.length === 0) return [];
  const done = await tryGit(["update-ref", "--stdin"], { at, env, input: names.map((name) => `delete ${name}\n`).join("") });
  return done.code === 0 ? names : [];
}
