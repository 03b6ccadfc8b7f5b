/** `boba backfill`: books the history that reflogs and logs already hold, and says what came of it. */
import type { BackfillSummary } from "../core/backfill.ts";
import { homeOf } from "../core/grouping.ts";
import { parseRange } from "../core/range.ts";
import { displayNames } from "../core/repo-names.ts";
import { addCounts, zeroCounts } from "../core/summary.ts";
import type { Db } from "../platform/sqlite.ts";
import { countBooked, historyStarts, pendingSince } from "../store/backfill.ts";
import { openLedger } from "../store/open.ts";
import { allRepos } from "../store/places.ts";
import { commitLookup, sumBy } from "../store/report.ts";
import type { App } from "./app.ts";
import { decideRepo } from "./attribute.ts";
import { clockOf, everything } from "./filter.ts";
import { refresh } from "./refresh.ts";

/**
 * Everything is booked, whatever `since` says: it limits what is told, so that two runs with different limits never disagree.
 * @throws BobaError for a time that makes no sense, and for the database.
 */
export async function backfill(app: App, options: { since?: string | undefined }): Promise<BackfillSummary> {
  const { fromS } = parseRange({ since: options.since }, clockOf(app));
  const db = openLedger(app.paths.db);
  try {
    const before = countBooked(db);
    const { newRecords, errors } = await refresh(app, db, { everywhere: true });
    const booked = countBooked(db) - before;
    app.progress("looking at what waits");
    const waiting = await reasonsToWait(app, db, fromS);
    app.progress(null);
    return { sinceS: fromS, newRecords, booked, ...sums(db, fromS), repos: reach(db, fromS ?? 0), waiting, errors };
  } finally {
    db.close();
  }
}

function sums(db: Db, fromS: number | null): Pick<BackfillSummary, "buckets" | "commits"> {
  const buckets = { committed: zeroCounts(), pending: zeroCounts(), abandoned: zeroCounts(), outside: zeroCounts() };
  const commit = commitLookup(db, false);
  const commits = new Set<string>();
  for (const sum of sumBy(db, "place", everything({ fromS, toS: null }))) {
    const home = homeOf(sum, { commit });
    addCounts(buckets[home], sum.counts);
    if (home === "committed") commits.add(`${sum.repo} ${sum.commit}`);
  }
  return { buckets, commits: commits.size };
}

function reach(db: Db, fromS: number): BackfillSummary["repos"] {
  const repos = allRepos(db);
  const names = displayNames(repos);
  const starts = historyStarts(db, fromS);
  return repos.map(({ id, name }) => ({
    name: names.get(id) ?? name,
    ...(starts.get(id) ?? { reflogFromMs: null, recordsFromMs: null, pendingFromMs: null }),
  }));
}

async function reasonsToWait(app: App, db: Db, fromS: number | null): Promise<BackfillSummary["waiting"]> {
  const waiting = pendingSince(db, fromS ?? 0);
  const counts = new Map<string, number>();
  for (const repo of waiting.size === 0 ? [] : allRepos(db)) {
    for (const { seq, why } of (await decideRepo(app, db, repo)).decisions) {
      if (waiting.has(seq)) counts.set(why, (counts.get(why) ?? 0) + 1);
    }
  }
  return [...counts].map(([why, requests]) => ({ why, requests })).sort((a, b) => b.requests - a.requests || (a.why < b.why ? -1 : 1));
}
