/** What the backup commands and `boba restore` print. */
import { basename } from "node:path";
import type { LedgerSums, Manifest, SetAside } from "../core/backup.ts";
import { counted, formatUsd, groupDigits } from "../core/money.ts";
import { byteSize, printable, safeJson } from "../core/text.ts";
import { type Column, layoutTable } from "./layout.ts";
import { paintFor, type Screen } from "./paint.ts";

export interface ListedBackup {
  path: string;
  manifest: Manifest;
}

/** `boba.backup/1`: the manifest, and where the backup is. */
export const backupJson = ({ path, manifest }: ListedBackup): string => safeJson({ ...manifest, path });

/** `boba.backups/1`; `set_aside` where it was looked for. */
export const backupsJson = (backups: readonly ListedBackup[], aside?: readonly SetAside[]): string =>
  safeJson({
    schema: "boba.backups/1",
    backups: backups.map(({ path, manifest }) => ({ ...manifest, path })),
    ...(aside === undefined ? {} : { set_aside: aside }),
  });

export function backupText({ path, manifest }: ListedBackup): string {
  const { facts, packedBytes, isEncrypted, config } = manifest;
  return [
    `backed up to ${printable(path)}`,
    `  ${recordsOf(facts)}, ${costOf(facts)}; ${byteSize(packedBytes)}${isEncrypted ? ", encrypted" : ""}, checked`,
    ...(config.length > 0 ? [`  with ${config.join(", ")}`] : []),
  ].join("\n");
}

/** Oldest first, as they lie in the folder. `when` writes a time in the reader's zone. */
export function backupsTable(backups: readonly ListedBackup[], folder: string, screen: Screen, when: (atMs: number) => string): string {
  if (backups.length === 0) return `No backup in ${printable(folder)}. Make one: boba backup`;
  const column = (title: string, align: Column["align"], drop: number, cell: (manifest: Manifest) => string): Column => ({
    title,
    align,
    drop,
    cells: backups.map(({ manifest }) => cell(manifest)),
  });
  const time = (atMs: number | null) => (atMs === null ? "never" : when(atMs));
  const columns = [
    column("made", "left", 0, ({ createdAtMs }) => when(createdAtMs)),
    column("records", "right", 0, ({ facts }) => groupDigits(facts.rows["usage_records"] ?? 0)),
    column("cost", "right", 0, costOf),
    column("size", "right", 1, ({ packedBytes }) => byteSize(packedBytes)),
    column("verified", "left", 1, ({ verifiedAtMs }) => time(verifiedAtMs)),
    column("drilled", "left", 2, ({ drilledAtMs }) => time(drilledAtMs)),
    column("file", "left", 0, ({ file }) => printable(file)),
  ];
  return [paintFor(screen).accent(printable(folder)), "", ...layoutTable(columns, screen.columns, paintFor(screen))].join("\n");
}

const SET_ASIDE: Readonly<Record<SetAside["kind"], string>> = {
  replaced: "replaced by a restore",
  damaged: "damaged, replaced by a restore",
  newer: "of a newer boba, replaced by a restore",
  "before-upgrade": "copied before an upgrade",
};

/** The lines below the backups; none when nothing was set aside. */
export function setAsideText(aside: readonly SetAside[], nowMs: number): string[] {
  if (aside.length === 0) return [];
  const age = ({ setAsideAtMs }: SetAside) => counted(Math.max(0, Math.floor((nowMs - setAsideAtMs) / 86_400_000)), "day");
  const rows = aside.map((one) => `  ${printable(basename(one.path))}  ${byteSize(one.bytes)}, ${age(one)} old, ${SET_ASIDE[one.kind]}`);
  return ["", "set aside (boba restore takes them too):", ...rows];
}

export function verifiedText(found: {
  path: string;
  manifest: Manifest | null;
  records: number;
  costNanoUsd: string;
  drilled: boolean;
}): string {
  const { path, manifest, records, costNanoUsd, drilled } = found;
  const against = manifest === null ? "sound (it has no manifest to hold it against)" : "sound, and as its manifest says";
  const drill = drilled ? "\n  drill: restored to a folder of its own, balanced, and a report adds up" : "";
  return `${printable(path)} is ${against}\n  ${groupDigits(records)} records, ${formatUsd(Number(costNanoUsd))}${drill}`;
}

export function prunedText(removed: readonly ListedBackup[], dryRun: boolean): string {
  if (removed.length === 0) return "nothing to remove";
  return [`${dryRun ? "would remove" : "removed"} ${removed.length}:`, ...removed.map(({ path }) => `  ${printable(path)}`)].join("\n");
}

export interface RestoredFacts {
  before: LedgerSums | null;
  after: LedgerSums;
  kept: string | null;
  config: readonly string[];
  dryRun: boolean;
}

/** `boba.restore/1`. */
export const restoredJson = (restored: RestoredFacts): string => safeJson({ schema: "boba.restore/1", ...restored });

export function restoredText({ before, after, kept, config, dryRun }: RestoredFacts, withConfig: boolean): string {
  const from = before === null ? "no ledger that can be read" : `${recordsOf(before)}, ${costOf(before)}`;
  return [
    `${dryRun ? "would restore" : "restored"} ${recordsOf(after)}, ${costOf(after)} (before: ${from})`,
    ...(kept === null ? [] : [`  what was there is kept: ${printable(kept)}`]),
    ...(config.length === 0 || withConfig ? [] : [`  also in the backup: ${config.join(", ")} (put them back with --config)`]),
    ...(dryRun ? ["  nothing was changed"] : ["  what agents logged since then is collected with the next command"]),
  ].join("\n");
}

const recordsOf = ({ rows }: LedgerSums): string => counted(rows["usage_records"] ?? 0, "record");

function costOf(sums: LedgerSums | Manifest): string {
  return formatUsd(Number("facts" in sums ? sums.facts.costNanoUsd : sums.costNanoUsd));
}
