/** `boba` alone: today, here, the last days, the gaps, the next step. */
import { nextSteps, type Overview } from "../core/overview.ts";
import { localPeriod, parseRange } from "../core/range.ts";
import { displayNames } from "../core/repo-names.ts";
import type { Split } from "../core/summary.ts";
import { currentBranch } from "../git/head.ts";
import { locate, nameRepository, nearestRepository } from "../git/repo.ts";
import type { Db } from "../platform/sqlite.ts";
import { allRepos, repoByCommonDir } from "../store/places.ts";
import { hasRecords, sumAll, sumPending } from "../store/report.ts";
import type { App } from "./app.ts";
import { budgetStatus } from "./budget-status.ts";
import { clockOf, everything, footnotesFor } from "./filter.ts";
import { readManifest } from "./hooks-manifest.ts";
import { openView } from "./refresh.ts";
import { summaryOf } from "./report.ts";

const TOP_BRANCHES = 3;

export async function overview(app: App, options: { import: boolean }): Promise<Overview & { warnings: readonly string[] }> {
  const clock = clockOf(app);
  const view = await openView(app, options);
  try {
    const { db } = view;
    const today = sumAll(db, everything(parseRange({ since: "today" }, clock)));
    const week = await summaryOf(app, db, "branch", everything(parseRange({ since: "7d" }, clock)), null);
    const place = await whereWeAre(app);
    const all = everything({ fromS: null, toS: null });
    const footnotes = footnotesFor(db, all, 1);
    const empty = !hasRecords(db);
    const budgets = await budgetStatus(app, db, { here: true });
    const unpriced = footnotes.unpricedModels.reduce((sum, [, requests]) => sum + requests, 0);
    return {
      day: localPeriod(clock.nowMs, "day", clock),
      today,
      week: week.totals,
      topBranches: week.rows.filter((row) => row.bucket === undefined).slice(0, TOP_BRANCHES),
      here: place === null ? null : await here(app, db, place),
      pending: sumPending(db),
      budgets: budgets.statuses,
      empty,
      sources: empty ? (await import("../sources/index.ts")).SOURCES.map((source) => source.name) : [],
      footnotes,
      steps: nextSteps({ empty, unpriced, today: today.requests, inRepository: place !== null, hooksInstalled: place?.hooks ?? false }),
      warnings: [...new Set([...view.warnings, ...budgets.warnings])],
    };
  } finally {
    view.close();
  }
}

interface Standing {
  commonDir: string;
  name: string;
  branch: string | null;
  /** Whether our hooks are installed, here or for all repositories. */
  hooks: boolean;
}

async function whereWeAre(app: App): Promise<Standing | null> {
  if (nearestRepository(app.cwd) === null) return null;
  const location = await locate(app.cwd, app.env);
  if (location === null) return null;
  const manifest = readManifest(app.paths.hooksManifest);
  const entry = manifest?.repos.find((repo) => repo.commonDir === location.commonDir);
  const hooks = (manifest?.global ?? null) !== null || (entry !== undefined && (entry.include || entry.blocks));
  const [{ name }, branch] = await Promise.all([nameRepository(location, app.env), currentBranch(app.cwd, app.env)]);
  return { commonDir: location.commonDir, name, branch, hooks };
}

async function here(app: App, db: Db, place: Standing): Promise<Overview["here"]> {
  const { branch } = place;
  const repo = repoByCommonDir(db, place.commonDir);
  if (repo === undefined) return { repo: place.name, branch, known: false, split: null };
  const name = displayNames(allRepos(db)).get(repo.id) ?? repo.name;
  let split: Split | null = null;
  if (branch !== null) {
    const filter = { ...everything({ fromS: null, toS: null }), repo: repo.id, branch };
    split = (await summaryOf(app, db, "branch", filter, null)).split ?? null;
  }
  return { repo: name, branch, known: true, split };
}
