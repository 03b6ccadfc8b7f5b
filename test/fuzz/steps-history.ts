/** What newer gits do without a hook and, but for the ends of the line, without a reflog: `git history` and `git replay`. */
import { carryByTitle, filesOf, follow, titlesOf } from "./observe.ts";
import { branches, dirty, lastCommits, someFile, type Step } from "./steps-local.ts";
import type { Head, Tree, World } from "./world.ts";

/** Commits on HEAD's branch and on the others, before `git history` made them again. */
interface Lines {
  head: Head;
  tips: readonly string[];
}

const tipsOf = (world: World, tree: Tree): string[] => world.ask(tree, "for-each-ref", "--format=%(objectname)", "refs/heads");

const linesOf = (world: World, tree: Tree): Lines => ({ head: world.head(tree), tips: tipsOf(world, tree) });

/** What `git history` replaced and made, of HEAD's branch first, oldest first; null when it did nothing. */
function sawHistory(world: World, tree: Tree, { head, tips }: Lines): { olds: string[]; news: string[] } | null {
  const after = world.head(tree);
  if (after.sha === head.sha) return null;
  follow(tree, head, after);
  const between = (from: readonly string[], to: readonly string[]) => world.ask(tree, "rev-list", "--reverse", ...to, "--not", ...from);
  const [olds, news] = [between([after.sha], [head.sha]), between([head.sha], [after.sha])];
  // Other branches move along; of theirs, only author, date and change tell.
  const now = tipsOf(world, tree);
  carryByTitle(world, tree, between([...now, head.sha], tips), between([...tips, after.sha], now), false);
  return { olds, news };
}

export const historyReword: Step = (world, tree) => {
  const list = lastCommits(world, tree, 4);
  if (list.length === 0) return;
  const before = linesOf(world, tree);
  world.git(tree, ["history", "reword", world.random.pick(list)], { GIT_EDITOR: "sed -i '1s/$/ ~/'" });
  const made = sawHistory(world, tree, before);
  if (made !== null) carryByTitle(world, tree, made.olds, made.news, true);
};

/** What is staged goes into a commit further down, which takes what waits as an amended one does. */
export const historyFixup: Step = (world, tree) => {
  const list = lastCommits(world, tree, 3);
  if (list.length === 0) return;
  const { line } = world.head(tree);
  if (world.random.chance(0.4)) world.talk(tree, line);
  if (world.random.chance(0.6) || dirty(world, tree).length === 0) world.talk(tree, line, [someFile(world)]);
  const files = dirty(world, tree);
  const staged = world.random.pick(files);
  world.git(tree, ["add", "--", staged]);
  const before = linesOf(world, tree);
  const target = world.random.pick(list);
  if (!world.git(tree, ["history", "fixup", target])) {
    world.git(tree, ["reset", "-q"]);
    return;
  }
  const made = sawHistory(world, tree, before);
  if (made === null) return;
  const sha = made.news[0] as string;
  // A commit that came to nothing was dropped: then git tells neither which, nor what was mended.
  const whole = made.news.length === made.olds.length;
  const after = world.head(tree);
  const open = whole ? {} : { open: "a fixup that dropped a commit" };
  tree.clone.model.commit({ tree: tree.id, sha, files: filesOf(world, tree, sha, target), line: after.line, byTime: true, ...open });
  carryByTitle(world, tree, made.olds, made.news, whole);
};

export const historySplit: Step = (world, tree) => {
  const wide = lastCommits(world, tree, 4).filter((sha) => filesOf(world, tree, sha).size > 1);
  if (wide.length === 0) return;
  const target = world.random.pick(wide);
  const title = `m${world.next()}`;
  const before = linesOf(world, tree);
  const first = world.random.pick([...filesOf(world, tree, target)]);
  const env = { GIT_EDITOR: `f() { echo ${title} >"$1"; }; f`, GIT_LITERAL_PATHSPECS: "1" };
  world.git(tree, ["history", "split", target, "--", first], env, "y\n".repeat(20));
  const made = sawHistory(world, tree, before);
  if (made === null) return;
  for (const [name, sha] of titlesOf(world, tree, made.news)) if (name === title) tree.clone.model.carry(target, sha, true);
  carryByTitle(
    world,
    tree,
    made.olds.filter((sha) => sha !== target),
    made.news,
    true,
  );
};

/** Moves a branch, checked out or not, without touching a working tree; where it is checked out, the user follows by hand. */
export const replay: Step = (world, tree) => {
  const [branch, onto] = [world.random.pick(branches(world, tree)), world.random.pick(["origin/main", ...branches(world, tree)])];
  const [from, base] = [world.ask(tree, "rev-parse", `refs/heads/${branch}`)[0], world.ask(tree, "rev-parse", onto)[0]];
  if (from === undefined || base === undefined) return;
  world.note(`# next: git replay --onto ${onto} ${onto}..${branch}`);
  const told = world.ask(tree, "replay", ...(world.can.replay ?? []), "--onto", base, `${base}..refs/heads/${branch}`);
  if (told.length === 0 || !world.git(tree, ["update-ref", "--stdin"], {}, `${told.join("\n")}\n`)) return;
  for (const other of tree.clone.trees) if (world.head(other).branch === branch) world.git(other, ["reset", "-q", "--hard"]);
  const [olds, news] = [
    [base, from],
    [from, `refs/heads/${branch}`],
  ].map(([not = "", tip = ""]) => world.ask(tree, "rev-list", "--no-merges", `${not}..${tip}`)) as [string[], string[]];
  carryByTitle(world, tree, olds, news, world.options.strict);
};
