/** Draws steps at random, runs them, and holds boba against the model. */
import { check, checkRepository } from "./check.ts";
import type { Abilities } from "./abilities.ts";
import { checkShared, notesFetch, notesPush } from "./share.ts";
import * as exchange from "./steps-exchange.ts";
import * as history from "./steps-history.ts";
import * as local from "./steps-local.ts";
import * as merges from "./steps-merges.ts";
import * as rebases from "./steps-rebases.ts";
import * as rewrite from "./steps-rewrite.ts";
import * as trees from "./steps-trees.ts";
import { type Hooks, World } from "./world.ts";

export interface FuzzOptions {
  seed: number;
  steps: number;
  clones: number;
  /** Compare after every n-th step (and always at the end). */
  every: number;
  strict: boolean;
  /** Only these steps, by name; all when empty. */
  only?: readonly string[];
  hooks?: Hooks;
  sharedHome?: boolean;
}

export interface FuzzResult {
  faults: string[];
  /** Steps that were run. */
  ran: number;
  /** Kinds of steps that did something. */
  kinds: string[];
  log: string[];
}

const withHistory = ({ history: has }: Abilities) => has;
const withReplay = ({ replay }: Abilities) => replay !== null;

/** Each step with its weight, and whether the git in use can do it. */
export const STEPS: Record<string, readonly [local.Step, number, ((can: Abilities) => boolean)?]> = {
  talk: [local.talk, 24],
  write: [local.write, 6],
  commitAll: [local.commitAll, 12],
  commitPart: [local.commitPart, 10],
  commitEmpty: [local.commitEmpty, 2],
  amend: [local.amend, 6],
  resetAndRecommit: [local.resetAndRecommit, 3],
  resetHard: [local.resetHard, 2],
  stash: [local.stash, 3],
  unstash: [local.unstash, 3],
  branchNew: [local.branchNew, 6],
  branchSwitch: [local.branchSwitch, 7],
  detach: [local.detach, 2],
  branchRename: [local.branchRename, 2],
  branchDelete: [local.branchDelete, 1],
  orphan: [local.orphan, 1],
  worktreeAdd: [local.worktreeAdd, 3],
  worktreeRemove: [local.worktreeRemove, 1],
  plumbing: [local.plumbing, 1],
  filterBranch: [local.filterBranch, 1],
  rebaseOnto: [rewrite.rebaseOnto, 8],
  rebaseInteractive: [rewrite.rebaseInteractive, 6],
  pullRebase: [rewrite.pullRebase, 4],
  merge: [exchange.merge, 5],
  pullMerge: [exchange.pullMerge, 3],
  fetch: [exchange.fetch, 1],
  push: [exchange.push, 6],
  mergeSquash: [exchange.mergeSquash, 3],
  cherryPick: [exchange.cherryPick, 5],
  revert: [exchange.revert, 2],
  mail: [exchange.mail, 2],
  colleague: [exchange.colleague, 4],
  splitCommit: [rebases.splitCommit, 4],
  autosquash: [rebases.autosquash, 3],
  rebaseFlags: [rebases.rebaseFlags, 4],
  rebasePart: [rebases.rebasePart, 2],
  rebaseRoot: [rebases.rebaseRoot, 1],
  historyReword: [history.historyReword, 3, withHistory],
  historyFixup: [history.historyFixup, 3, withHistory],
  historySplit: [history.historySplit, 3, withHistory],
  replay: [history.replay, 4, withReplay],
  mergeNoCommit: [merges.mergeNoCommit, 2],
  octopus: [merges.octopus, 2],
  serverMerge: [merges.serverMerge, 3],
  resetPath: [trees.resetPath, 2],
  throwAway: [trees.throwAway, 2],
  stashBranch: [trees.stashBranch, 1],
  branchForce: [trees.branchForce, 1],
  forgetReflog: [trees.forgetReflog, 1],
  notesPush: [notesPush, 3],
  notesFetch: [notesFetch, 2],
};

/** What a seed makes of the clones' hooks: mostly lazy, sometimes none, seldom in the background. */
const hooksOf = (seed: number, clone: number): Hooks =>
  (["lazy", "lazy", "none", "lazy", "none", "lazy", "lazy", "background"] as const)[(seed * 3 + clone) % 8] ?? "lazy";

export async function fuzz(dir: string, options: FuzzOptions): Promise<FuzzResult> {
  const { seed, steps, clones, every, strict } = options;
  const world = new World(dir, seed, {
    clones,
    strict,
    sharedHome: options.sharedHome ?? seed % 3 === 0,
    hooks: (clone) => options.hooks ?? hooksOf(seed, clone),
  });
  const bag = Object.entries(STEPS)
    .filter(([name]) => options.only === undefined || options.only.length === 0 || options.only.includes(name))
    .filter(([, [, , fits]]) => fits === undefined || fits(world.can))
    .flatMap(([name, [step, weight]]) => Array.from({ length: weight }, () => ({ name, step })));
  const kinds = new Set<string>();
  for (let ran = 1; ran <= steps; ran++) {
    const clone = world.random.pick(world.clones);
    const tree = world.random.pick(clone.trees);
    const { name, step } = world.random.pick(bag);
    world.note(`## ${ran} ${name}`);
    const before = world.commands;
    const faults = await attempt(async () => {
      await step(world, tree);
      if (world.commands > before) kinds.add(name);
      return ran % every === 0 ? await check(world, clone) : [];
    });
    if (faults.length > 0) return { faults, ran, kinds: [...kinds], log: world.log };
  }
  const faults: string[] = [];
  for (const clone of world.clones)
    faults.push(...(await attempt(async () => [...(await check(world, clone)), ...checkRepository(world, clone)])));
  faults.push(...(await attempt(() => checkShared(world))));
  return { faults, ran: steps, kinds: [...kinds], log: world.log };
}

/** A step or a check that throws is a fault like any other: the log must be seen. */
async function attempt(task: () => Promise<string[]>): Promise<string[]> {
  try {
    return await task();
  } catch (error) {
    return [error instanceof Error ? (error.stack ?? error.message) : String(error)];
  }
}
