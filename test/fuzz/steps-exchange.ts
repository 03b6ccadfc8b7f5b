/** Commits that come from elsewhere: merges, picks, mail, the hub and the colleague who has no agent. */
import { readdirSync } from "node:fs";
import { carryByTitle, follow, sawCommit, sawReplay, unmerged } from "./observe.ts";
import { branches, dirty, lastCommits, type Step } from "./steps-local.ts";
import { resolve } from "./steps-rewrite.ts";
import { type Head, pseudoRef, type Tree, type World } from "./world.ts";

const sure = (world: World, tree: Tree): boolean => world.options.strict && tree.clone.hooks !== "none";

/** What HEAD was lately, as the reflog has it. */
const lastMade = (world: World, tree: Tree, count: number): string[] =>
  world.ask(tree, "log", "-g", `-${count}`, "--format=%H", "HEAD", "--");

/** Lets what waits on a detached HEAD follow it, stop by stop: an agent may have answered at any. Returns where HEAD is. */
function followed(world: World, tree: Tree, from: Head): Head {
  const now = world.head(tree);
  follow(tree, from, now);
  return now;
}

/** Ends a merge that stopped: resolved and committed, or given up. */
export function endMerge(world: World, tree: Tree, from: string, since: number): void {
  if (pseudoRef(tree, "MERGE_HEAD") === null) return;
  if (world.random.chance(0.3)) {
    world.git(tree, ["merge", "--abort"]);
    return;
  }
  resolve(world, tree, world.head(tree).line);
  if (!world.git(tree, ["commit", "-q", "--no-edit"])) world.git(tree, ["merge", "--abort"]);
  sawReplay(world, tree, from, world.head(tree).line, { since, sinceSure: false });
}

function merged(world: World, tree: Tree, args: readonly string[]): void {
  const before = world.head(tree);
  const since = tree.clone.model.order;
  world.git(tree, args);
  endMerge(world, tree, before.sha, since);
  follow(tree, before, world.head(tree));
}

export const merge: Step = (world, tree) => {
  const mode = world.random.pick([["--no-ff", "-m", `m${world.next()}`], ["--ff"], ["--ff-only"]]);
  merged(world, tree, ["merge", "-q", "--no-edit", ...mode, world.random.pick(["origin/main", ...branches(world, tree)])]);
};

export const pullMerge: Step = (world, tree) => merged(world, tree, ["pull", "-q", "--no-rebase", "--no-edit", "origin", "main"]);

export const fetch: Step = (world, tree) => void world.git(tree, ["fetch", "-q", "origin"]);

export const push: Step = (world, tree) => {
  const { branch } = world.head(tree);
  const target = branch === null || world.random.chance(0.5) ? "main" : branch;
  world.git(tree, ["push", "-q", ...(world.random.chance(0.1) ? ["--force"] : []), "origin", `HEAD:refs/heads/${target}`]);
};

export const mergeSquash: Step = (world, tree) => {
  const other = world.random.pick(branches(world, tree));
  if (dirty(world, tree).some((file) => !file.startsWith("new"))) return;
  const before = world.head(tree);
  const olds = world.ask(tree, "rev-list", `HEAD..${other}`);
  if (olds.length === 0) return;
  const since = tree.clone.model.order;
  const clean = world.git(tree, ["merge", "-q", "--squash", other]);
  if (world.head(tree).sha !== before.sha) return follow(tree, before, world.head(tree));
  if (unmerged(world, tree).length > 0) resolve(world, tree, before.line);
  else if (world.random.chance(0.3)) world.talk(tree, before.line);
  const message = world.random.chance(0.5) ? ["--no-edit"] : ["-m", `m${world.next()}`];
  if (!world.git(tree, ["commit", "-q", ...message])) return void world.git(tree, ["reset", "-q", "--hard"]);
  const hooked = tree.clone.hooks !== "none";
  // Without a hook, nothing tells the commit of a squash from any other.
  const open = hooked ? {} : { open: "squash without hooks" };
  sawCommit(world, tree, before, { byTime: !hooked, since, sinceSure: false, ...open });
  for (const old of olds) tree.clone.model.carry(old, world.head(tree).sha, sure(world, tree) && clean);
};

export const cherryPick: Step = (world, tree) => {
  const from = world.random.pick(["origin/main", ...branches(world, tree)]);
  const olds = world.ask(tree, "rev-list", "--reverse", "--no-merges", "-3", `HEAD..${from}`).slice(0, 1 + world.random.int(2));
  if (olds.length === 0) return;
  const before = world.head(tree);
  const since = tree.clone.model.order;
  if (world.random.chance(0.25)) {
    if (dirty(world, tree).some((file) => !file.startsWith("new"))) return;
    if (!world.git(tree, ["cherry-pick", "-n", ...olds])) {
      world.git(tree, ["reset", "-q", "--hard"]);
      return;
    }
    // All of a branch in one commit is its squash, whichever way it was brought together.
    const whole = world.ask(tree, "rev-list", "--no-merges", `HEAD..${from}`).length === olds.length;
    world.git(tree, ["commit", "-q", "--allow-empty", "-m", `m${world.next()}`]);
    sawCommit(world, tree, before, whole ? { open: "all of a branch picked into one commit" } : {});
    for (const old of olds) tree.clone.model.carry(old, world.head(tree).sha, false);
    return;
  }
  world.git(tree, ["cherry-pick", ...(world.random.chance(0.5) ? ["-x"] : []), ...olds]);
  let clean = true;
  let at = followed(world, tree, before);
  let seen = before.sha;
  const look = () => {
    const open = { open: "an edit at a stop, in a file that a later pick changed" };
    sawReplay(world, tree, seen, world.head(tree).line, { since, sinceSure: clean }, clean ? {} : open);
    seen = world.head(tree).sha;
  };
  for (let round = 0; round < 6 && pseudoRef(tree, "CHERRY_PICK_HEAD") !== null; round++) {
    clean = false;
    look();
    const way = world.random.pick(["--continue", "--continue", "--skip", "--abort"]);
    if (way === "--continue" && unmerged(world, tree).length > 0) resolve(world, tree, world.head(tree).line);
    if (!world.git(tree, ["cherry-pick", way]) && unmerged(world, tree).length === 0) world.git(tree, ["cherry-pick", "--skip"]);
    at = followed(world, tree, at);
    if (way !== "--abort") continue;
    tree.clone.model.giveUpSince(since, "an aborted cherry-pick");
    // Picks before the one that stopped were commits like any other until the abort reset them away.
    carryByTitle(world, tree, olds, lastMade(world, tree, olds.length + 1), false);
  }
  world.ask(tree, "cherry-pick", "--quit");
  const after = world.head(tree);
  look();
  follow(tree, at, after);
  if (after.sha !== before.sha)
    carryByTitle(world, tree, olds, world.ask(tree, "rev-list", `${before.sha}..HEAD`), sure(world, tree) && clean);
};

export const revert: Step = (world, tree) => {
  const victim = world.random.pick(lastCommits(world, tree, 3).concat(world.head(tree).sha));
  const before = world.head(tree);
  const since = tree.clone.model.order;
  if (!world.git(tree, ["revert", "--no-edit", victim])) world.git(tree, ["revert", "--abort"]);
  const after = world.head(tree);
  sawReplay(world, tree, before.sha, after.line, { since, sinceSure: true });
  follow(tree, before, after);
};

export const mail: Step = (world, tree) => {
  const from = world.random.pick(branches(world, tree));
  const olds = world.ask(tree, "rev-list", "--no-merges", "-2", `HEAD..${from}`);
  if (olds.length === 0) return;
  const folder = world.folder(`mail${world.next()}`);
  const before = world.head(tree);
  const since = tree.clone.model.order;
  olds
    .toReversed()
    .forEach((sha, at) => world.ask(tree, "format-patch", "-q", "-1", "-k", "--start-number", `${at + 1}`, "-o", folder, sha));
  const patches = readdirSync(folder).toSorted();
  world.note(
    `# mail: format-patch of ${olds
      .map((sha) => sha.slice(0, 8))
      .toReversed()
      .join(" ")}`,
  );
  const clean = world.git(tree, ["am", "-q", "-k", "-3", ...patches.map((name) => `${folder}/${name}`)]);
  if (!clean) world.git(tree, ["am", "--abort"]);
  // Mails before the one that stopped were commits like any other until the abort reset them away.
  if (!clean) carryByTitle(world, tree, olds, lastMade(world, tree, olds.length + 1), false);
  const after = world.head(tree);
  sawReplay(world, tree, before.sha, after.line, { since, sinceSure: true });
  follow(tree, before, after);
  if (after.sha !== before.sha)
    carryByTitle(world, tree, olds, world.ask(tree, "rev-list", `${before.sha}..HEAD`), world.options.strict && clean);
};

/** The colleague writes by hand and pushes. */
export const colleague: Step = (world) => {
  const { box, path } = world.colleague;
  const who = { clone: { box }, id: "colleague", path } as Tree;
  world.git(who, ["pull", "-q", "--rebase", "-X", "theirs", "origin", "main"]);
  world.git(who, ["reset", "-q", "--hard", "origin/main"]);
  const file = `f${world.random.int(6)}`;
  world.write(who, file, `colleague ${world.next()}\n`);
  world.git(who, ["add", "-A"]);
  world.git(who, ["commit", "-q", "-m", `m${world.next()}`]);
  world.git(who, ["push", "-q", "origin", "HEAD:main"]);
};
