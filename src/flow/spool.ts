/** Takes in what the hooks left in the spool. The file is set aside first, so that hooks go on writing to a new one. */
import { renameSync, rmSync } from "node:fs";
import type { Placer } from "../core/place.ts";
import { parseSpoolLine, shasOf, type SpoolLine } from "../core/spool.ts";
import { readBounded } from "../platform/bounded-read.ts";
import { hasCode } from "../platform/fs.ts";
import { pid } from "../platform/self.ts";
import { type Db, transaction } from "../platform/sqlite.ts";
import { type Hint, openSquashes, saveHints } from "../store/events.ts";
import { allRepos, allWorktrees } from "../store/places.ts";
import { noteWish } from "./share.ts";
import type { App } from "./app.ts";
import { spoolIn, takenFrom, takenPrefix } from "./spool-files.ts";

const HINTS: ReadonlySet<string> = new Set(["rewritten", "picked", "squashed"]);

/** Makes the worktrees that hooks fired in known, and keeps what only hooks can say. Returns the number of lines taken. */
export async function takeSpool(app: App, db: Db, placer: Placer): Promise<number> {
  const spools = [app.paths.spool, ...allRepos(db).map((repo) => spoolIn(repo.commonDir))];
  let taken = 0;
  for (const spool of spools) {
    for (const path of setAside(app, spool)) {
      const lines = linesOf(app, path);
      if (lines === null) continue;
      const parsed = lines.map(parseSpoolLine).filter((line) => line !== null);
      if (parsed.length < lines.length) app.log.write("warn", "spool lines unreadable", { lines: lines.length - parsed.length });
      await keep(app, db, placer, parsed);
      rmSync(path, { force: true });
      taken += parsed.length;
    }
  }
  return taken;
}

/** A rebase of ten thousand commits leaves 2 MB. */
const MAX_SPOOL_BYTES = 32 * 1024 * 1024;

/** Null for what cannot be read: it stays where it is, and must not keep the rest from being taken. */
function linesOf(app: App, path: string): string[] | null {
  try {
    const found = readBounded(path, MAX_SPOOL_BYTES, false);
    if (found !== null && "refused" in found) {
      app.log.write("warn", "spool not read", { path, why: found.refused });
      return null;
    }
    // Another process may have taken it in since we looked.
    return (found?.bytes.toString("utf8") ?? "").split("\n").filter((line) => line !== "");
  } catch (error) {
    if (!(error instanceof Error) || !("code" in error)) throw error;
    app.log.write("warn", "spool not read", { path, why: String(error.code) });
    return null;
  }
}

async function keep(app: App, db: Db, placer: Placer, lines: readonly SpoolLine[]): Promise<void> {
  await placer.resolve(new Set(), new Set(lines.map(({ cwd }) => cwd)));
  const byGitDir = new Map(allWorktrees(db).flatMap(({ id, gitDir }) => (gitDir === null ? [] : [[gitDir, id] as const])));
  const worktreeOf = ({ gitDir, cwd }: SpoolLine) => byGitDir.get(gitDir) ?? placer.placeOf(cwd)?.worktreeId;
  transaction(db, () => {
    for (const line of lines) {
      const worktree = worktreeOf(line);
      if (worktree !== undefined) saveHints(db, hintsFrom(db, line, worktree));
    }
  });
  for (const line of lines) if (line.event === "pre-push") wish(app, db, line, byGitDir.get(line.gitDir));
}

/** What a line adds to what is known; lines come in the order in which hooks ran, so a commit ends the squash that was begun before it. */
function hintsFrom(db: Db, line: SpoolLine, worktree: number): Hint[] {
  const { event, head } = line;
  if (event === "post-commit" && head !== null)
    return openSquashes(db, worktree).map((oldSha) => ({ worktree, kind: "squashed-next", oldSha, newSha: head }));
  const shas = HINTS.has(event) ? shasOf(line) : null;
  return shas === null ? [] : [{ worktree, kind: event, ...shas }];
}

/** The hook runs before git has pushed; by the time all else is done the push usually is too. */
function wish(app: App, db: Db, { args, cwd }: SpoolLine, worktree: number | undefined): void {
  const repoId = allWorktrees(db).find(({ id }) => id === worktree)?.repo;
  const repo = allRepos(db).find(({ id }) => id === repoId);
  if (repo !== undefined) noteWish(app, db, repo, args[0] ?? "", cwd);
}

/** Renames the spool away and returns every file set aside, those of a run that was killed included. */
function setAside(app: App, spool: string): string[] {
  try {
    renameSync(spool, `${takenPrefix(spool)}${app.now()}-${pid}`);
  } catch (error) {
    if (!hasCode(error, "ENOENT", "ENOTDIR", "EACCES", "EROFS", "EPERM")) throw error;
  }
  return takenFrom(spool);
}
