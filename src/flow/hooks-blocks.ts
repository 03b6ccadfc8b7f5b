/** The blocks in a worktree's hook files: puts in what is missing and may go in, and says for each event how it is served. */
import { existsSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { type EventCoverage, type HookEvent, hookEvents, type HooksPath, type Obstacle } from "../core/hooks.ts";
import { hasCode } from "../platform/fs.ts";
import { blockText, hasBlock, insertBlock } from "../git/hook-block.ts";
import { modeOf, peekBytes, replaceFile } from "../git/hook-file.ts";
import { fileObstacle, folderObstacle, usesLfs } from "../git/hook-obstacles.ts";
import type { Place } from "../git/hook-place.ts";
import { fileEntry } from "./hooks-include.ts";
import type { FileEntry, RepoEntry } from "./hooks-manifest.ts";

export interface BlockPlan {
  place: Place;
  hooks: HooksPath;
  env: NodeJS.ProcessEnv;
  /** The installed spool.sh, absolute. */
  script: string;
  /** Whether some git here reads the include file. */
  include: boolean;
  /** Whether some git here does not. */
  wanted: boolean;
  /** Whether pushes are hooked too. */
  share: boolean;
}

export interface BlocksDone {
  events: EventCoverage[];
  written: FileEntry[];
  folders: string[];
}

/** Looks only: how each event is served now, and why there is no block where one is wanted. */
export async function lookAtBlocks(plan: BlockPlan): Promise<EventCoverage[]> {
  const folder = await folderObstacle(plan.place, plan.hooks, plan.env);
  const lfs = usesLfs(plan.place, plan.hooks.dir);
  return hookEvents(plan.share).map((event) => {
    const file = plan.hooks.dir === null ? null : join(plan.hooks.dir, event);
    const block = file !== null && (peekBytes(file) ?? "").includes(blockText(event, plan.script));
    const obstacle = block || !plan.wanted ? null : (folder ?? fileObstacle(file as string, event, lfs));
    return { event, include: plan.include, block, file, obstacle };
  });
}

/** Puts the missing blocks in. A file that cannot be written becomes an obstacle, never an error. */
export async function placeBlocks(plan: BlockPlan): Promise<BlocksDone> {
  const done: BlocksDone = { events: [], written: [], folders: [] };
  for (const coverage of await lookAtBlocks(plan)) {
    const { file } = coverage;
    if (coverage.block || coverage.obstacle !== null || file === null || !plan.wanted) {
      done.events.push(coverage);
      continue;
    }
    const obstacle = placeBlock(file, coverage.event, plan.script, done);
    done.events.push({ ...coverage, block: obstacle === null, obstacle });
  }
  return done;
}

function placeBlock(file: string, event: HookEvent, script: string, done: BlocksDone): Obstacle | null {
  try {
    const folder = dirname(file);
    if (!existsSync(folder)) {
      mkdirSync(folder);
      done.folders.push(folder);
    }
    const before = fileEntry(file);
    const text = peekBytes(file);
    replaceFile(file, insertBlock(text, blockText(event, script)), modeOf(file) ?? 0o755);
    // A block with another path was here already: what stood there before it was recorded when that one went in.
    if (text === null || !hasBlock(text)) done.written.push({ ...before, mode: text === null ? 0o755 : before.mode });
    return null;
  } catch (error) {
    if (hasCode(error, "EACCES", "EPERM", "EROFS", "ENOENT", "ENOTDIR", "EISDIR", "ENOSPC")) return "not-writable";
    throw error;
  }
}

/** Notes what was written in the repository's manifest entry; the newest state before a block replaces an older one. */
export function noteBlocks(entry: RepoEntry, done: BlocksDone, seen: { root: string; signature: string; hooksDir: string | null }): void {
  for (const file of done.written) {
    const known = entry.files.find((one) => one.path === file.path);
    entry.files = [...entry.files.filter((one) => one !== known), { ...file, made: file.made || known?.made === true }];
  }
  entry.folders = [...new Set([...entry.folders, ...done.folders])];
  const same = entry.seen.find((known) => known.root === seen.root);
  if (same === undefined) entry.seen.push(seen);
  else Object.assign(same, seen);
}
