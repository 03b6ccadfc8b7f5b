/** What `boba db` prints. */
import { counted, formatUsd, groupDigits } from "../core/money.ts";
import { byteSize, printable, safeJson } from "../core/text.ts";
import { isSound, type LedgerCheck, type LedgerInfo, type Recovery } from "../core/upkeep.ts";
import { layoutTable } from "./layout.ts";
import { paintFor, type Screen } from "./paint.ts";

/** `boba.db-info/1`. */
export const infoJson = (info: LedgerInfo): string => safeJson({ ...info, ledgerSchema: info.schema, schema: "boba.db-info/1" });

export function infoText(info: LedgerInfo, screen: Screen, when: (atMs: number) => string): string {
  const { fileBytes, walBytes, freeBytes, firstRecordMs, lastRecordMs } = info;
  const span = firstRecordMs === null || lastRecordMs === null ? "no records" : `${when(firstRecordMs)} to ${when(lastRecordMs)}`;
  const cells = (cell: (table: LedgerInfo["tables"][number]) => string) => info.tables.map(cell);
  const table = layoutTable(
    [
      { title: "table", align: "left", drop: 0, cells: cells(({ name }) => name) },
      { title: "rows", align: "right", drop: 0, cells: cells(({ rows }) => groupDigits(rows)) },
      { title: "size", align: "right", drop: 0, cells: cells(({ bytes }) => byteSize(bytes)) },
    ],
    screen.columns,
    paintFor(screen),
  );
  return [
    printable(info.path),
    `  size      ${byteSize(fileBytes)}, of which ${byteSize(freeBytes)} are free; log ${byteSize(walBytes)}`,
    `  records   ${span}`,
    `  schema    ${info.schema}, SQLite ${info.sqlite}, ${info.journalMode}, pages of ${info.pageBytes} bytes`,
    "",
    ...table,
  ].join("\n");
}

/** `boba.db-check/1`. */
export const checkJson = (check: LedgerCheck): string => safeJson({ schema: "boba.db-check/1", sound: isSound(check), ...check });

export function checkText(check: LedgerCheck): string {
  if (isSound(check)) return `sound: the file (${check.kind} check), its references, and the books balance`;
  return [
    "not sound:",
    ...check.file.map((text) => `  ${printable(text)}`),
    ...check.orphans.map(({ table, rows }) => `  ${groupDigits(rows)} rows of ${table} refer to something that is not there`),
    ...(check.impossible > 0 ? [`  ${groupDigits(check.impossible)} records hold values that no record can have`] : []),
    ...check.faults.map((text) => `  ${text}`),
    ...(check.file.length + check.impossible === 0
      ? ["  see what: boba audit --explain"]
      : ["  save what can be read: boba db recover; or go back: boba backup list"]),
  ].join("\n");
}

/** `boba.db-recover/1`. */
export const recoveryJson = (recovery: Recovery): string => safeJson({ schema: "boba.db-recover/1", ...recovery });

export function recoveryText({ path, method, tables, orphans, doubtful, recordsBefore }: Recovery): string {
  const records = tables.find(({ name }) => name === "usage_records")?.rows ?? 0;
  const damaged = tables.filter(({ gaps }) => gaps > 0).map(({ name, gaps }) => `${name} (${counted(gaps, "gap")})`);
  const of = recordsBefore === null ? "" : ` of ${groupDigits(Math.max(recordsBefore, records))}`;
  return [
    `recovered ${groupDigits(records)}${of} records to ${printable(path)} (${method === "sqlite3" ? "by the sqlite3 program" : "row by row"})`,
    damaged.length === 0
      ? `  no table has a gap that was noticed${recordsBefore === null ? "; no index is left that tells how many records there were" : ""}`
      : `  lost rows in: ${damaged.join(", ")}`,
    ...(doubtful > 0 ? [`  ${groupDigits(doubtful)} records held values that no record can have and were left out`] : []),
    ...(orphans > 0 ? [`  ${groupDigits(orphans)} rows referred to lost ones and went too`] : []),
    "  agents' logs are read again after the restore: what still stands there comes back",
    `next: boba restore ${printable(path)}`,
  ].join("\n");
}

export const vacuumText = ({ before, after }: { before: number; after: number }): string =>
  `${byteSize(before)} before, ${byteSize(after)} now: ${byteSize(Math.max(0, before - after))} given back`;

export interface PrunedFacts {
  beforeS: number;
  records: number;
  costNanoUsd: number;
  archive: string | null;
  finished: { archive: string; records: number } | null;
  dryRun: boolean;
}

/** `boba.db-prune/1`. */
export const prunedJson = ({ beforeS, ...pruned }: PrunedFacts): string =>
  safeJson({ schema: "boba.db-prune/1", before: new Date(beforeS * 1000).toISOString(), ...pruned });

export function prunedRecordsText({ beforeS, records, costNanoUsd, archive, finished, dryRun }: PrunedFacts): string {
  const before = new Date(beforeS * 1000).toISOString().slice(0, 16).replace("T", " ");
  const first =
    finished === null
      ? []
      : [
          `a prune that was interrupted is finished: ${groupDigits(finished.records)} more records out, archive ${printable(finished.archive)}`,
        ];
  if (records === 0) return [...first, `nothing ${finished === null ? "" : "else "}is older than ${before} UTC`].join("\n");
  return [
    ...first,
    `${dryRun ? "would take out" : "took out"} ${groupDigits(records)} records from before ${before} UTC (${formatUsd(costNanoUsd)}); their daily sums stay`,
    ...(archive === null ? [] : [`  archive: ${printable(archive)}`]),
    ...(dryRun ? [] : ["  give the space back: boba db vacuum"]),
  ].join("\n");
}
