/** What a developer does in one worktree: talk, commit, amend, reset, stash, switch. */
import { rmSync } from "node:fs";
import { carryByTitle, filesOf, follow, sawCheckout, sawCommit, unmerged } from "./observe.ts";
import type { Tree, World } from "./world.ts";

export type Step = (world: World, tree: Tree) => void | Promise<void>;

/** A file that others may touch too, or one of its own. */
export function someFile(world: World): string {
  if (world.random.chance(0.75)) return `f${world.random.int(6)}`;
  return `new${world.next()}${world.random.chance(0.2) ? ' d\'été "2"' : ""}`;
}

export const talk: Step = (world, tree) => {
  const { line } = world.head(tree);
  const edits = world.random.chance(0.5) ? [...new Set([someFile(world), ...(world.random.chance(0.3) ? [someFile(world)] : [])])] : [];
  const others = tree.clone.trees.filter((other) => other !== tree);
  const elsewhere = edits.length > 0 && others.length > 0 && world.random.chance(0.1);
  world.talk(tree, line, edits, elsewhere ? world.random.pick(others) : tree);
};

export const write: Step = (world, tree) => world.write(tree, someFile(world), `human ${world.next()}\n`);

export const dirty = (world: World, tree: Tree): string[] =>
  world.askPaths(tree, "status", "--porcelain", "-z", "--no-renames").map((row) => row.slice(3));

export const commitAll: Step = (world, tree) => {
  const before = world.head(tree);
  world.git(tree, ["add", "-A"]);
  world.git(tree, ["commit", "-q", "--allow-empty", ...(world.random.chance(0.2) ? ["--no-verify"] : []), "-m", `m${world.next()}`]);
  sawCommit(world, tree, before);
};

export const commitPart: Step = (world, tree) => {
  const files = dirty(world, tree);
  if (files.length === 0) return write(world, tree);
  const before = world.head(tree);
  world.git(tree, ["add", "--", world.random.pick(files)]);
  world.git(tree, ["commit", "-q", "-m", `m${world.next()}`]);
  sawCommit(world, tree, before);
};

export const commitEmpty: Step = (world, tree) => {
  const before = world.head(tree);
  world.git(tree, ["commit", "-q", "--allow-empty", "-m", `m${world.next()}`]);
  sawCommit(world, tree, before);
};

export const amend: Step = (world, tree) => {
  const before = world.head(tree);
  const files = dirty(world, tree);
  if (world.random.chance(0.5) && files.length > 0) world.git(tree, ["add", "--", world.random.pick(files)]);
  const message = world.random.chance(0.3) ? ["-m", `m${world.next()}`] : ["--no-edit"];
  if (!world.git(tree, ["commit", "-q", "--amend", "--allow-empty", ...message])) return;
  const after = world.head(tree);
  sawCommit(world, tree, before, { files: filesOf(world, tree, after.sha, before.sha) });
  // The very same commit again: whether that is an event is nobody's concern.
  if (after.sha === before.sha)
    for (const rec of tree.clone.model.records) if (tree.clone.model.waits(rec)) tree.clone.model.giveUp(rec, "idle amend");
  tree.clone.model.carry(before.sha, after.sha, true);
};

/** Commits from HEAD back that are one after the other, `count` of them at most; the root is not among them. */
export const lastCommits = (world: World, tree: Tree, count: number): string[] => {
  const found: string[] = [];
  for (const row of world.ask(tree, "log", `-${count}`, "--format=%H %P")) {
    const [sha = "", ...parents] = row.split(" ");
    if (parents.length !== 1) break;
    found.push(sha);
  }
  return found;
};

/** Takes commits back and makes one of them again, at once. */
export const resetAndRecommit: Step = (world, tree) => {
  const lost = lastCommits(world, tree, 1 + world.random.int(2));
  if (lost.length === 0) return;
  const before = world.head(tree);
  if (!world.git(tree, ["reset", "-q", world.random.pick(["--soft", "--mixed"]), `HEAD~${lost.length}`])) return;
  const between = world.head(tree);
  follow(tree, before, between);
  if (world.random.chance(0.3)) world.talk(tree, between.line);
  world.git(tree, ["add", "-A"]);
  if (!world.git(tree, ["commit", "-q", "--allow-empty", "-m", `m${world.next()}`])) return;
  sawCommit(world, tree, between);
  const { sha } = world.head(tree);
  for (const old of lost) tree.clone.model.carry(old, sha, world.options.strict && filesOf(world, tree, old).size > 0);
};

export const resetHard: Step = (world, tree) => {
  const lost = lastCommits(world, tree, 1 + world.random.int(2));
  if (lost.length === 0) return;
  const before = world.head(tree);
  world.git(tree, ["reset", "-q", world.random.pick(["--hard", "--hard", "--keep"]), `HEAD~${lost.length}`]);
  follow(tree, before, world.head(tree));
  tree.thrownAway.push(...lost);
};

export const stash: Step = (world, tree) => {
  world.git(tree, ["stash", "push", "-q", ...(world.random.chance(0.4) ? ["-u"] : [])]);
};

export const unstash: Step = (world, tree) => {
  if (world.ask(tree, "stash", "list").length === 0) return;
  if (world.git(tree, ["stash", world.random.pick(["pop", "apply"]), "-q"])) return;
  if (world.ask(tree, "ls-files", "-u").length > 0) world.git(tree, ["checkout", "-q", "-f", "HEAD"]);
};

export const branches = (world: World, tree: Tree): string[] => world.ask(tree, "for-each-ref", "--format=%(refname:short)", "refs/heads");

export const branchNew: Step = (world, tree) => {
  const before = world.head(tree);
  const from = world.random.chance(0.6) ? [] : [world.random.pick(["HEAD~1", "origin/main", ...branches(world, tree)])];
  const command = world.random.pick([
    ["checkout", "-q", "-b"],
    ["switch", "-q", "-c"],
  ]);
  const name = `b${world.next()}${world.random.chance(0.2) ? "/d'été" : ""}`;
  if (world.git(tree, [...command, name, "--no-track", ...from])) sawCheckout(world, tree, before);
};

export const branchSwitch: Step = (world, tree) => {
  const before = world.head(tree);
  const way = world.random.pick([[], [], [], [], ["-f"], ["--merge"]]);
  if (!world.git(tree, ["checkout", "-q", ...way, world.random.pick(branches(world, tree))])) return;
  sawCheckout(world, tree, before);
  if (unmerged(world, tree).length > 0) world.git(tree, ["checkout", "-q", "-f", "HEAD"]);
};

export const detach: Step = (world, tree) => {
  const before = world.head(tree);
  const to = world.random.chance(0.5) ? [] : ["HEAD~1"];
  if (world.git(tree, ["checkout", "-q", "--detach", ...to])) sawCheckout(world, tree, before);
};

export const branchRename: Step = (world, tree) => {
  const from = world.random.pick(branches(world, tree));
  if (from === "main") return;
  const to = `r${world.next()}`;
  if (world.git(tree, ["branch", "-m", from, to])) tree.clone.model.renameBranch(from, to);
};

export const branchDelete: Step = (world, tree) => {
  const name = world.random.pick(branches(world, tree));
  if (name !== "main" && world.git(tree, ["branch", "-q", "-D", name])) tree.clone.model.forgetBranch(name);
};

export const orphan: Step = (world, tree) => {
  const before = world.head(tree);
  const name = `o${world.next()}`;
  if (dirty(world, tree).length > 0 || !world.git(tree, ["switch", "-q", "--orphan", name])) return;
  if (world.random.chance(0.7)) world.talk(tree, name, world.random.chance(0.5) ? [someFile(world)] : []);
  world.write(tree, someFile(world), `orphan ${world.next()}\n`);
  world.git(tree, ["add", "-A"]);
  world.git(tree, ["commit", "-q", "-m", `m${world.next()}`]);
  sawCommit(world, tree, before);
};

export const worktreeAdd: Step = (world, tree) => {
  const { clone } = tree;
  if (clone.trees.length >= 3) return;
  const place = world.random.chance(0.3) ? "/trees/w" : "-w";
  const path = `${clone.path}${place}${1 + world.random.int(3)}`;
  if (clone.trees.some((other) => other.path === path)) return;
  const to = world.random.chance(0.8) ? ["-b", `w${world.next()}`, path, "HEAD"] : ["--detach", path, "HEAD"];
  if (world.git(tree, ["worktree", "add", "-q", ...to])) world.addTree(clone, path);
};

export const worktreeRemove: Step = (world, tree) => {
  const { clone } = tree;
  const victim = clone.trees[1];
  if (victim === undefined) return;
  clone.box.boba(["audit"], { cwd: clone.path });
  const main = clone.trees[0] as Tree;
  if (world.random.chance(0.2)) {
    world.note(`(${clone.name}) rm -rf ${victim.id}; git worktree prune`);
    rmSync(victim.path, { recursive: true, force: true });
    world.git(main, ["worktree", "prune"]);
  } else world.git(main, ["worktree", "remove", "--force", victim.path]);
  clone.trees.splice(1, 1);
  for (const rec of clone.model.records)
    if (clone.model.waits(rec) && (rec.tree === victim.id || rec.edits.some((edit) => edit.tree === victim.id)))
      clone.model.giveUp(rec, "its worktree was removed");
};

/** A commit that no porcelain made. */
export const plumbing: Step = (world, tree) => {
  const before = world.head(tree);
  world.git(tree, ["add", "-A"]);
  const root = world.ask(tree, "write-tree")[0];
  const made = root === undefined ? undefined : world.ask(tree, "commit-tree", root, "-p", before.sha, "-m", `m${world.next()}`)[0];
  if (made === undefined) return;
  world.note(`(${tree.id}) # next: commit-tree of the index upon HEAD`);
  if (world.git(tree, ["update-ref", ...world.random.pick([[], ["-m", "by hand"]]), "HEAD", made])) sawCommit(world, tree, before);
};

export const filterBranch: Step = (world, tree) => {
  const before = world.head(tree);
  const olds = lastCommits(world, tree, 3);
  if (before.branch === null || olds.length === 0 || dirty(world, tree).some((file) => !file.startsWith("new"))) return;
  const env = { FILTER_BRANCH_SQUELCH_WARNING: "1" };
  const done = world.git(
    tree,
    ["filter-branch", "-f", "--msg-filter", "cat; echo; echo; echo filtered", "--", `HEAD~${olds.length}..HEAD`],
    env,
  );
  if (done) carryByTitle(world, tree, olds, lastCommits(world, tree, olds.length), false);
};
