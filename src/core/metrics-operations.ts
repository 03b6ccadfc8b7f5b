/** The families that say how boba itself is doing. */
import { HOOK_BUCKETS_S, type HookRuns } from "./hook-runs.ts";
import { type Family, family, type Sample, single } from "./metrics-family.ts";

export interface OperationsInput {
  version: string;
  /** Unix milliseconds of the last record of each source. */
  lastRecords: readonly { source: string; atMs: number }[];
  lastBackupMs: number | null;
  /** Unix milliseconds of the last push of notes to each remote. */
  lastPushes: readonly { target: string; atMs: number }[];
  /** Records whose commits' notes are not written yet, and pushes that wait. */
  outbox: { records: number; pushes: number };
  hooks: HookRuns;
  databaseBytes: number;
  skippedLines: number;
}

export function operationFamilies(input: OperationsInput): Family[] {
  const { hooks, outbox } = input;
  return [
    family(
      "boba_last_ingest_timestamp_seconds",
      "gauge",
      "When the last record was made, by source.",
      input.lastRecords.map(({ source, atMs }) => ({ labels: { source }, value: atMs / 1000 })),
    ),
    family(
      "boba_last_backup_timestamp_seconds",
      "gauge",
      "When the last backup was made.",
      input.lastBackupMs === null ? [] : single(input.lastBackupMs / 1000),
    ),
    family(
      "boba_last_push_timestamp_seconds",
      "gauge",
      "When notes were last pushed, by remote.",
      input.lastPushes.map(({ target, atMs }) => ({ labels: { target }, value: atMs / 1000 })),
    ),
    family("boba_outbox_records", "gauge", "Records whose commits' notes are not written yet.", single(outbox.records)),
    family("boba_outbox_pushes", "gauge", "Pushes of notes that wait.", single(outbox.pushes)),
    family("boba_hook_errors_total", "counter", "Background runs, as hooks start them, that failed.", single(hooks.errors)),
    family("boba_hook_duration_seconds", "histogram", "How long background runs, as hooks start them, took.", histogram(hooks)),
    family("boba_skipped_lines", "gauge", "Lines of agents' logs that cannot be read.", single(input.skippedLines)),
    family("boba_db_size_bytes", "gauge", "Size of the ledger's file and log.", single(input.databaseBytes)),
    family("boba_build_info", "gauge", "The version that made this.", [{ labels: { version: input.version }, value: 1 }]),
  ];
}

/** Buckets are cumulative in the text: each holds those below it too. */
function histogram({ runs, sumMs, buckets }: HookRuns): Sample[] {
  const upTo = (at: number) => buckets.slice(0, at + 1).reduce((sum, count) => sum + count, 0);
  return [
    ...HOOK_BUCKETS_S.map((bound, at): Sample => ({ suffix: "_bucket", labels: { le: String(bound) }, value: upTo(at) })),
    { suffix: "_bucket", labels: { le: "+Inf" }, value: runs },
    { suffix: "_sum", labels: {}, value: sumMs / 1000 },
    { suffix: "_count", labels: {}, value: runs },
  ];
}
