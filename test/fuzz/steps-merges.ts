/** Merges that stop, or have many sides; and what a server makes of a branch that was pushed. */
import { follow, sawReplay, titlesOf } from "./observe.ts";
import { endMerge } from "./steps-exchange.ts";
import { branches, someFile, type Step } from "./steps-local.ts";
import { pseudoRef, SERVER, type Tree, type World } from "./world.ts";

/** Stops before the commit, with time for an edit. */
export const mergeNoCommit: Step = (world, tree) => {
  const before = world.head(tree);
  const since = tree.clone.model.order;
  world.git(tree, ["merge", "-q", "--no-commit", "--no-ff", world.random.pick(["origin/main", ...branches(world, tree)])]);
  if (pseudoRef(tree, "MERGE_HEAD") !== null && unchanged(world, tree)) {
    world.talk(tree, before.line, world.random.chance(0.5) ? [someFile(world)] : []);
    world.git(tree, ["add", "-A"]);
    world.git(tree, ["commit", "-q", "--no-edit"]);
    sawReplay(world, tree, before.sha, before.line, { since, sinceSure: false });
  }
  endMerge(world, tree, before.sha, since);
  follow(tree, before, world.head(tree));
};

const unchanged = (world: World, tree: Tree): boolean => world.ask(tree, "ls-files", "-u").length === 0;

export const octopus: Step = (world, tree) => {
  const sides = [...new Set([world.random.pick(branches(world, tree)), world.random.pick(branches(world, tree)), "origin/main"])];
  const before = world.head(tree);
  const since = tree.clone.model.order;
  if (!world.git(tree, ["merge", "-q", "--no-edit", ...sides])) world.git(tree, ["reset", "-q", "--merge"]);
  endMerge(world, tree, before.sha, since);
  follow(tree, before, world.head(tree));
};

/** A pull request is merged on the hub: as one commit, one by one, or with a merge commit. Whoever pushed it learns of it by a fetch. */
export const serverMerge: Step = (world, tree) => {
  const { box, path } = world.colleague;
  const who = { clone: { box }, id: "server", path } as Tree;
  world.git(who, ["fetch", "-q", "--prune", "origin"]);
  world.git(who, ["reset", "-q", "--hard", "origin/main"]);
  const names = world.ask(who, "for-each-ref", "--no-merged=origin/main", "--format=%(refname)", "refs/remotes/origin");
  if (names.length === 0) return;
  const name = world.random.pick(names);
  const olds = world.ask(who, "rev-list", "--reverse", "--no-merges", `origin/main..${name}`);
  const as = ["-c", `user.email=${SERVER}`];
  const way = world.random.pick(["squash", "rebase", "merge"]);
  const author = world.ask(who, "log", "-1", "--format=%an <%ae>", name)[0] ?? "";
  const titles = titlesOf(world, who, olds).map(([title]) => `* ${title}`);
  const done =
    way === "merge"
      ? world.git(who, [...as, "merge", "-q", "--no-ff", "-m", `m${world.next()}`, name])
      : way === "squash"
        ? world.git(who, [...as, "merge", "-q", "--squash", name]) &&
          world.git(who, [...as, "commit", "-q", `--author=${author}`, "-m", `m${world.next()} (#7)\n\n${titles.join("\n")}`])
        : world.git(who, [...as, "cherry-pick", "--allow-empty", ...olds]);
  if (!done) {
    world.ask(who, "cherry-pick", "--abort");
    world.ask(who, "reset", "-q", "--hard", "origin/main");
    return;
  }
  const news = world.ask(who, "rev-list", "--no-merges", "--reverse", "origin/main..HEAD", "--not", name);
  world.git(who, [
    "push",
    "-q",
    "origin",
    "HEAD:main",
    ...(world.random.chance(0.5) ? [name.replace("refs/remotes/origin/", ":refs/heads/")] : []),
  ]);
  const { model } = tree.clone;
  if (way === "squash") for (const old of olds) model.carry(old, news[0] ?? old, false);
  else olds.forEach((old, at) => model.carry(old, news[at] ?? old, false));
};
