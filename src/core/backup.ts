/** What is known of a backup, and which ones to keep. */

/** Stands beside each backup as `<file>.json`. */
export interface Manifest {
  schema: "boba.backup/1";
  /** Name of the backup's file, in the same folder. */
  file: string;
  /** Unix milliseconds. */
  createdAtMs: number;
  kind: "backup";
  bobaVersion: string;
  /** The ledger's schema (`user_version`). */
  ledgerSchema: number;
  facts: LedgerSums;
  plainBytes: number;
  packedBytes: number;
  plainSha256: string;
  packedSha256: string;
  isEncrypted: boolean;
  /** Names of the configuration files that are in it. */
  config: readonly string[];
  /** When it was last unpacked and found to hold what it should, Unix milliseconds. */
  verifiedAtMs: number | null;
  /** When a report was last made from it, Unix milliseconds. */
  drilledAtMs: number | null;
}

/** What a copy of a ledger must have in common with the ledger. */
export interface LedgerSums {
  rows: Readonly<Record<string, number>>;
  /** A whole number as text: sums may be longer than a double is exact. */
  costNanoUsd: string;
  /** Unix milliseconds of the first and last record; null without any. */
  fromMs: number | null;
  toMs: number | null;
}

/** What differs between two ledgers' sums, in words; empty when nothing does. */
export function differences(wanted: LedgerSums, found: LedgerSums): string[] {
  const tables = [...new Set([...Object.keys(wanted.rows), ...Object.keys(found.rows)])].toSorted();
  const rows = tables
    .filter((table) => wanted.rows[table] !== found.rows[table])
    .map((table) => `${table}: ${found.rows[table] ?? 0} rows instead of ${wanted.rows[table] ?? 0}`);
  const cost = wanted.costNanoUsd === found.costNanoUsd ? [] : [`cost: ${found.costNanoUsd} nano-dollars instead of ${wanted.costNanoUsd}`];
  const span = wanted.fromMs === found.fromMs && wanted.toMs === found.toMs ? [] : ["the first or the last record is another"];
  return [...rows, ...cost, ...span];
}

/** How many days, ISO weeks and months keep their newest backup. */
export interface Retention {
  daily: number;
  weekly: number;
  monthly: number;
}

export const DEFAULT_RETENTION: Retention = { daily: 7, weekly: 4, monthly: 12 };

/**
 * The backups that may go. Of each of the last days, weeks and months that have any, the newest stays; so do the newest of all and the newest
 * that was verified. `periodOf` names the local day, week or month of a time.
 */
export function expendable(
  backups: readonly Manifest[],
  retention: Retention,
  periodOf: (atMs: number, unit: "day" | "week" | "month") => string,
): Manifest[] {
  const newestFirst = backups.toSorted((a, b) => b.createdAtMs - a.createdAtMs);
  const kept = new Set<Manifest>(newestFirst.slice(0, 1));
  const verified = newestFirst.find(({ verifiedAtMs }) => verifiedAtMs !== null);
  if (verified !== undefined) kept.add(verified);
  const limits = [
    ["day", retention.daily],
    ["week", retention.weekly],
    ["month", retention.monthly],
  ] as const;
  for (const [unit, limit] of limits) {
    const periods = new Map<string, Manifest>();
    for (const backup of newestFirst) {
      const period = periodOf(backup.createdAtMs, unit);
      if (!periods.has(period)) periods.set(period, backup);
    }
    for (const backup of [...periods.values()].slice(0, limit)) kept.add(backup);
  }
  return newestFirst.filter((backup) => !kept.has(backup));
}

const NAME = /^[\w.-]{1,200}$/;
const HASH = /^[0-9a-f]{64}$/;

/** A manifest as it was read from a file; null when it is none. Every field that is used is checked. */
export function toManifest(value: unknown): Manifest | null {
  const found = value as Partial<Manifest> | null;
  if (typeof found !== "object" || found === null || found.schema !== "boba.backup/1") return null;
  const { file, facts, config } = found;
  const counts = [found.createdAtMs, found.ledgerSchema, found.plainBytes, found.packedBytes];
  const isCount = (count: unknown) => Number.isSafeInteger(count) && (count as number) >= 0;
  if (typeof file !== "string" || !NAME.test(file) || !counts.every(isCount)) return null;
  if (!HASH.test(found.plainSha256 ?? "") || !HASH.test(found.packedSha256 ?? "") || !Array.isArray(config)) return null;
  if (typeof facts !== "object" || facts === null || typeof facts.rows !== "object" || !/^-?\d{1,30}$/.test(facts.costNanoUsd)) return null;
  if (!Object.values(facts.rows ?? {}).every(isCount) || !config.every((name) => typeof name === "string" && NAME.test(name))) return null;
  const time = (at: unknown) => (isCount(at) ? (at as number) : null);
  return {
    ...(found as Manifest),
    kind: "backup",
    bobaVersion: typeof found.bobaVersion === "string" ? found.bobaVersion.slice(0, 40) : "unknown",
    verifiedAtMs: time(found.verifiedAtMs),
    drilledAtMs: time(found.drilledAtMs),
  };
}

/** A ledger that lies beside the backups: what a restore took the place of, or the copy made before an upgrade. */
export interface SetAside {
  /** Absolute. */
  path: string;
  kind: "replaced" | "damaged" | "newer" | "before-upgrade";
  /** Unix milliseconds. */
  setAsideAtMs: number;
  /** With its log, which a damaged one may have. */
  bytes: number;
}

const SET_ASIDE = /^(?:(replaced|damaged|newer)|usage-schema-\d+)(?:-(\d{8}T\d{9}Z)(?:-\d+)?)?\.db$/;

/** What the name of a file tells of a ledger set aside; null when it is none, no time (Unix ms) when the name holds none. */
export function setAsideOf(name: string): { kind: SetAside["kind"]; atMs: number | null } | null {
  const found = SET_ASIDE.exec(name);
  if (found === null) return null;
  const [, what, stamp = ""] = found;
  const kind = (what as Exclude<SetAside["kind"], "before-upgrade"> | undefined) ?? "before-upgrade";
  const atMs = Date.parse(stamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z$/, "$1-$2-$3T$4:$5:$6.$7Z"));
  return { kind, atMs: Number.isNaN(atMs) ? null : atMs };
}
