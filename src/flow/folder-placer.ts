/** The simplest places: every folder stands for itself, outside any repository. */
import type { Place, Placer } from "../core/place.ts";
import { type Db, transaction } from "../platform/sqlite.ts";
import { folderId } from "../store/outside.ts";

export function folderPlacer(db: Db): Placer {
  const known = new Map<string, Place>();
  return {
    resolve(cwds) {
      const fresh = [...cwds].filter((cwd) => !known.has(cwd));
      if (fresh.length > 0) {
        transaction(db, () => {
          for (const cwd of fresh) known.set(cwd, { repoId: null, worktreeId: folderId(db, cwd), project: null });
        });
      }
      return Promise.resolve();
    },
    placeOf: (cwd) => (cwd === null ? null : (known.get(cwd) ?? null)),
  };
}
