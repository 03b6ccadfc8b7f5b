/** Rebases in all their forms. A stop is always brought to an end within the step. */
import { existsSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { carryByTitle, filesOf, follow, sawReplay, titlesOf, unmerged } from "./observe.ts";
import { branches, lastCommits, type Step } from "./steps-local.ts";
import type { Run } from "./rebase-run.ts";
import { splitHere } from "./split.ts";
import { gitDirOf, pseudoRef, type Tree, type World } from "./world.ts";

interface Options {
  /** What the commits come after, if not what they go upon; null for a root. */
  from?: string | null;
  split?: string;
}

const inProgress = (tree: Tree): boolean => ["rebase-merge", "rebase-apply"].some((name) => existsSync(join(gitDirOf(tree), name)));

const writtenMs = (tree: Tree, name: string): number => statSync(join(gitDirOf(tree), name), { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** Writes every conflicted file, by the agent or by hand, and stages it. */
export function resolve(world: World, tree: Tree, line: string): void {
  const files = unmerged(world, tree);
  if (world.random.chance(0.5)) world.talk(tree, line, world.random.chance(0.6) ? files : []);
  else if (files.length > 0 && world.random.chance(0.3)) world.talk(tree, line);
  for (const file of files)
    if (world.ask(tree, "diff", "--", file).some((row) => row.includes("<<<<<<<")) || !existsSync(join(tree.path, file)))
      world.write(tree, file, `resolved ${world.next()}\n`);
  world.git(tree, ["add", "-A", "--", ...files]);
}

const look = (world: World, tree: Tree, run: Run): void => {
  const { since, blurredFromMs } = run;
  // Git goes on from a stop by itself: what was edited there is in the first commit, or was thrown away.
  const open = { open: "an edit at a stop, in a file that a later pick changed" };
  run.made.push(...sawReplay(world, tree, run.at, run.before.line, { since, sinceSure: true, blurredFromMs }, open));
  run.at = world.head(tree).sha;
};

/** Brings a rebase that stopped to its end. */
function finish(world: World, tree: Tree, run: Run): void {
  for (let round = 0; inProgress(tree); round++) {
    run.clean = false;
    const files = unmerged(world, tree);
    const way = round > 8 ? "abort" : world.random.pick(["continue", "continue", "commit", "skip", "abort"]);
    if (files.length > 0 && way === "skip") world.git(tree, ["rebase", "--skip"]);
    else if (way === "abort") {
      world.git(tree, ["rebase", "--abort"]);
      run.aborted = true;
      break;
    } else {
      if (files.length > 0) resolve(world, tree, run.before.line);
      else if (run.split !== null ? pseudoRef(tree, "REBASE_HEAD") === run.split : world.random.chance(0.6)) atStop(world, tree, run);
      const apply = !existsSync(join(gitDirOf(tree), "rebase-merge"));
      if (way === "commit" && files.length > 0 && !apply) run.byHand = world.git(tree, ["commit", "-q", "--no-edit"]) || run.byHand;
      const moved = world.git(tree, ["rebase", "--continue"]);
      if (!moved && unmerged(world, tree).length === 0 && inProgress(tree)) world.git(tree, ["rebase", "--skip"]);
    }
    look(world, tree, run);
  }
  if (run.aborted) tree.clone.model.giveUpSince(run.since, "an aborted rebase");
}

/** At a stop for editing: the commit is taken apart, or left as it is. */
function atStop(world: World, tree: Tree, run: Run): void {
  look(world, tree, run);
  const apart = run.split !== null || (existsSync(join(gitDirOf(tree), "rebase-merge")) && world.random.chance(0.3));
  if (!apart || !splitHere(world, tree, run)) atEdit(world, tree, run);
}

/** Talk, amend, or a commit more. */
function atEdit(world: World, tree: Tree, run: Run): void {
  run.byHand = true;
  const from = world.head(tree);
  const stopped = pseudoRef(tree, "REBASE_HEAD");
  const file = `f${world.random.int(6)}`;
  world.talk(tree, run.before.line, world.random.chance(0.5) ? [file] : []);
  world.git(tree, ["add", "-A"]);
  if (world.random.chance(0.5)) {
    world.git(tree, ["commit", "-q", "--amend", "--no-edit", "--allow-empty"]);
    const { sha } = world.head(tree);
    const files = filesOf(world, tree, sha, from.sha);
    const { since, blurredFromMs } = run;
    tree.clone.model.commit({ tree: tree.id, sha, files, line: run.before.line, byTime: false, since, sinceSure: true, blurredFromMs });
    tree.clone.model.carry(from.sha, sha, false);
    run.amends.push({ from: from.sha, to: sha });
    run.made.push(sha);
    run.at = sha;
  } else {
    world.git(tree, ["commit", "-q", "--allow-empty", "-m", `m${world.next()}`]);
    look(world, tree, run);
    tree.clone.model.carry(from.sha, world.head(tree).sha, false);
  }
  // Git names what HEAD is now as the new version of the commit it stopped at, be it a part of it or a commit of its own.
  if (stopped !== null) tree.clone.model.carry(stopped, world.head(tree).sha, false);
}

/** Runs a rebase and pairs what came out with what went in. */
export function rebase(
  world: World,
  tree: Tree,
  args: readonly string[],
  onto: string,
  env: NodeJS.ProcessEnv,
  plan: Plan,
  options: Options = {},
): void {
  const before = world.head(tree);
  const base = world.ask(tree, "rev-parse", onto)[0] ?? before.sha;
  const run: Run = {
    before,
    at: base,
    since: tree.clone.model.order,
    blurredFromMs: 0,
    clean: true,
    aborted: false,
    byHand: false,
    made: [],
    amends: [],
    split: options.split ?? null,
    parts: [],
  };
  const olds = world.ask(tree, "rev-list", "--no-merges", ...(options.from === null ? [] : [`^${options.from ?? base}`]), before.sha);
  const startMs = Date.now();
  world.git(tree, args, env);
  const renewedMs = writtenMs(tree, "ORIG_HEAD");
  run.blurredFromMs = renewedMs >= startMs ? Number.POSITIVE_INFINITY : Math.floor(startMs / 1000) * 1000;
  look(world, tree, run);
  finish(world, tree, run);
  const after = world.head(tree);
  if (run.aborted || after.sha === before.sha) return;
  if (run.byHand && before.branch === null && tree.clone.hooks === "none") endUntold(tree, before.line, filesOf(world, tree, after.sha));
  follow(tree, before, after);
  const news = world.ask(tree, "rev-list", "--no-merges", `${base}..HEAD`);
  // Without hooks, only an unchanged change proves a pair: `git commit` at a stop even takes a new author date.
  const told = tree.clone.hooks !== "none";
  const sure = told || (world.options.strict && run.clean);
  const fixed = new Set([...plan.flatMap(({ into }) => into), ...run.parts.map(({ old }) => old)]);
  carryByTitle(
    world,
    tree,
    olds.filter((sha) => !fixed.has(sha)),
    news,
    sure && (run.clean || !plan.some(({ into }) => into.length > 0)),
  );
  unite(world, tree, plan, news, told && run.clean);
  for (const { from, to } of run.amends) if (news.includes(to)) tree.clone.model.carry(from, to, true);
  for (const { old, sha, sure: part } of run.parts) tree.clone.model.carry(old, sha, part && news.includes(sha));
  for (const sha of run.made) if (!news.includes(sha)) carryByTitle(world, tree, [sha], news, true);
  if (!run.clean) unitedElsewhere(world, tree, plan, base, olds, news);
}

/** Carries what was united, by the title of what it was united with: of several commits with one title, git keeps the order. `news` are newest first. */
function unite(world: World, tree: Tree, plan: Plan, news: readonly string[], sure: boolean): void {
  const shas = plan.map(({ sha }) => sha);
  const titles = titlesOf(world, tree, shas).map(([title]) => title);
  const made = titlesOf(world, tree, news.toReversed());
  plan.forEach(({ into }, at) => {
    const targets = made.filter(([title]) => title === titles[at]);
    const told = sure && targets.length === titles.filter((title) => title === titles[at]).length;
    const own = titles.slice(0, at).filter((title) => title === titles[at]).length;
    for (const [, target] of told ? targets.slice(own, own + 1) : targets)
      for (const old of into) tree.clone.model.carry(old, target, told);
    // Where it was skipped, git unites them with what came before it.
    const before = titles.slice(0, at).findLast((title) => made.some(([name]) => name === title));
    if (targets.length === 0 && before !== undefined)
      for (const [title, target] of made) if (title === before) for (const old of into) tree.clone.model.carry(old, target, false);
  });
}

/**
 * Nothing logs the end of a detached HEAD's rebase: the last commit made at a stop may as well have come after it, and take by time, or an older edit of
 * its `files`.
 */
function endUntold({ id, clone: { model } }: Tree, line: string, files: ReadonlySet<string>): void {
  for (const rec of model.records) {
    const talked = rec.tree === id && rec.line === line && rec.edits.length === 0;
    const edited = rec.edits.some(({ tree, path }) => tree === id && files.has(path));
    if (model.waits(rec) && (talked || edited)) model.giveUp(rec, "a rebase's end untold");
  }
}

/**
 * After a stop or a skip, git may unite with what it finds there: a commit made at the stop, one that `git commit` put on top instead of a
 * squash, even the one that the rebase began upon. Then no title tells which.
 */
function unitedElsewhere(world: World, tree: Tree, plan: Plan, base: string, olds: readonly string[], news: readonly string[]): void {
  const kept = new Set(titlesOf(world, tree, olds).map(([title]) => title));
  const others = titlesOf(world, tree, news).filter(([title]) => !kept.has(title));
  for (const { sha, into } of plan)
    if (into.length > 0) for (const [, made] of others) for (const old of [base, sha, ...into]) tree.clone.model.carry(old, made, false);
}

/** Commits that others are to be united with. */
export type Plan = { sha: string; into: string[] }[];

export const rebaseOnto: Step = (world, tree) => {
  const onto = world.random.pick(["origin/main", "main", ...branches(world, tree)]);
  const args = world.random.pick([[], [], ["--apply"], ["--autostash"], ["--force-rebase"]]);
  rebase(world, tree, ["rebase", "-q", ...args, onto], onto, {}, []);
};

export const rebaseInteractive: Step = (world, tree) => {
  const list = lastCommits(world, tree, 2 + world.random.int(3)).toReversed();
  if (list.length < 2) return;
  const onto = `${list[0]}~1`;
  const plan: Plan = [];
  const todo: string[] = [];
  const order = world.random.chance(0.3) ? [list[1] as string, list[0] as string, ...list.slice(2)] : list;
  order.forEach((sha, at) => {
    const verb = world.random.pick(["pick", "pick", "reword", "edit", "drop", ...(at > 0 ? ["squash", "fixup"] : [])]);
    const united = (verb === "squash" || verb === "fixup") && plan.length > 0;
    const kept = united || verb === "drop" || !/squash|fixup/.test(verb) ? verb : "pick";
    todo.push(`${kept} ${sha}`);
    if (united) plan.at(-1)?.into.push(sha);
    else if (kept !== "drop") plan.push({ sha, into: [] });
  });
  if (plan.length === 0) return;
  const file = join(world.folder("todo"), `${world.next()}`);
  writeFileSync(file, `${todo.join("\n")}\n`);
  world.note(`# todo: ${todo.map((row) => row.slice(0, 14)).join("; ")}`);
  const env = { GIT_SEQUENCE_EDITOR: `cp ${file}`, GIT_EDITOR: "sed -i '1s/$/ ~/'" };
  rebase(world, tree, ["rebase", "-q", "-i", ...(world.random.chance(0.3) ? ["--autostash"] : []), onto], onto, env, plan);
};

export const pullRebase: Step = (world, tree) => {
  const { branch } = world.head(tree);
  if (branch === null) return;
  world.git(tree, ["fetch", "-q"]);
  const how = world.random.chance(0.3) ? ["-c", "pull.rebase=true", "pull", "-q"] : ["pull", "-q", "--rebase"];
  rebase(world, tree, [...how, "origin", "main"], "origin/main", {}, []);
};
