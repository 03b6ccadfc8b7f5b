/** Rebases with options that change what is picked, or where from. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { filesOf, sawCommit } from "./observe.ts";
import { branches, commitAll, lastCommits, someFile, type Step } from "./steps-local.ts";
import { type Plan, rebase } from "./steps-rewrite.ts";

/** `commit --fixup` or `--squash`, then what unites it, and any that was left before, with the commit it names. */
export const autosquash: Step = (world, tree) => {
  const list = lastCommits(world, tree, 3);
  if (list.length === 0) return;
  const target = world.random.pick(list);
  const before = world.head(tree);
  if (world.random.chance(0.6)) world.talk(tree, before.line, [someFile(world)]);
  else world.write(tree, someFile(world), `mended ${world.next()}\n`);
  world.git(tree, ["add", "-A"]);
  if (!world.git(tree, ["commit", "-q", `--${world.random.pick(["fixup", "squash"])}=${target}`, "--no-edit"])) return;
  sawCommit(world, tree, before);
  if (world.random.chance(0.2)) return;
  const made = world.head(tree).sha;
  const plan: Plan = [];
  const shas = [...list.toReversed(), made];
  const subjects = world.ask(tree, "log", "--no-walk=unsorted", "--format=%s", ...shas);
  const subjectOf = (sha: string): string => subjects[shas.indexOf(sha)] ?? "";
  for (const sha of shas) {
    const named = subjectOf(sha).replace(/^((fixup|squash)! )+/, "");
    const mends = named !== subjectOf(sha);
    // As git does it: the first commit with that subject, else the first whose subject begins so.
    const goal = plan.find((one) => subjectOf(one.sha) === named) ?? plan.find((one) => subjectOf(one.sha).startsWith(named));
    if (goal === undefined || !mends) plan.push({ sha, into: [] });
    else goal.into.push(sha);
  }
  const onto = `${list.at(-1)}~1`;
  rebase(world, tree, ["rebase", "-q", "-i", "--autosquash", onto], onto, { GIT_SEQUENCE_EDITOR: "true" }, plan);
};

export const rebaseFlags: Step = (world, tree) => {
  const onto = world.random.pick(["origin/main", "main", ...branches(world, tree)]);
  const args = world.random.pick([["--exec", "git status"], ["--update-refs"], ["--rebase-merges", "--force-rebase"], ["--signoff"]]);
  rebase(world, tree, ["rebase", "-q", ...args, onto], onto, {}, []);
};

/** The last commits only, to somewhere else. */
export const rebasePart: Step = (world, tree) => {
  const list = lastCommits(world, tree, 1 + world.random.int(2));
  const from = `${list.at(-1)}~1`;
  const onto = world.random.pick(["origin/main", "main", ...branches(world, tree)]);
  if (list.length > 0) rebase(world, tree, ["rebase", "-q", "--onto", onto, from], onto, {}, [], { from });
};

export const rebaseRoot: Step = (world, tree) => {
  const { branch } = world.head(tree);
  const root = world.ask(tree, "rev-list", "--max-parents=0", "HEAD")[0];
  if (branch === "main" || root === undefined) return;
  rebase(world, tree, ["rebase", "-q", "--root", "--force-rebase"], root, {}, [], { from: null });
};

/** Splits one of the last commits, and makes one worth splitting where there is none. */
export const splitCommit: Step = (world, tree) => {
  const wide = () => lastCommits(world, tree, 4).filter((sha) => filesOf(world, tree, sha).size > 1);
  if (wide().length === 0) {
    world.talk(tree, world.head(tree).line, [`f${world.random.int(6)}`, `new${world.next()}`]);
    void commitAll(world, tree);
  }
  const candidates = wide();
  if (candidates.length === 0) return;
  const target = world.random.pick(candidates);
  const all = lastCommits(world, tree, 4);
  const list = all.slice(0, all.indexOf(target) + 1 + world.random.int(2)).toReversed();
  const plan: Plan = list.map((sha) => ({ sha, into: [] }));
  const file = join(world.folder("todo"), `${world.next()}`);
  writeFileSync(file, list.map((sha) => `${sha === target ? "edit" : "pick"} ${sha}\n`).join(""));
  const onto = `${list[0]}~1`;
  world.note(`# next: todo to split ${target.slice(0, 8)}`);
  rebase(world, tree, ["rebase", "-q", "-i", "--autostash", onto], onto, { GIT_SEQUENCE_EDITOR: `cp ${file}` }, plan, { split: target });
};
