/** `reset HEAD~` where an interactive rebase stopped: one commit is taken apart and made again as several. */
import { filesOf } from "./observe.ts";
import type { Run } from "./rebase-run.ts";
import { pseudoRef, type Tree, type World } from "./world.ts";

/** Each path that a commit changed, with the content it has there. */
const contentOf = (world: World, tree: Tree, sha: string): Map<string, string> => {
  const fields = world.askPaths(tree, "diff-tree", "-r", "-z", "--no-commit-id", "--root", sha);
  return new Map(fields.flatMap((field, at) => (at % 2 === 1 ? [[field, fields[at - 1]?.split(" ")[3] ?? ""] as const] : [])));
};

/** Takes the commit on HEAD apart and commits its files in two or more parts; false when it cannot be. */
export function splitHere(world: World, tree: Tree, run: Run): boolean {
  const { model } = tree.clone;
  const from = world.head(tree);
  const stopped = pseudoRef(tree, "REBASE_HEAD");
  const whole = contentOf(world, tree, from.sha);
  if (whole.size < 2 || !world.git(tree, ["reset", "-q", "HEAD~"])) return false;
  run.byHand = true;
  const paths = [...whole.keys()];
  if (world.random.chance(0.4)) world.talk(tree, run.before.line, world.random.chance(0.4) ? [world.random.pick(paths)] : []);
  const parts = world.random.chance(0.3) ? paths.map((path) => [path]) : [paths.slice(0, 1), paths.slice(1)];
  for (const part of parts) {
    world.git(tree, ["add", "-A", "--", ...part], { GIT_LITERAL_PATHSPECS: "1" });
    const message = world.random.chance(0.2) ? ["-C", from.sha] : ["-m", `m${world.next()}`];
    if (!world.git(tree, ["commit", "-q", "--allow-empty", ...message])) continue;
    const { sha } = world.head(tree);
    const { since, blurredFromMs } = run;
    const files = filesOf(world, tree, sha);
    model.commit({ tree: tree.id, sha, files, line: run.before.line, byTime: false, since, sinceSure: true, blurredFromMs });
    // A part is one by what it holds just as the whole left it: where all of its files were edited since, it need not be.
    const same = [...contentOf(world, tree, sha)].some(([path, blob]) => whole.get(path) === blob);
    run.parts.push({ old: from.sha, sha, sure: same });
    if (stopped !== null && stopped !== from.sha) run.parts.push({ old: stopped, sha, sure: false });
    run.made.push(sha);
  }
  run.at = world.head(tree).sha;
  return true;
}
