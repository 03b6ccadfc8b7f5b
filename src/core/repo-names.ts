/** How repositories are called in reports. */

/** Display names by id: the repository's name, with its folder where two share a name. */
export function displayNames(repos: readonly { id: number; name: string; commonDir: string }[]): Map<number, string> {
  const count = new Map<string, number>();
  for (const { name } of repos) count.set(name, (count.get(name) ?? 0) + 1);
  return new Map(repos.map(({ id, name, commonDir }) => [id, (count.get(name) ?? 0) > 1 ? `${name} (${folderOf(commonDir)})` : name]));
}

/** The ids that a typed name stands for: the whole name, its last parts (`api` for `github.com/acme/api`), or the folder. */
export function matchRepos(repos: readonly { id: number; name: string; commonDir: string }[], typed: string): number[] {
  const wanted = typed.replace(/\/+$/, "");
  const matches = (repo: { name: string; commonDir: string }) =>
    repo.name === wanted || repo.name.endsWith(`/${wanted}`) || folderOf(repo.commonDir) === wanted || repo.commonDir === wanted;
  return repos.filter(matches).map((repo) => repo.id);
}

/** The worktree that a common directory usually lies in; of a bare repository the directory itself. */
function folderOf(commonDir: string): string {
  return commonDir.replace(/[/\\]\.git$/, "");
}
