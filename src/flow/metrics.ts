/** `boba metrics`: the ledger's figures for a monitoring system. */
import { existsSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { BobaError, EXIT } from "../core/errors.ts";
import { familiesOf, type Family } from "../core/metrics.ts";
import { parseRange } from "../core/range.ts";
import { displayNames } from "../core/repo-names.ts";
import { totalTokens } from "../core/summary.ts";
import { VERSION } from "../core/version.ts";
import { writeFileAtomic } from "../platform/fs.ts";
import type { Db } from "../platform/sqlite.ts";
import { commitCounts, pendingSums, repricedSums, usageSums } from "../store/metrics.ts";
import { allRepos } from "../store/places.ts";
import { skippedCounts, sumAll } from "../store/report.ts";
import { countTools } from "../store/sources.ts";
import { unpricedModels } from "../store/unpriced.ts";
import type { App } from "./app.ts";
import { backupsIn } from "./backup-folder.ts";
import { clockOf, everything } from "./filter.ts";
import { openView } from "./refresh.ts";

export async function metrics(app: App, options: { import: boolean }): Promise<{ families: Family[]; warnings: readonly string[] }> {
  const view = await openView(app, options);
  try {
    return { families: familiesOf(inputOf(app, view.db)), warnings: view.warnings };
  } finally {
    view.close();
  }
}

function inputOf(app: App, db: Db): Parameters<typeof familiesOf>[0] {
  const names = displayNames(allRepos(db));
  const nameOf = (repo: number) => names.get(repo) ?? `repository ${repo}`;
  const keyOf = (sum: { repo: number | null; tool: string; provider: string; model: string }) =>
    [sum.repo, sum.tool, sum.provider, sum.model].join("\0");
  const changes = new Map(repricedSums(db).map((sum) => [keyOf(sum), sum.deltaNanoUsd]));
  const today = sumAll(db, everything(parseRange({ since: "today" }, clockOf(app))));
  const sizeOf = (path: string) => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  return {
    version: VERSION,
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
    lastRecords: countTools(db).map(({ tool, lastRecordMs }) => ({ source: tool, atMs: lastRecordMs })),
    lastBackupMs: backupsIn(app.paths.backups).at(-1)?.manifest.createdAtMs ?? null,
    databaseBytes: sizeOf(app.paths.db) + sizeOf(`${app.paths.db}-wal`),
    skippedLines: skippedCounts(db).lines,
    unpricedRecords: unpricedModels(db).reduce((total, { records }) => total + records, 0),
  };
}

/** Writes `boba.prom` into the textfile collector's folder, whole or not at all. @throws BobaError BOBA-FS-3 when it cannot be written. */
export function saveTextfile(app: App, folder: string, text: string): string {
  const path = join(resolve(app.cwd, folder), "boba.prom");
  try {
    // The folder must be there: the collector reads its own, not one that a typing mistake made.
    if (!existsSync(resolve(app.cwd, folder))) throw Object.assign(new Error("missing"), { code: "ENOENT", syscall: "stat" });
    writeFileAtomic(path, text, 0o644);
    return path;
  } catch (error) {
    if (!(error instanceof Error && "syscall" in error && "code" in error)) throw error;
    const exit = error.code === "EACCES" ? EXIT.permission : EXIT.failed;
    throw new BobaError(
      "BOBA-FS-3",
      exit,
      `${path} cannot be written (${String(error.code)})`,
      "name the textfile collector's folder",
      error,
    );
  }
}
