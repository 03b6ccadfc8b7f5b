/** Tells the model what a step did, from what git shows afterwards. */
import type { Head, Tree, World } from "./world.ts";
import type { Made } from "./model.ts";

/** Paths in which a commit differs from its first parent, or from `against`. */
export function filesOf(world: World, tree: Tree, sha: string, against?: string): Set<string> {
  const range = against === undefined ? ["--root", sha] : [against, sha];
  return new Set(world.askPaths(tree, "diff-tree", "-r", "-z", "--no-commit-id", "--name-only", "-m", "--first-parent", ...range));
}

/** Paths with a conflict. */
export const unmerged = (world: World, tree: Tree): string[] => world.askPaths(tree, "diff", "-z", "--name-only", "--diff-filter=U");

/** What commits are known by however often they are rewritten: their subjects without the marks of a reword. Asked once a commit. */
const titles = new Map<string, string>();
export function titlesOf(world: World, tree: Tree, shas: readonly string[]): (readonly [title: string, sha: string])[] {
  const fresh = shas.filter((sha) => !titles.has(sha));
  if (fresh.length > 0)
    for (const row of world.ask(tree, "log", "--no-walk=unsorted", "--format=%H %s", ...fresh))
      titles.set(row.slice(0, row.indexOf(" ")), row.slice(row.indexOf(" ") + 1).replace(/( ~)+$/, ""));
  return shas.map((sha) => [titles.get(sha) ?? "", sha]);
}

/** A commit of the user's own on HEAD. */
export function sawCommit(world: World, tree: Tree, before: Head, more: Partial<Made> = {}): void {
  const after = world.head(tree);
  if (after.sha === before.sha) return;
  follow(tree, before, after);
  const files = more.files ?? filesOf(world, tree, after.sha);
  tree.clone.model.commit({ tree: tree.id, sha: after.sha, files, line: after.line, byTime: true, ...more });
  cameBack(world, tree, after.sha, files);
}

/** The very content of a commit that was thrown away is its own again, whoever brought it back: it may hold what that one did. */
function cameBack(world: World, tree: Tree, sha: string, files: ReadonlySet<string>): void {
  for (const old of tree.thrownAway) {
    const paths = [...filesOf(world, tree, old)].filter((path) => files.has(path));
    if (paths.length === 0) continue;
    const now = new Set(world.askPaths(tree, "ls-tree", "-z", sha, "--", ...paths));
    if (world.askPaths(tree, "ls-tree", "-z", old, "--", ...paths).some((entry) => now.has(entry))) tree.clone.model.carry(old, sha, false);
  }
}

/**
 * Commits that a replay put on HEAD since `from`, not what a merge brought along: file evidence only. Returns them, oldest first.
 * `rest` is what holds of all but the first.
 */
export function sawReplay(world: World, tree: Tree, from: string, line: string, more: Partial<Made>, rest: Partial<Made> = {}): string[] {
  const { model, email } = tree.clone;
  const made: string[] = [];
  for (const row of world.ask(tree, "log", "--reverse", "--first-parent", "--format=%H %ce %P", `${from}..HEAD`)) {
    const [sha = "", committer = "", ...parents] = row.split(" ");
    if (committer !== email) continue;
    const later = made.length > 0 ? rest : {};
    made.push(sha);
    const merge = parents.length > 1 ? { open: "a merge's files" } : {};
    model.commit({ tree: tree.id, sha, files: filesOf(world, tree, sha), line, byTime: false, ...merge, ...more, ...later });
  }
  return made;
}

/** HEAD moved without a checkout: a detached line moves along. */
export function follow(tree: Tree, before: Head, after: Head): void {
  if (before.branch === null && after.branch === null) tree.clone.model.moveLine(tree.id, before.line, after.line);
}

/** HEAD may have gone to another branch: work waits where it was, unless the commit is the same. */
export function sawCheckout(world: World, tree: Tree, before: Head): void {
  const after = world.head(tree);
  if (before.sha === after.sha) tree.clone.model.moveLine(tree.id, before.line, after.line);
}

/** Pairs old with new commits by title and carries; a title that occurs twice proves nothing. */
export function carryByTitle(world: World, tree: Tree, olds: readonly string[], news: readonly string[], sure: boolean): void {
  const [from, to] = [titlesOf(world, tree, olds), titlesOf(world, tree, news)];
  for (const [title, sha] of to) {
    const sources = from.filter(([name]) => name === title);
    const unique = sources.length === 1 && to.filter(([name]) => name === title).length === 1;
    for (const [, old] of sources) tree.clone.model.carry(old, sha, sure && unique);
  }
}
