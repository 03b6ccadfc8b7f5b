/** Takes in what `git filter-repo` says it made of commits that are known: nothing else is left to tell it. */
import { commitMapPath, readCommitMap } from "../git/commit-map.ts";
import { readCommits } from "../git/commits.ts";
import { type Db, transaction } from "../platform/sqlite.ts";
import { commitsOf, saveCommits } from "../store/commits.ts";
import { saveHints } from "../store/events.ts";
import { allRepos, allWorktrees } from "../store/places.ts";
import { reflogCursor, saveReflogCursor } from "../store/reflog-cursors.ts";
import type { App } from "./app.ts";

/** Reads each repository's commit map, if there is one that was not read before. Without one it costs a stat. */
export async function takeCommitMaps(app: App, db: Db): Promise<void> {
  for (const { id, commonDir } of allRepos(db)) {
    const path = commitMapPath(commonDir);
    let known: ReturnType<typeof commitsOf> | undefined;
    const map = readCommitMap(path, reflogCursor(db, path), (sha) => (known ??= commitsOf(db, id)).has(sha));
    if (map === null) continue;
    const worktree = allWorktrees(db).find(({ repo }) => repo === id)?.id;
    if (worktree === undefined) continue;
    if (map.refused) app.log.write("warn", "filter-repo's commit map is too long to be read", { path, bytes: map.cursor.size });
    const commits = await readCommits(
      map.pairs.map(({ newSha }) => newSha),
      { at: commonDir, env: app.env },
    );
    const kept = map.pairs.filter(({ newSha }) => commits.has(newSha));
    transaction(db, () => {
      saveCommits(db, id, commits.values());
      saveHints(
        db,
        kept.map((pair) => ({ worktree, kind: "filtered", ...pair })),
      );
      saveReflogCursor(db, path, map.cursor);
    });
  }
}
