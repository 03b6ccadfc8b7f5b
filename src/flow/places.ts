/** From a folder that an agent logged to worktree, repository and project, through git. */
import { basename, dirname, join, relative, sep } from "node:path";
import { readProjectName } from "../config/project.ts";
import type { Place, Placer } from "../core/place.ts";
import { locate, nameRepository, nearestRepository, realPathIfThere } from "../git/repo.ts";
import { type Db, transaction } from "../platform/sqlite.ts";
import { allRepos, allWorktrees, saveRepo, saveWorktree } from "../store/places.ts";

interface Root {
  root: string;
  gitDir: string | null;
  place: Place;
}

/** A placer over the ledger's own places: a worktree that is gone still answers for the folders that lay in it. */
export function openPlacer(db: Db, env: NodeJS.ProcessEnv): Placer {
  const names = new Map(allRepos(db).map((repo) => [repo.id, repo.name]));
  const roots = new Map<string, Root>();
  for (const { id, repo, root, gitDir } of allWorktrees(db)) {
    if (repo !== null) roots.set(root, { root, gitDir, place: { repoId: repo, worktreeId: id, project: null } });
  }
  const rooted = new Map<string, Root | null>();
  const places = new Map<string, Place>();

  /** The deepest known root that holds `path`: how folders and worktrees that are gone are placed. */
  const knownRoot = (path: string): Root | null => {
    let best: Root | null = null;
    for (const root of roots.values()) if (isBelow(path, root.root) && root.root.length > (best?.root.length ?? -1)) best = root;
    return best;
  };

  const learn = async (folder: string): Promise<Root | null> => {
    const location = await locate(folder, env);
    if (location === null) return null;
    const named = await nameRepository(location, env);
    const place = transaction(db, () => {
      const repoId = saveRepo(db, { commonDir: location.commonDir, ...named });
      return { repoId, worktreeId: saveWorktree(db, { repo: repoId, root: location.root, gitDir: location.gitDir }), project: null };
    });
    names.set(place.repoId, named.name);
    const root = { root: location.root, gitDir: location.gitDir, place };
    roots.set(location.root, root);
    return root;
  };

  const rootOf = async (folder: string): Promise<Root | null> => {
    const known = rooted.get(folder);
    if (known !== undefined) return known;
    const real = realPathIfThere(folder);
    const near = real === null ? null : nearestRepository(real);
    const same = near === null ? undefined : roots.get(near.root);
    let found = real === null ? knownRoot(folder) : null;
    if (real !== null && near !== null) found = same?.gitDir === near.gitDir ? same : await learn(real);
    if (found?.place.project === null) {
      found.place.project = (await readProjectName(found.root)) ?? names.get(found.place.repoId as number) ?? null;
    }
    rooted.set(folder, found);
    return found;
  };

  return {
    async resolve(folders, fileFolders) {
      for (const folder of fileFolders) await rootOf(folder);
      const outside: string[] = [];
      for (const folder of folders) {
        const root = await rootOf(folder);
        if (root !== null) places.set(folder, root.place);
        else if (!places.has(folder)) outside.push(folder);
      }
      if (outside.length === 0) return;
      transaction(db, () => {
        for (const folder of outside) {
          places.set(folder, { repoId: null, worktreeId: saveWorktree(db, { repo: null, root: folder, gitDir: null }), project: null });
        }
      });
    },
    placeOf: (folder) => (folder === null ? null : (places.get(folder) ?? null)),
    placeFile(absolutePath) {
      const folder = dirname(absolutePath);
      const root = rooted.get(folder);
      if (root === undefined || root === null) return null;
      const real = isBelow(absolutePath, root.root) ? absolutePath : join(realPathIfThere(folder) ?? folder, basename(absolutePath));
      const path = relative(root.root, real).split(sep).join("/");
      // Git's own files are never part of a commit, nor is what lies elsewhere behind a link.
      return path.startsWith(".git/") || path.startsWith("../") ? null : { place: root.place, path };
    },
  };
}

function isBelow(path: string, root: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);
}
