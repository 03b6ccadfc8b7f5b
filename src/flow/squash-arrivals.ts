/** A pull brought a squash of a branch that was made here: finds out which, so that the branch's claims can be carried to it. */
import { identityOf } from "../core/match.ts";
import type { Rewrite } from "../core/rewrites.ts";
import { type Line, squashesThatArrived } from "../core/squashes.ts";
import { readCommits } from "../git/commits.ts";
import { arrivedOn, trunkTips, unmerged } from "../git/trunk.ts";
import { type Db, transaction } from "../platform/sqlite.ts";
import { carriedFrom } from "../store/claims.ts";
import { type KnownCommit, saveCommits } from "../store/commits.ts";
import type { RepoRow } from "../store/places.ts";
import type { App } from "./app.ts";
import { sameChanges, sameFiles } from "./same-change.ts";

/** Commits of a repository that the ledger knows, and those of them that were made here rather than fetched. */
export interface Local {
  known: ReadonlyMap<string, KnownCommit>;
  made: ReadonlySet<string>;
}

/** Lines looked at in one go, the newest first. */
const MAX_LINES = 200;

/**
 * Pairs each commit of a line with the squash that arrived since the refs were last looked at. Only commits made here count, whether
 * they hold claims by now or later. The squashes found are made known. A handful of git processes, none when nothing arrived.
 */
export async function squashArrivals(app: App, db: Db, repo: RepoRow, local: Local): Promise<Rewrite[]> {
  const { known, made } = local;
  if (made.size === 0) return [];
  const where = { at: repo.commonDir, env: app.env };
  const trunk = await trunkTips(where);
  if (trunk.length === 0) return [];
  const since = Math.min(...[...known.values()].map(({ committedAt }) => committedAt));
  const arrived = (await arrivedOn(trunk, repo.seenTips, since, where)).filter((sha) => !made.has(sha));
  if (arrived.length === 0) return [];
  const { lines, bases } = await linesOf(db, repo, local, trunk, where);
  if (lines.length === 0) return [];
  const ranges = lines.map(({ tip }) => ({ tip, base: bases.get(tip) as string }));
  const likely = await sameFiles(arrived, ranges, where);
  if (likely.size === 0) return [];
  const tips = new Set([...likely.values()].flat());
  const fitting = lines.filter(({ tip }) => tips.has(tip));
  const infos = await readCommits([...likely.keys()], where);
  const same = await sameChanges(likely, ranges, (sha) => infos.get(sha)?.parents[0], where);
  // With author and date of one made here it is a version of that one alone, and is found as such.
  const own = new Set([...known.values()].filter(({ sha }) => made.has(sha)).map(identityOf));
  const candidates = [...infos.values()]
    .filter((info) => !own.has(identityOf(info)))
    .map((info) => ({
      ...info,
      mentions: info.mentions.flatMap((one) => (one.kind === "squashed-in" ? [one.sha] : [])),
    }));
  const found = squashesThatArrived(candidates, fitting, same);
  transaction(db, () =>
    saveCommits(
      db,
      repo.id,
      found.flatMap(({ newSha }) => infos.get(newSha) ?? []),
    ),
  );
  return found.flatMap(({ newSha, oldShas }) =>
    oldShas
      .filter((oldSha) => known.has(oldSha))
      .map((oldSha): Rewrite => ({ oldSha, newSha, via: "carry", evidence: "patch-id", eventId: null })),
  );
}

/** Every commit made here that is not merged, as the tip of a line of its own: a branch may be deleted, or another be built upon it. */
async function linesOf(
  db: Db,
  repo: RepoRow,
  { known, made }: Local,
  trunk: readonly string[],
  where: { at: string; env: NodeJS.ProcessEnv },
): Promise<{ lines: Line[]; bases: Map<string, string> }> {
  const carried = carriedFrom(db, repo.id);
  const newest = [...known.values()].sort((a, b) => b.committedAt - a.committedAt).slice(0, MAX_LINES * 5);
  const graph = await unmerged(
    newest.map(({ sha }) => sha),
    trunk,
    where,
  );
  const lines: Line[] = [];
  const bases = new Map<string, string>();
  for (const tip of graph.keys()) {
    if (lines.length >= MAX_LINES) break;
    if (!known.has(tip) || carried.has(tip)) continue;
    const { below, base } = walk(tip, graph);
    const commits = below.flatMap((sha) => known.get(sha) ?? []);
    if (base === null || !below.some((sha) => made.has(sha))) continue;
    lines.push({ tip, commits });
    bases.set(tip, base);
  }
  return { lines, bases };
}

/** What `tip` reaches in the graph, and the newest commit outside it that the line has: where it left the trunk, or last took it in. */
function walk(tip: string, graph: ReadonlyMap<string, readonly string[]>): { below: string[]; base: string | null } {
  const below: string[] = [];
  const reached = new Set([tip]);
  let base: string | null = null;
  // The graph is in topological order, so the first step outside is the newest.
  for (const sha of graph.keys()) {
    if (!reached.has(sha)) continue;
    below.push(sha);
    for (const parent of (graph.get(sha) ?? []).toReversed()) {
      if (graph.has(parent)) reached.add(parent);
      else base ??= parent;
    }
  }
  return { below, base };
}
