/** `boba metrics`: the ledger's figures for a monitoring system. */
import { statSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseHookRuns } from "../core/hook-runs.ts";
import { familiesOf, type MetricsInput } from "../core/metrics.ts";
import type { Family } from "../core/metrics-family.ts";
import type { OperationsInput } from "../core/metrics-operations.ts";
import { parseRange } from "../core/range.ts";
import { displayNames } from "../core/repo-names.ts";
import { totalTokens } from "../core/summary.ts";
import { VERSION } from "../core/version.ts";
import { writeFileAtomic } from "../platform/fs.ts";
import type { Db } from "../platform/sqlite.ts";
import { getMeta } from "../store/meta.ts";
import { commitCounts, outboxOf, pendingSums, repricedSums, usageSums } from "../store/metrics.ts";
import { allRepos } from "../store/places.ts";
import { sumAll } from "../store/report.ts";
import { countSkipped } from "../store/skipped.ts";
import { pushTimes } from "../store/shares.ts";
import { countTools } from "../store/sources.ts";
import { countUnpriced } from "../store/unpriced.ts";
import type { App } from "./app.ts";
import { budgetStatus } from "./budget-status.ts";
import { backupsIn } from "./backup-folder.ts";
import { HOOK_RUNS } from "./drain.ts";
import { saveNamed } from "./export.ts";
import { clockOf, everything } from "./filter.ts";
import { openView } from "./refresh.ts";

export async function metrics(app: App, options: { import: boolean }): Promise<{ families: Family[]; warnings: readonly string[] }> {
  const view = await openView(app, options);
  try {
    const budgets = await budgetStatus(app, view.db);
    const families = familiesOf({ ...inputOf(app, view.db), budgets: budgets.statuses });
    return { families, warnings: [...new Set([...view.warnings, ...budgets.warnings])] };
  } finally {
    view.close();
  }
}

function inputOf(app: App, db: Db): Omit<MetricsInput, "budgets"> {
  const names = displayNames(allRepos(db));
  const nameOf = (repo: number) => names.get(repo) ?? `repository ${repo}`;
  const keyOf = (sum: { repo: number | null; tool: string; provider: string; model: string }) =>
    [sum.repo, sum.tool, sum.provider, sum.model].join("\0");
  const changes = new Map(repricedSums(db).map((sum) => [keyOf(sum), sum.deltaNanoUsd]));
  const today = sumAll(db, everything(parseRange({ since: "today" }, clockOf(app))));
  return {
    // Counters may only grow: repricing goes to a gauge of its own.
    usage: usageSums(db).map((sum) => ({
      ...sum,
      repo: sum.repo === null ? null : nameOf(sum.repo),
      costNanoUsd: sum.costNanoUsd - (changes.get(keyOf(sum)) ?? 0),
    })),
    repricedNanoUsd: [...changes.values()].reduce((total, change) => total + change, 0),
    commits: commitCounts(db).map((count) => ({ ...count, repo: nameOf(count.repo) })),
    pending: pendingSums(db).map((sum) => ({ ...sum, repo: nameOf(sum.repo) })),
    today: { costNanoUsd: today.costNanoUsd, requests: today.requests, tokens: totalTokens(today) },
    unpricedRecords: countUnpriced(db),
    operations: operationsOf(app, db),
  };
}

function operationsOf(app: App, db: Db): OperationsInput {
  const sizeOf = (path: string) => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  return {
    version: VERSION,
    lastRecords: countTools(db).map(({ tool, lastRecordMs }) => ({ source: tool, atMs: lastRecordMs })),
    lastBackupMs: backupsIn(app.paths.backups).at(-1)?.manifest.createdAtMs ?? null,
    lastPushes: pushTimes(db),
    outbox: outboxOf(db),
    hooks: parseHookRuns(getMeta(db, HOOK_RUNS)),
    databaseBytes: sizeOf(app.paths.db) + sizeOf(`${app.paths.db}-wal`),
    skippedLines: countSkipped(db).lines,
  };
}

/** Writes `boba.prom` into the textfile collector's folder, whole or not at all. @throws BobaError BOBA-FS-3 when it cannot be written. */
export function saveTextfile(app: App, folder: string, text: string): string {
  const path = join(resolve(app.cwd, folder), "boba.prom");
  saveNamed(path, "name the textfile collector's folder", () => writeFileAtomic(path, text, 0o644, { exactMode: true }));
  return path;
}
