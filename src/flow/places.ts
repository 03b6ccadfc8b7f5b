/** From a folder that an agent logged to worktree, repository and project, through git. */
import { join, relative, sep } from "node:path";
import { readProjectName } from "../config/project.ts";
import type { Place, PlacedFile, Placer } from "../core/place.ts";
import { locate, nameRepository, nearestRepository, realPathIfThere } from "../git/repo.ts";
import type { Db } from "../platform/sqlite.ts";
import { allRepos, allWorktrees, saveRepo, saveWorktree } from "../store/places.ts";

/** A placer over the ledger's own places: a worktree that is gone still answers for the folders that lay in it. */
export function openPlacer(db: Db, env: NodeJS.ProcessEnv): Placer {
  const repoNames = new Map(allRepos(db).map((repo) => [repo.id, repo.name]));
  const roots = new Map<string, { id: number; repo: number; gitDir: string | null }>();
  for (const { id, repo, root, gitDir } of allWorktrees(db)) if (repo !== null) roots.set(root, { id, repo, gitDir });
  const memory = new Map<string, Place>();
  const projects = new Map<string, string>();

  const projectOf = async (root: string, repo: number): Promise<string> => {
    const known = projects.get(root);
    if (known !== undefined) return known;
    const name = (await readProjectName(root)) ?? repoNames.get(repo) ?? "";
    projects.set(root, name);
    return name;
  };

  const placeIn = async (root: string): Promise<Place> => {
    const { id, repo } = roots.get(root) as { id: number; repo: number };
    return { repoId: repo, worktreeId: id, project: await projectOf(root, repo) };
  };

  /** The deepest known root that holds `path`: how folders and worktrees that are gone are placed. */
  const knownRoot = (path: string): string | null => {
    let best: string | null = null;
    for (const root of roots.keys()) if (isBelow(path, root) && root.length > (best?.length ?? -1)) best = root;
    return best;
  };

  const discover = async (folder: string): Promise<Place | null> => {
    const real = realPathIfThere(folder);
    if (real === null) {
      const root = knownRoot(folder);
      return root === null ? null : placeIn(root);
    }
    const near = nearestRepository(real);
    if (near === null) return null;
    if (roots.get(near.root)?.gitDir !== near.gitDir) {
      const location = await locate(real, env);
      if (location === null) return null;
      const named = await nameRepository(location, env);
      const repo = saveRepo(db, { commonDir: location.commonDir, ...named });
      repoNames.set(repo, named.name);
      const id = saveWorktree(db, { repo, root: location.root, gitDir: location.gitDir });
      roots.set(location.root, { id, repo, gitDir: location.gitDir });
      return placeIn(location.root);
    }
    return placeIn(near.root);
  };

  return {
    async resolve(folders) {
      for (const folder of folders) {
        if (memory.has(folder)) continue;
        const place = await discover(folder);
        memory.set(folder, place ?? { repoId: null, worktreeId: saveWorktree(db, { repo: null, root: folder, gitDir: null }), project: null });
      }
    },
    placeOf: (folder) => (folder === null ? null : (memory.get(folder) ?? null)),
    placeFile(absolutePath): PlacedFile | null {
      const root = knownRoot(absolutePath) ?? knownRoot(realParent(absolutePath));
      if (root === null) return null;
      const inside = isBelow(absolutePath, root) ? absolutePath : realParent(absolutePath);
      const path = relative(root, inside).split(sep).join("/");
      // Git's own files are never part of a commit.
      return path === "" || path.startsWith(".git/") ? null : { worktreeId: (roots.get(root) as { id: number }).id, path };
    },
  };
}

function isBelow(path: string, root: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);
}

/** The path with the links of its folder resolved: agents log paths as they were typed. */
function realParent(path: string): string {
  const cut = path.lastIndexOf(sep);
  const folder = realPathIfThere(path.slice(0, cut) || sep);
  return folder === null ? path : join(folder, path.slice(cut + 1));
}
