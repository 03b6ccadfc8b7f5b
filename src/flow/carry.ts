/** `boba ci carry`: the commits that a server made of a pull request get the cells of the commits they came from. From notes alone. */
import { hash } from "node:crypto";
import { type Carry, type CarryPair, decideCarry } from "../core/carry.ts";
import { type Cell, unionCells } from "../core/cell.ts";
import { type Skipped, type Sums, sumCells } from "../core/ci.ts";
import { BobaError, EXIT } from "../core/errors.ts";
import { readCloneId } from "../git/clone-id.ts";
import { locateRepository } from "../git/history.ts";
import { fetchNotes, type Remote, remoteRef } from "../git/remote.ts";
import { readCiEnvironment } from "../platform/ci-env.ts";
import { readMergedPull } from "../platform/ci-merged.ts";
import type { App } from "./app.ts";
import { landingOf } from "./carry-landing.ts";
import { bookCarried } from "./carry-notes.ts";
import { findRange, firstParentOf } from "./ci-range.ts";
import { isCi } from "./hooks-install.ts";
import { cellsInNotes } from "./note-cells.ts";

/** All pipelines of a repository write to one ref: `refs/notes/boba/` and the first 8 hex of SHA-256 over `boba.ci`. */
export const CI_WRITER = hash("sha256", "boba.ci", "hex").slice(0, 8);

export interface CarryOptions {
  merge: string | undefined;
  head: string | undefined;
  base: string | undefined;
  remote: string;
  fetch: boolean;
  push: boolean;
}

export interface CarryResult {
  /** `present`: the pull request's own commits are on the base branch (a fast-forward); `unmerged`: it was closed without a merge. */
  kind: "merge" | "squash" | "rebase" | "present" | "unmerged";
  merge: string | null;
  head: string | null;
  base: string | null;
  pairs: CarryPair[];
  /** Distinct cells on the pull request's commits. */
  cells: number;
  sums: Sums;
  /** The notes ref written to: what follows `refs/notes/boba/`. */
  writer: string;
  /** Notes that changed; 0 the second time. */
  notesChanged: number;
  pushed: boolean;
  skipped: Skipped | null;
  warnings: string[];
}

/**
 * @throws BobaError BOBA-CI-1 and BOBA-CI-2 as `findRange`, BOBA-CI-4 when no pull request is named or told, BOBA-CI-5 when the commit is not
 *   the pull request's, BOBA-NOTE-1 outside a repository, BOBA-NOTE-4 when the push fails.
 */
export async function carry(app: App, options: CarryOptions): Promise<CarryResult> {
  const place = { at: app.cwd, env: app.env };
  const { commonDir } = await locateRepository(place);
  const repo = { commonDir, env: app.env };
  const remote = options.fetch ? { ...place, name: options.remote } : null;
  const cloneId = readCloneId(commonDir);
  const shared = cloneId === null || isCi(app.env) || Boolean(app.env["GITHUB_ACTIONS"] || app.env["GITLAB_CI"]);
  const writer = shared || cloneId === null ? CI_WRITER : cloneId;
  const nothing = { pairs: [], cells: 0, sums: sumCells([]), writer, notesChanged: 0, pushed: false, skipped: null, warnings: [] };
  const named = await nameLanding(app, options, remote);
  if (named === null) return { ...nothing, kind: "unmerged", merge: null, head: null, base: null };
  const ends = await completeEnds(app, named, remote);
  const landing = await landingOf(place, ends);
  if (landing === "present") return { ...nothing, ...ends, kind: "present" };
  const decided: Carry = decideCarry(landing.facts);
  if (decided.kind === "refused") {
    throw new BobaError(
      "BOBA-CI-5",
      EXIT.failed,
      `${ends.merge.slice(0, 7)} is not what became of ${ends.head.slice(0, 7)}: ${decided.reason}`,
      "nothing was booked; check --merge, --pr-head and --pr-base",
    );
  }
  const pairs = landing.mergeAbove === null ? decided.pairs : [...decided.pairs, { to: landing.mergeAbove, from: landing.pull }];
  const { shallow } = await locateRepository(place);
  const warnings: string[] = [];
  if (remote !== null) {
    const said = await fetchNotes(remote, { ownId: cloneId, alsoKept: writer, depth1: shallow });
    if (said !== null) warnings.push(`no notes could be fetched from ${remote.name} (${said}): carrying what is here`);
  }
  const { bySha, skipped } = await cellsInNotes(repo, landing.pull);
  const cellsOf = (shas: readonly string[]): Cell[] =>
    unionCells(shas.flatMap((sha) => (bySha.get(sha) ?? []).flatMap((note) => note.cells)));
  const all = cellsOf(landing.pull);
  const push = options.push && remote !== null;
  const target = { repo, writer, shared, depth1: shallow, remote, push };
  const notesChanged = await bookCarried(app, target, new Map(pairs.map(({ to, from }) => [to, cellsOf(from)])));
  const result = { cells: all.length, sums: sumCells(all), writer, notesChanged, pushed: push && all.length > 0, skipped, warnings };
  return { ...ends, ...result, kind: decided.kind, pairs };
}

interface Named {
  merge: string;
  base: string | null;
  head: string;
  headRef: string | null;
  commits: number | null;
}

/** What was typed, else what the pipeline tells. Null when the pull request was closed without a merge. */
async function nameLanding(app: App, options: CarryOptions, remote: Remote | null): Promise<Named | null> {
  const { merge, head, base } = options;
  if (merge !== undefined && head !== undefined) return { merge, head, base: base ?? null, headRef: null, commits: null };
  const told = readMergedPull(app.env);
  if (told === "unmerged") return null;
  const tip = head ?? told?.head ?? (told?.headRef && remote !== null ? await remoteRef(remote, told.headRef) : null);
  if (told !== null && tip !== null) return { ...told, merge: merge ?? told.merge, base: base ?? told.base, head: tip };
  throw new BobaError(
    "BOBA-CI-4",
    EXIT.usage,
    "which pull request? none that was merged is told by the environment",
    "name it: boba ci carry --merge <commit> --pr-head <commit> --pr-base <commit>",
  );
}

/** Resolves the three ends and fetches what lies between them. Refuses to go by a history that is cut off. */
async function completeEnds(app: App, named: Named, remote: Remote | null): Promise<{ merge: string; head: string; base: string }> {
  const place = { at: app.cwd, env: app.env };
  const told = readCiEnvironment(app.env);
  const ci = { ...told, headRef: named.headRef, commits: named.commits };
  const onto = named.base ?? (await firstParentOf(place, named.merge, remote));
  const pull = await findRange(place, { base: onto, head: named.head, remote, ci });
  const landed = await findRange(place, { base: pull.base, head: named.merge, remote, ci: { ...ci, headRef: null, commits: null } });
  const [cut] = [...pull.warnings, ...landed.warnings];
  if (cut !== undefined) {
    throw new BobaError("BOBA-CI-5", EXIT.failed, cut, "nothing was booked; check out with more history (fetch-depth: 0)");
  }
  return { merge: landed.head, head: pull.head, base: pull.base };
}
