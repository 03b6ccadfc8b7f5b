/** What happens to work in hand: taken out of the index, thrown away, carried over; and branches moved by hand. */
import { sawCheckout, sawCommit, unmerged } from "./observe.ts";
import { branches, dirty, type Step } from "./steps-local.ts";

/** Stages all, takes a path back out, and commits the rest. */
export const resetPath: Step = (world, tree) => {
  const files = dirty(world, tree);
  if (files.length < 2) return;
  const before = world.head(tree);
  world.git(tree, ["add", "-A"]);
  const literal = { GIT_LITERAL_PATHSPECS: "1" };
  world.git(
    tree,
    [
      ...world.random.pick([
        ["reset", "-q"],
        ["restore", "--staged"],
      ]),
      "--",
      world.random.pick(files),
    ],
    literal,
  );
  if (world.git(tree, ["commit", "-q", "-m", `m${world.next()}`])) sawCommit(world, tree, before);
};

/** An edit is thrown away: what it cost waits for the next commit of that file. */
export const throwAway: Step = (world, tree) => {
  const files = dirty(world, tree).filter((file) => !file.startsWith("new"));
  if (files.length === 0) return;
  world.git(
    tree,
    world.random.pick([
      ["checkout", "-q", "--", world.random.pick(files)],
      ["restore", world.random.pick(files)],
      ["checkout", "-q", "-f"],
    ]),
  );
};

export const stashBranch: Step = (world, tree) => {
  if (world.ask(tree, "stash", "list").length === 0) return;
  const before = world.head(tree);
  world.git(tree, ["stash", "branch", `s${world.next()}`]);
  sawCheckout(world, tree, before);
  if (unmerged(world, tree).length > 0) world.git(tree, ["checkout", "-q", "-f", "HEAD"]);
};

/** Git refuses where the branch is checked out. */
export const branchForce: Step = (world, tree) => {
  const list = branches(world, tree);
  world.git(tree, ["branch", "-f", world.random.pick(list), world.random.pick(["HEAD", "HEAD~1", "origin/main", ...list])]);
};

/** Reflogs are pruned once all that they said was read. */
export const forgetReflog: Step = (world, tree) => {
  const { box, path } = tree.clone;
  box.boba(["audit"], { cwd: path });
  world.git(tree, ["reflog", "expire", "--expire=all", "HEAD", ...branches(world, tree).map((name) => `refs/heads/${name}`)]);
};
